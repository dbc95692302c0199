"""CK313: the reference app with a tool of the browser's after which its agent goes on."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT
from tests.mutations.edits.unguarded_none_input import CLIENT_TOOL, SURE_RUN

MUTATIONS = (
    mutation(
        "CK313",
        "goes-on",
        "selected_rows",
        Edit(AGENT, "tools=[days_until]", "tools=[days_until, selected_rows]"),
        *CLIENT_TOOL[:1],
        Edit(AGENT, "from agents import Agent, Model, f", "from agents import Agent, Model, RunContextWrapper, f"),
        CLIENT_TOOL[2],
        SURE_RUN,
    ),
)
