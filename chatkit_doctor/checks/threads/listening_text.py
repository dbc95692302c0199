"""The code that fixes write to hear which thread is open, and to keep its id in a storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.checks.threads.storage_text import semicolon
from chatkit_doctor.contracts.web_names import THREAD_EVENT
from chatkit_doctor.finding import Edit
from chatkit_doctor.frontend.options.sites import OptionsSite
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.tree import field
from chatkit_doctor.web.writing.literals import braced, indent_unit, indentation, quoted

if TYPE_CHECKING:
    from tree_sitter import Node


def saving_function(
    document: Document, parameters: str, thread: str, storage: str, key: str, outer: str, *before: str
) -> str:
    """Return the handler that saves or removes the thread; `before` are statements that it starts with."""
    inner, end = f"{outer}{indent_unit(document.source)}", semicolon(document)
    lines = (
        f"{parameters} => {{",
        *(f"{inner}{statement}{end}" for statement in before),
        f"{inner}if ({thread}) {storage}.setItem({key}, {thread}){end}",
        f"{inner}else {storage}.removeItem({key}){end}",
        f"{outer}}}",
    )
    return document.source.newline.join(lines)


def receiver_of(site: OptionsSite) -> tuple[Node, str] | None:
    """Return the statement of a `setOptions` call and what it is called on, with the dot (`chat.`, `chat?.`)."""
    arguments = site.node.parent
    call = arguments.parent if arguments is not None else None
    statement = call.parent if call is not None else None
    function = field(call, "function") if call is not None else None
    owner = field(function, "object") if function is not None else None
    name = field(function, "property") if function is not None else None
    if statement is None or statement.type != "expression_statement" or owner is None or owner.type != "identifier":
        return None
    document = site.document
    if name is None:
        return None
    return statement, document.source.text[document.location(owner).start : document.location(name).start]


def listener_edits(site: OptionsSite, storage: str, key: str) -> list[Edit]:
    """Return the edits that add a listener of the event behind a call of `setOptions`; [] where there is no place."""
    found = receiver_of(site)
    if found is None:
        return []
    statement, owner = found
    document = site.document
    source = document.source
    at = document.location(statement)
    outer = indentation(source, at.start)
    if not document.is_javascript(site.node):
        # Most have the element as an HTMLElement, whose events TypeScript knows no detail of.
        detail = "const { threadId } = (event as CustomEvent<{ threadId: string | null }>).detail"
        handler = saving_function(document, "(event)", "threadId", storage, key, outer, detail)
    else:
        handler = saving_function(document, f"({braced(document, 'detail')})", "detail.threadId", storage, key, outer)
    event = quoted(document, THREAD_EVENT)
    text = f"{source.newline}{outer}{owner}addEventListener({event}, {handler}){semicolon(document)}"
    return [Edit(source.location(at.end, at.end), text)]
