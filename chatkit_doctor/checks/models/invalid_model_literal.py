"""Find values written in the call that the field refuses."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.absence import severity_of_absence
from chatkit_doctor.backend.models.constructions import constructions
from chatkit_doctor.backend.models.values import Invalid
from chatkit_doctor.checks.models.fixes import (
    invalid_value_fix,
)
from chatkit_doctor.checks.models.words import (
    invalid_help,
    invalid_label,
    invalid_message,
)
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.project import Project


def invalid_model_literal(project: Project) -> Iterator[Finding]:
    """Find values written in the call that the field refuses."""
    for built in constructions(project):
        for problem in built.problems:
            if isinstance(problem, Invalid):
                yield Finding(
                    "CK113",
                    built.module.location(problem.value),
                    invalid_message(built, problem),
                    label=invalid_label(built, problem),
                    help=invalid_help(built, problem),
                    severity=severity_of_absence(project, built.module.source.path),
                    fix=invalid_value_fix(project, built, problem),
                )
