"""Find values written in the call that the field refuses."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.models.constructions import constructions
from chatkit_doctor.backend.models.values import Invalid
from chatkit_doctor.checks.absence import severity_of_absence
from chatkit_doctor.checks.models.fixes import (
    invalid_value_fix,
)
from chatkit_doctor.checks.models.words import (
    invalid_help,
    invalid_label,
    invalid_message,
    invalid_seen_as,
)
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App


def invalid_model_literal(app: App) -> Iterator[Finding]:
    """Find values written in the call that the field refuses."""
    for built in constructions(app):
        for problem in built.problems:
            if isinstance(problem, Invalid):
                yield Finding(
                    "CK113",
                    built.module.location(problem.value),
                    invalid_message(built, problem),
                    label=invalid_label(built, problem),
                    help=invalid_help(built, problem),
                    severity=severity_of_absence(app, built.module.source.path, CHATKIT),
                    seen_as=invalid_seen_as(built, problem),
                    fix=invalid_value_fix(app, built, problem),
                )
