"""Find a model that its provider has switched off, or says it will."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.agents.model_names import ModelName, model_names, model_parameters
from chatkit_doctor.contracts.dates import today
from chatkit_doctor.contracts.retired_models import RetiredModel, end_of
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, Severity
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined


def retired_model(app: App) -> Iterator[Finding]:
    """Find a model that its provider has switched off, or says it will."""
    for each in model_names(app):
        known = end_of(each.provider, each.name)
        if known is not None:
            yield _finding(each, known, [name for name in known.refused if name in model_parameters(app)])


def _finding(model: ModelName, known: RetiredModel, refused: list[str]) -> Finding:
    """Return the finding about a model. refused: what a model of the app is given and its successor may refuse."""
    has_ended = today() >= known.ends
    then = f"; {known.answered_by} answers for it from then on" if known.answered_by else ""
    wanted = f"{model.prefix}{known.successor}" if known.successor else None
    return Finding(
        "CK608",
        model.at,
        f"{model.written} {'was' if has_ended else 'is to be'} switched off by {known.provider.name} "
        f"on {known.ends.isoformat()}{then}",
        label="gone" if has_ended and not then else "going",
        help=_help(known, wanted, refused) if wanted else _look(known),
        severity=Severity.ERROR if has_ended and not then else Severity.WARNING,
        why=_why(known, has_ended=has_ended),
        fix=Fix(f"use {wanted}", Applicability.UNSAFE, lambda: [Edit(model.at, wanted)])
        if wanted and not refused
        else None,
    )


def _help(known: RetiredModel, wanted: str, refused: list[str]) -> str:
    instead = f"use {wanted}, which {known.provider.name} names in its place"
    return f"{instead}; see first where the app sets {joined(refused)}, which it may refuse" if refused else instead


def _why(known: RetiredModel, *, has_ended: bool) -> str:
    if known.answered_by:
        return "Another model answers then, at its own price and with other parameters."
    return "" if has_ended else "From that day on each call of the model ends in an error."


def _look(known: RetiredModel) -> str:
    return f"use a model for which {known.provider.name} has announced no end"
