"""CK604 in the reference app: an old Agents SDK beside a new client, and a module that is gone."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation, mutation
from tests.mutations.edits.wrong_package import REQUIREMENTS

MUTATIONS = (
    mutation(
        "CK604",
        "agents",
        "openai-agents[litellm]==0.6.2",
        Edit(REQUIREMENTS, "openai-agents[litellm]>=0.6,<1", "openai-agents[litellm]==0.6.2"),
        fixable=False,
    ),
    Mutation(
        "CK604",
        "mcp",
        (
            Edit(
                "backend/app/tools.py",
                None,
                'from mcp.server.fastmcp import FastMCP\n\ntools = FastMCP("tools")\n',
            ),
        ),
        path="backend/app/tools.py",
        marked="mcp.server.fastmcp",
        fixable=False,
    ),
)
