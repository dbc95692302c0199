"""CK318: the reference app's tool without what makes it one."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT

MUTATIONS = (
    mutation(
        "CK318",
        "plain-function",
        "days_until",
        Edit(AGENT, "@function_tool\n", ""),
        Edit(AGENT, "from agents import Agent, Model, function_tool, set", "from agents import Agent, Model, set"),
    ),
)
