"""CK104: the reference app's imports from openai-agents, by the name of its distribution or of what it lacks."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

_IMPORT = "from agents import Agent, Runner, TResponseInputItem"

MUTATIONS = (
    mutation(
        "CK104",
        "distribution",
        "openai_agents",
        Edit(SERVER, _IMPORT, _IMPORT.replace("from agents", "from openai_agents")),
    ),
    mutation(
        "CK104",
        "name-of-chatkit",
        "AgentContext",
        Edit(SERVER, _IMPORT, "from agents import Agent, AgentContext, Runner, TResponseInputItem"),
        Edit(SERVER, "from chatkit.agents import AgentContext, s", "from chatkit.agents import s"),
    ),
)
