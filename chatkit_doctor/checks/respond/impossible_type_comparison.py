"""Find comparisons of a `type` with what no member of the union has, so that the branch never runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.models.type_comparisons import ImpossibleType, impossible_types
from chatkit_doctor.contracts.element import details
from chatkit_doctor.contracts.mistakes import meant_value
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.frontend.events.types import ImpossibleEvent, impossible_events
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import walk
from chatkit_doctor.words import joined, last_part, nearest_few


def impossible_type_comparison(app: App) -> Iterator[Finding]:
    """Find comparisons of a `type` with what no member of the union has, so that the branch never runs."""
    yield from _in_python(app)
    yield from _on_the_page(app)


def _in_python(app: App) -> Iterator[Finding]:
    for found in impossible_types(app):
        written = joined([repr(each.value) for each in found.literals], "or")
        yield Finding(
            "CK320",
            found.module.location(found.node),
            f"no {last_part(found.shape.name)} has the type {written}",
            label="never true" if found.is_never_true else "always true",
            help=f"compare with {joined(_near(found), 'or')}",
            seen_as=SeenAs("dropped" if found.is_never_true else "taken"),
            fix=_fix(found),
        )


def _on_the_page(app: App) -> Iterator[Finding]:
    for found in impossible_events(app):
        yield Finding(
            "CK320",
            found.document.location(found.node),
            f"no event that a listener of {found.event} hears has the type {found.written!r}",
            label="never true" if found.is_never_true else "always true",
            help=_listening(found),
            seen_as=SeenAs("dropped" if found.is_never_true else "taken"),
        )


def _listening(found: ImpossibleEvent) -> str:
    if found.written in details():
        return f"listen to {found.written} as well, with addEventListener"
    return f"leave the comparison out: the type is always {found.event}"


def _near(found: ImpossibleType) -> list[str]:
    if right := _meant(found):
        return [repr(right)]
    near = nearest_few(str(found.literals[0].value), found.possible)
    return [repr(each) for each in (near or found.possible[:3])]


def _meant(found: ImpossibleType) -> str | None:
    """Return the type that was meant: the only one that there is, or the one that people mean by such a literal."""
    if len(found.literals) != 1:
        return None
    if len(found.possible) == 1:
        return found.possible[0]
    value = meant_value(found.literals[0].value, found.possible)
    return value if isinstance(value, str) else None


def _fix(found: ImpossibleType) -> Fix | None:
    right = _meant(found)
    if right is None or _has_branch(found, right):
        return None
    at = found.module.location(found.literals[0])
    quote = at.text[0] if at.text[0] in "\"'" else '"'
    edit = Edit(at, f"{quote}{right}{quote}")
    return Fix(f"compare with {right!r}", Applicability.SAFE, lambda: (edit,))


def _has_branch(found: ImpossibleType, right: str) -> bool:
    """Return whether another case of the same `match` is for the type that was meant."""
    match = next((each for each in found.module.ancestors(found.node) if isinstance(each, ast.Match)), None)
    if match is None or isinstance(found.node, ast.Compare):
        return False
    return any(
        isinstance(each, ast.Constant) and each.value == right for case in match.cases for each in walk(case.pattern)
    )
