"""Find fields that a model does not have, which pydantic drops without a word."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.absence import severity_of_absence
from chatkit_doctor.backend.models.constructions import constructions
from chatkit_doctor.backend.models.field_edits import name_location
from chatkit_doctor.checks.models.fixes import (
    unexplained_fields,
    unknown_field_fix,
)
from chatkit_doctor.checks.models.words import (
    unknown_help,
    unknown_message,
)
from chatkit_doctor.contracts.literals import is_none
from chatkit_doctor.contracts.mistakes import loses_what_matters
from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.project.app import App


def unknown_model_field(app: App) -> Iterator[Finding]:
    """Find fields that a model does not have, which pydantic drops without a word."""
    for built in constructions(app):
        path = built.module.source.path
        for problem in unexplained_fields(built):
            breaks = loses_what_matters(problem.owner.name) and not is_none(problem.given.value)
            is_error = breaks and severity_of_absence(app, path) is None
            yield Finding(
                "CK112",
                name_location(built.module, problem.given),
                unknown_message(app, built, problem),
                label="dropped without a word",
                help=unknown_help(problem),
                severity=Severity.ERROR if is_error else None,
                fix=unknown_field_fix(app, built, problem),
            )
