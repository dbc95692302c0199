"""CK317: MCP servers for the reference app's agent, which nothing connects: one for all turns, one of each turn."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT
from tests.mutations.rows import SERVER

_RUN = "        result = Runner.run_streamed(self._agent, agent_input, context=agent_context)\n"
_RUN_WITH_FILES = """\
        files = MCPServerStdio(params={"command": "files"})
        agent = Agent[AgentContext[RequestContext]](name="Assistant", model=self._agent.model, mcp_servers=[files])
        result = Runner.run_streamed(agent, agent_input, context=agent_context)
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
    ),
)
