"""CK319: a tool that OpenAI runs on the reference app's agent, whose model LiteLLM calls."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT

MUTATIONS = (
    mutation(
        "CK319",
        "web-search",
        "WebSearchTool",
        Edit(AGENT, "tools=[days_until]", "tools=[days_until, WebSearchTool()]"),
        Edit(AGENT, "from agents import Agent, Model, f", "from agents import Agent, Model, WebSearchTool, f"),
        fixable=False,
    ),
)
