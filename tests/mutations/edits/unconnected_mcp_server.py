"""CK317: an MCP server for the reference app's agent, which nothing connects."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT

MUTATIONS = (
    mutation(
        "CK317",
        "not-connected",
        "files",
        Edit(AGENT, "tools=[days_until]", "tools=[days_until], mcp_servers=[files]"),
        Edit(
            AGENT,
            'INSTRUCTIONS = "',
            'files = MCPServerStdio(params={"command": "files"})\n\nINSTRUCTIONS = "',
        ),
        Edit(
            AGENT,
            "from agents.extensions.models.litellm_model import LitellmModel\n",
            "from agents.extensions.models.litellm_model import LitellmModel\nfrom agents.mcp import MCPServerStdio\n",
        ),
        fixable=False,
    ),
)
