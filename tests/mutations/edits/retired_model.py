"""CK608 in the reference app: models that are gone, or are to go."""

from __future__ import annotations

from chatkit_doctor.finding import Severity
from tests.mutations.app import Edit, mutation

AGENT = "backend/app/agent.py"
_MODEL = "LitellmModel(model=settings.model, base_url=settings.base_url, api_key=settings.api_key)"

MUTATIONS = (
    mutation(
        "CK608",
        "gone",
        "anthropic/claude-3-sonnet-20240229",
        Edit(AGENT, _MODEL, 'LitellmModel(model="anthropic/claude-3-sonnet-20240229", api_key=settings.api_key)'),
        severity=Severity.ERROR,
    ),
    mutation(
        "CK608",
        "going",
        "openai/gpt-4o",
        Edit(AGENT, _MODEL, "LitellmModel(model=MODEL, api_key=settings.api_key)"),
        Edit(AGENT, 'INSTRUCTIONS = "You are', 'MODEL = "openai/gpt-4o"\nINSTRUCTIONS = "You are'),
    ),
)
