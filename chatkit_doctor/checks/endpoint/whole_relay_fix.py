"""The fix that has a route of the page's server pass on an answer as it comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.pairs.relays import WholeRelay
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.tree import walk

if TYPE_CHECKING:
    from tree_sitter import Node

_ANSWERS = regex(r"(?:new\s+)?(?P<class>NextResponse|Response)\b")


def passing_fix(found: WholeRelay) -> Fix | None:
    """Return the fix that answers with the body; None where the route does more with what it reads."""
    document = found.document
    answer = _ANSWERS.match(document.text(found.returned))
    statement = _statement(found) if found.kept is not None else None
    if answer is None or (found.kept is not None and (statement is None or _uses(found) != 2)):
        return None
    name = found.answer
    type_ = f"{name}.headers.get('Content-Type') ?? 'application/json'"
    body = f"new {answer['class']}({name}.body, {{ status: {name}.status, headers: {{ 'Content-Type': {type_} }} }})"
    edits = [Edit(document.location(found.returned), body)]
    if statement is not None:
        at, source = document.location(statement), document.source
        start = source.line_start(at.first.line)
        end = source.line_start(at.last.line) + len(source.line(at.last.line)) + len(source.newline)
        if source.text[start : at.start].strip() or source.text[at.end : end].strip(" ;\r\n"):
            return None
        edits.append(Edit(source.location(start, min(end, len(source.text))), ""))
    return Fix("pass the answer on as it comes in", Applicability.UNSAFE, lambda: edits)


def _statement(found: WholeRelay) -> Node | None:
    """Return the statement that declares what was read and nothing else."""
    declarator = found.read.parent.parent if found.read.parent is not None else None
    statement = declarator.parent if declarator is not None else None
    is_alone = statement is not None and len(statement.named_children) == 1
    return statement if statement is not None and statement.type == "lexical_declaration" and is_alone else None


def _uses(found: WholeRelay) -> int:
    named = (each for each in walk(found.function) if each.type in {"identifier", "shorthand_property_identifier"})
    return sum(found.document.text(each) == found.kept for each in named)
