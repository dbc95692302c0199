"""CK310: the reference app with a tool of the browser's, and a log line that takes the message for granted."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT
from tests.mutations.rows import SERVER

TOOL = '''\
@function_tool
async def selected_rows(ctx: RunContextWrapper[AgentContext[RequestContext]]) -> None:
    """Ask the browser which rows are selected."""
    ctx.context.client_tool_call = ClientToolCall(name="selected_rows", arguments={})


def build_agent('''
CLIENT_TOOL = (
    Edit(AGENT, "def build_agent(", TOOL),
    Edit(
        AGENT,
        "from agents import Agent, Model, f",
        "from agents import Agent, Model, RunContextWrapper, StopAtTools, f",
    ),
    Edit(
        AGENT, "from chatkit.agents import AgentContext\n", "from chatkit.agents import AgentContext, ClientToolCall\n"
    ),
)
# The app ends a turn without any input early, which this one never does.
SURE_RUN = Edit(SERVER, "        if not agent_input:\n            return\n", "")
STOPS = "tools=[days_until, selected_rows], tool_use_behavior=StopAtTools(stop_at_tool_names=[selected_rows.name])"

MUTATIONS = (
    mutation(
        "CK310",
        "log-line",
        "input_user_message.id",
        Edit(
            SERVER,
            "        if input_user_message and not thread.title:\n",
            '        logger.info("to answer: %s", input_user_message.id)\n'
            "        if input_user_message and not thread.title:\n",
        ),
        *CLIENT_TOOL,
        Edit(AGENT, "tools=[days_until]", STOPS),
    ),
)
