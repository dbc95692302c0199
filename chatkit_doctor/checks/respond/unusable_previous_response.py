"""Find runs that count on OpenAI to remember, where it cannot."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.history.previous_responses import UnusableResponse, unusable_responses
from chatkit_doctor.contracts.sdk.agents import store_settings
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def unusable_previous_response(app: App) -> Iterator[Finding]:
    """Find runs that count on OpenAI to remember, where it cannot."""
    for found in unusable_responses(app):
        fact, label, help_, why, seen = _words(found)
        yield Finding(
            "CK315",
            found.run.module.location(found.value),
            fact,
            label=label,
            help=help_,
            why=why,
            seen_as=SeenAs(seen),
        )


def _words(found: UnusableResponse) -> tuple[str, str, str, str, str]:
    name = found.name
    if found.model is not None:
        written = found.model.module.location(found.model.expr)
        where = "" if found.model.module is found.run.module else f" of {written.path.name}"
        return (
            f"the {written.text.split('(')[0].strip()}{where} does nothing with {name}",
            "left out of the request",
            "run the agent on the newest stored items of the thread, or give it a model of the Responses API",
            "Through Chat Completions each request is by itself, so that the model sees one message at a time.",
            "forgets",
        )
    assert found.store is not None
    at = found.store.module.location(found.store.expr)
    store = store_settings().store
    return (
        f"{name} goes by a stored response, and {at.path.name}:{at.first.line} says {store}=False",
        "of a response that is not stored",
        f"leave {store}=False out, or run the agent on the newest stored items of the thread",
        "OpenAI finds no such response, so that the second turn of each thread ends with an error.",
        "refused",
    )
