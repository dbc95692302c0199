"""Find values written in the call that the field refuses."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.history.message_parts import MessagePart, refused_message_parts
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
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App

_APIS = {"responses": "the Responses API", "chat completions": "openai-agents, for Chat Completions,"}
_REFUSALS = {"responses": "part", "chat completions": "unknown"}


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
    for part in refused_message_parts(app):
        yield _refused(part)


def _refused(part: MessagePart) -> Finding:
    at = part.module.location(part.type)
    who = "the assistant" if part.role == "assistant" else f"the {part.role}"
    meant = part.meant if part.is_only_role else None
    instead = f"write {part.meant!r} {'there' if meant else f'where {who} says it'}" if part.meant else None
    return Finding(
        "CK113",
        at,
        f"{_APIS[part.api]} takes no part of the type {at.text} in a message of {who}",
        label=f"in what the model is given of {who}",
        help=instead or "give the text itself as the content, not a list of parts",
        seen_as=SeenAs(_REFUSALS[part.api], {"type": str(part.type.value)}),
        why="The request is refused, and the turn ends in an error.",
        fix=Fix(f"write {meant!r}", Applicability.SAFE, lambda: [Edit(at, _requoted(at.text, meant))])
        if meant
        else None,
    )


def _requoted(text: str, value: str) -> str:
    """Return a text in the quotes of another one."""
    # Before the first of them may stand a letter, as in `u"text"`.
    return f"{text[-1]}{value}{text[-1]}"
