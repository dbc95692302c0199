"""Reading the saved thread once for a React component: state with a first value, and the import that it needs.

useChatKit hands options to the element again whenever one of them has another value, so a value that is read
anew at each rendering would not do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.checks.threads.storage_text import semicolon
from chatkit_doctor.finding import Edit
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.tree import FUNCTIONS, field
from chatkit_doctor.web.writing.inserted_names import free_name, imported
from chatkit_doctor.web.writing.literals import above_comments, indentation

if TYPE_CHECKING:
    from tree_sitter import Node

_STATE = "savedThread"
_HOOK = "useState"
_HOOK_NAME = regex(r"use[A-Z]\w*")


def state_edits(site: OptionsSite, document: Document, node: Node, reading: str, number: int) -> tuple[str, list[Edit]]:
    """Return the name of a state that holds the thread, and the edits that read it there.

    "" and [] where the call is not in the body of a component. node: what the options are written at. number: which
    of the file's sets of options this is (from 0), so that two of them get names of their own in one round.
    """
    statement = statement_in_component(node)
    if site.kind is not SiteKind.HOOK or statement is None:
        return "", []
    name = free_name(document, f"{_STATE}{number + 1}" if number else _STATE)
    hook, edits = imported(document, "react", _HOOK, node, other="useReactState")
    source = document.source
    start = above_comments(document, statement)
    line = f"const [{name}] = {hook}(() => {reading}){semicolon(document)}"
    gap = f"{source.newline}{indentation(source, start)}"
    return name, [*edits, Edit(source.location(start, start), f"{line}{gap}")]


def may_hold_state(document: Document, node: Node, call: Node) -> bool:
    """Return whether React lets a hook be called where options are written: in what calls useChatKit, or in a hook.

    A callback of another hook and a function that anybody may call at any time are no such places. call: what
    useChatKit is given, in the same document.
    """
    callers = functions_around(document, call)
    statement = statement_in_component(node)
    if statement is None:
        return any(each in callers for each in functions_around(document, node))
    function = next(iter(functions_around(document, statement)), None)
    return function is not None and (function in callers or _is_hook(document, function))


def _is_hook(document: Document, function: Node) -> bool:
    holder = function.parent
    name = field(function, "name") or (field(holder, "name") if holder is not None else None)
    return name is not None and _HOOK_NAME.fullmatch(document.text(name)) is not None


def statement_in_component(node: Node) -> Node | None:
    """Return the statement around a node that stands directly in the body of a function."""
    current: Node | None = node
    while current is not None and current.type not in FUNCTIONS:
        parent = current.parent
        if parent is not None and parent.type == "statement_block":
            function = parent.parent
            return current if function is not None and function.type in FUNCTIONS else None
        current = parent
    return None
