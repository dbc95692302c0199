"""CK316: the reference app's model by LiteLLM's name alone."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT

MUTATIONS = (
    mutation(
        "CK316",
        "name-of-litellm",
        '"gemini/gemini-3.5-flash-lite"',
        Edit(AGENT, "model=build_model(settings)", 'model="gemini/gemini-3.5-flash-lite"'),
    ),
)
