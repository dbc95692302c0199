"""CK317: MCP servers for the reference app's agent, which nothing connects: one for all turns, one of each turn."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT
from tests.mutations.rows import SERVER

_RUN = "        result = Runner.run_streamed(self._agent, agent_input, context=agent_context)\n"
_RUN_WITH_FILES = """\
        files = MCPServerStdio(params={"command": sys.executable, "args": [FILES]})
        agent = Agent[AgentContext[RequestContext]](name="Assistant", model=self._agent.model, mcp_servers=[files])
        result = Runner.run_streamed(agent, agent_input, context=agent_context)
"""
# A server of no tools, in the least that the protocol asks for.
_SERVER = """\
import json
import sys

for line in sys.stdin:
    asked = json.loads(line)
    if "id" in asked:
        told = {"tools": []}
        if asked["method"] == "initialize":
            told = {
                "protocolVersion": asked["params"]["protocolVersion"],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "files", "version": "1"},
            }
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": told}), flush=True)
"""

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
    mutation(
        "CK317",
        "of-a-turn",
        "files",
        Edit(SERVER, _RUN, _RUN_WITH_FILES),
        Edit(
            SERVER,
            "from agents import Agent, Runner, TResponseInputItem\n",
            "from agents import Agent, Runner, TResponseInputItem\nfrom agents.mcp import MCPServerStdio\n",
        ),
        Edit(SERVER, "import logging\n", "import logging\nimport sys\n"),
        Edit(
            SERVER,
            "from collections.abc import AsyncIterator\n",
            "from collections.abc import AsyncIterator\nfrom pathlib import Path\n",
        ),
        Edit(
            SERVER, "TITLE_LENGTH = 40\n", 'TITLE_LENGTH = 40\nFILES = str(Path(__file__).with_name("file_tools.py"))\n'
        ),
        Edit("backend/app/file_tools.py", None, _SERVER),
    ),
)
