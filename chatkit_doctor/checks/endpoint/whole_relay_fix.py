"""The fix that has a route of the page's server pass on an answer as it comes in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.pairs.relays import WholeRelay
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.tree import walk

if TYPE_CHECKING:
    from tree_sitter import Node

_HEADERS = regex(r"\bheaders\b|\.\.\.")
# A type of content that is written out, or all of the headers of the answer.
_TYPE = regex(r"content-type|\bheaders\s*:\s*\w+\.headers\b", re.IGNORECASE)
_ANSWERS = regex(r"(?:new\s+)?(?P<class>NextResponse|Response)\b")


def passing_fix(found: WholeRelay) -> Fix | None:
    """Return the fix that answers with the body; None where the route does more with what it reads."""
    document = found.document
    answer = _ANSWERS.match(document.text(found.returned))
    statement = _statement(found) if found.kept is not None else None
    edits = _answer_edits(found, answer["class"]) if answer is not None else []
    if not edits or (found.kept is not None and (statement is None or _uses(found) != 2)):
        return None
    if statement is not None:
        at, source = document.location(statement), document.source
        start = source.line_start(at.first.line)
        end = source.line_start(at.last.line) + len(source.line(at.last.line)) + len(source.newline)
        if source.text[start : at.start].strip() or source.text[at.end : end].strip(" ;\r\n"):
            return None
        edits.append(Edit(source.location(start, min(end, len(source.text))), ""))
    return Fix("pass the answer on as it comes in", Applicability.UNSAFE, lambda: edits)


def _answer_edits(found: WholeRelay, kind: str) -> list[Edit]:
    """Return the edits that answer with the body; [] where headers of the route's own could not be kept."""
    document, name = found.document, found.answer
    made = unwrapped(found.returned)
    given = call_arguments(made)
    init = given[1] if len(given) > 1 else None
    written = document.text(init) if init is not None else ""
    if init is not None and (init.type != "object" or _HEADERS.search(written)):
        keeps_type = made.type == "new_expression" and _TYPE.search(written) is not None
        return [Edit(document.location(given[0]), f"{name}.body")] if keeps_type else []
    type_ = f"{name}.headers.get('Content-Type') ?? 'application/json'"
    body = f"new {kind}({name}.body, {{ status: {name}.status, headers: {{ 'Content-Type': {type_} }} }})"
    return [Edit(document.location(found.returned), body)]


def _statement(found: WholeRelay) -> Node | None:
    """Return the statement that declares what was read and nothing else."""
    declarator = found.read.parent.parent if found.read.parent is not None else None
    statement = declarator.parent if declarator is not None else None
    is_alone = statement is not None and len(statement.named_children) == 1
    return statement if statement is not None and statement.type == "lexical_declaration" and is_alone else None


def _uses(found: WholeRelay) -> int:
    named = (each for each in walk(found.function) if each.type in {"identifier", "shorthand_property_identifier"})
    return sum(found.document.text(each) == found.kept for each in named)
