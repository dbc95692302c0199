"""The edits by which a handler that is there already keeps the open thread as well, before all else that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.checks.threads.storage_text import semicolon
from chatkit_doctor.finding import Edit
from chatkit_doctor.web.evaluation.values import FunctionValue
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field, without_comments
from chatkit_doctor.web.writing.literals import indent_unit, indentation, starts_line

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.source import Source
    from chatkit_doctor.web.document import Document

_THREAD = "threadId"


def saving_edits(handler: FunctionValue, storage: str, key: str) -> list[Edit]:
    """Return the edits that save or remove the thread first; [] where the handler does not take it in a known way."""
    document, body = handler.document, field(handler.node, "body")
    thread = thread_of(document, handler.node)
    if body is None or thread is None:
        return []
    source, end = document.source, semicolon(document)
    outer = indentation(source, document.location(handler.node).start)
    inner = _inner(document, body, outer)
    lines = (
        f"{source.newline}{inner}if ({thread}) {storage}.setItem({key}, {thread}){end}"
        f"{source.newline}{inner}else {storage}.removeItem({key}){end}"
    )
    at = document.location(body)
    if body.type != "statement_block":
        return [Edit(at, f"{{{lines}{source.newline}{inner}{at.text}{end}{source.newline}{outer}}}")]
    if body.start_point.row != body.end_point.row:
        return [Edit(source.location(at.start + 1, at.start + 1), lines)]
    said = at.text[1:-1].strip()
    return [Edit(at, f"{{{lines}{f'{source.newline}{inner}{said}' if said else ''}{source.newline}{outer}}}")]


def thread_of(document: Document, function: Node) -> str | None:
    """Return what the id of the thread is in a handler of the hook: `threadId` or `event.threadId`."""
    single = field(function, "parameter")
    parameters = field(function, "parameters")
    taken = [single] if single is not None else without_comments(parameters) if parameters is not None else []
    if len(taken) != 1:
        return None
    pattern = field(taken[0], "pattern") or taken[0]
    if pattern.type == "identifier":
        # What is taken for the id itself is mended first, and asked of again then.
        is_taken_for_id = document.text(pattern).lower().endswith("id") or "string" in document.text(taken[0])
        return None if is_taken_for_id else f"{document.text(pattern)}.{_THREAD}"
    for member in pattern.named_children if pattern.type == "object_pattern" else ():
        if member.type == "shorthand_property_identifier_pattern" and document.text(member) == _THREAD:
            return _THREAD
        key, value = field(member, "key"), field(member, "value")
        is_it = key is not None and key_text(document, key) == _THREAD
        if is_it and value is not None and value.type == "identifier":
            return document.text(value)
    return None


def _inner(document: Document, body: Node, outer: str) -> str:
    """Return the indentation of the statements of a function."""
    source: Source = document.source
    first = next(iter(body.named_children), None) if body.type == "statement_block" else None
    if first is not None and starts_line(source, document.location(first).start):
        return indentation(source, document.location(first).start)
    return f"{outer}{indent_unit(source)}"
