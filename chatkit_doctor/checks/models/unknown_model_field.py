"""Find fields that a model does not have, which pydantic drops without a word."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.models.constructions import constructions
from chatkit_doctor.backend.models.field_edits import name_location
from chatkit_doctor.backend.models.values import UnknownField
from chatkit_doctor.checks.absence import severity_of_absence
from chatkit_doctor.checks.models.fixes import (
    meant_by,
    unexplained_fields,
    unknown_field_fix,
)
from chatkit_doctor.checks.models.words import (
    unknown_help,
    unknown_message,
)
from chatkit_doctor.contracts.mistakes import loses_what_matters
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.finding import Finding, SeenAs, Severity
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import is_none


def unknown_model_field(app: App) -> Iterator[Finding]:
    """Find fields that a model does not have, which pydantic drops without a word."""
    for built in constructions(app):
        path = built.module.source.path
        for problem in unexplained_fields(built):
            breaks = loses_what_matters(problem.owner.name) and not is_none(problem.given.value)
            is_error = breaks and severity_of_absence(app, path, CHATKIT) is None
            yield Finding(
                "CK112",
                name_location(built.module, problem.given),
                unknown_message(app, built, problem),
                label="dropped without a word",
                help=unknown_help(problem),
                severity=Severity.ERROR if is_error else None,
                seen_as=_seen_as(problem),
                fix=unknown_field_fix(app, built, problem),
            )


def _seen_as(unknown: UnknownField) -> SeenAs | None:
    """Return what is seen of a value that is lost where that can be told: a list without its entries."""
    meant = meant_by(unknown.owner, unknown.fields, unknown.given)
    lost = unknown.owner.fields.get(meant.field) if meant is not None and meant.field is not None else None
    is_list = lost is not None and not isinstance(lost.type, str) and "list" in lost.type
    return SeenAs("empty", {"name": unknown.given.name}) if is_list else None
