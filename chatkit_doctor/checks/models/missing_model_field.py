"""Find models built without a required field, or with fields given by position."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.models.constructions import Construction, constructions
from chatkit_doctor.backend.models.values import Missing
from chatkit_doctor.checks.absence import severity_of_absence
from chatkit_doctor.checks.models.fixes import (
    missing_field_fix,
    positional_fix,
)
from chatkit_doctor.checks.models.words import (
    missing_help,
    missing_message,
)
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.contracts.sdk.models import UnionContract
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import last_part


def missing_model_field(app: App) -> Iterator[Finding]:
    """Find models built without a required field, or with fields given by position."""
    for built in constructions(app):
        path = built.module.source.path
        if built.positional:
            yield Finding(
                "CK111",
                built.module.location(built.positional[0]),
                f"{built.module.location(built.class_).text} takes its fields by name only",
                label="given by position",
                help="name the field",
                severity=severity_of_absence(app, path, CHATKIT),
                seen_as=SeenAs("positional", {"given": str(len(built.positional) + 1)}),
                why="pydantic's models take no arguments by position, so a TypeError is raised where it is built.",
                fix=positional_fix(built),
            )
        for problem in built.problems:
            if isinstance(problem, Missing):
                is_call = problem.fields.node is built.call
                yield Finding(
                    "CK111",
                    built.module.location(built.class_ if is_call else problem.fields.node),
                    missing_message(built, problem),
                    label="fails with a ValidationError",
                    help=missing_help(problem),
                    severity=severity_of_absence(app, path, CHATKIT),
                    seen_as=_seen_as(built, problem),
                    fix=missing_field_fix(app, built, problem),
                )


def _seen_as(built: Construction, missing: Missing) -> SeenAs:
    """Return pydantic's words: of the error, which is about the model that is built, the line on the first field."""
    names = {"model": last_part(built.model.name), "field": missing.names[0]}
    return SeenAs("tag" if isinstance(missing.owner, UnionContract) else "field", names)
