"""What becomes of a saved id when the thread is null: does the statement that saves it run then."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.threads.handlers import Save
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import field, walk, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

_PLAIN = frozenset({"identifier", "member_expression"})
_NOTHING = frozenset({"null", "undefined"})
_EQUAL = frozenset({"==", "==="})
_UNEQUAL = frozenset({"!=", "!=="})


class Fate(StrEnum):
    """What a call that saves the id does when there is no thread."""

    SKIPPED = "skipped"
    WRITTEN = "written"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NullThread:
    """The fate, and the node that decides it.

    guard: for SKIPPED the `if`, the ternary or the `&&`, or the `if` that returns early; None if another file
        or more than one condition decides.
    """

    fate: Fate
    guard: Node | None = None


_UNKNOWN = NullThread(Fate.UNKNOWN)


def when_null(save: Save) -> NullThread:
    """Return what becomes of a saved id when the thread is null."""
    call = save.call
    found = _at(call.document, call.node, save.function, call.arguments[1])
    if found.fate is not Fate.WRITTEN or save.call_site is None:
        return found
    document, site = save.call_site
    # The function saves whatever it is given; whether it is given null, its caller decides.
    handed = call_arguments(site)
    if len(handed) != 1:
        return _UNKNOWN
    return NullThread(_at(document, site, save.handler, handed[0]).fate)


def is_thread(document: Document, node: Node, names: frozenset[str]) -> bool:
    """Return whether an expression is the id itself, not something made of it."""
    plain = unwrapped(node)
    return plain.type in _PLAIN and _last_name(document, plain) in names


def subject_names(document: Document, value: Node) -> frozenset[str]:
    """Return the names under which the id of a saved value goes: its own, and that of what it was taken from."""
    return frozenset(_subject_names(document, value))


def _at(document: Document, node: Node, function: Node, value: Node) -> NullThread:
    names = subject_names(document, value)
    child, parent = node, node.parent
    while parent is not None and child != function:
        found = _decided_by(document, parent, child, names)
        if found is not None:
            return found
        child, parent = parent, parent.parent
    plain = unwrapped(value)
    return NullThread(Fate.WRITTEN) if plain.type in _PLAIN else _UNKNOWN


def _decided_by(document: Document, parent: Node, child: Node, names: frozenset[str]) -> NullThread | None:
    """Return what one node around the call decides, None where it says nothing of the thread."""
    match parent.type:
        case "if_statement" | "ternary_expression":
            condition = field(parent, "condition")
            if condition is None or child == condition:
                return None
            return _branch(document, parent, condition, names, runs_if=child == field(parent, "consequence"))
        case "binary_expression":
            left, operator = field(parent, "left"), field(parent, "operator")
            if left is None or operator is None or child == left or operator.type not in {"&&", "||"}:
                return None
            return _branch(document, parent, left, names, runs_if=operator.type == "&&")
        case "statement_block" | "program":
            return _early_return(document, parent, child, names)
    return None


def _branch(
    document: Document, guard: Node, condition: Node, names: frozenset[str], *, runs_if: bool
) -> NullThread | None:
    if not _mentions(document, condition, names):
        return None
    parts = list(_parts(condition, "&&" if runs_if else "||"))
    if any(_holds_only_with(document, part, names, with_thread=runs_if) for part in parts):
        return NullThread(Fate.SKIPPED, guard if len(parts) == 1 else None)
    return _UNKNOWN


def _early_return(document: Document, block: Node, child: Node, names: frozenset[str]) -> NullThread | None:
    leaving = _early_returns(document, block)
    guards = (leaving[name] for name in names if name in leaving)
    first = min(guards, key=lambda each: each.start_byte, default=None)
    condition = field(first, "condition") if first is not None and first.start_byte < child.start_byte else None
    if first is None or condition is None:
        return None
    return _branch(document, first, condition, names, runs_if=False)


# A block may be long, and save often.
@remembered
def _early_returns(document: Document, block: Node) -> dict[str, Node]:
    """Return the first `if` of a block that leaves it, by each name that its condition mentions."""
    found: dict[str, Node] = {}
    for each in without_comments(block):
        condition = field(each, "condition") if each.type == "if_statement" else None
        if condition is not None and field(each, "alternative") is None and _leaves(field(each, "consequence")):
            for word in _words(document, condition):
                found.setdefault(word, each)
    return found


def _leaves(branch: Node | None) -> bool:
    last = branch
    if branch is not None and branch.type == "statement_block":
        last = (without_comments(branch) or [branch])[-1]
    return last is not None and last.type in {"return_statement", "throw_statement"}


def _parts(condition: Node, operator: str) -> Iterator[Node]:
    """Yield the conditions that are joined by `&&` (or `||`)."""
    pending = [condition]
    while pending:
        node = unwrapped(pending.pop())
        joined = field(node, "operator") if node.type == "binary_expression" else None
        left, right = field(node, "left"), field(node, "right")
        if joined is not None and joined.type == operator and left is not None and right is not None:
            pending += [right, left]
        else:
            yield node


def _holds_only_with(document: Document, node: Node, names: frozenset[str], *, with_thread: bool) -> bool:
    """Return whether a condition is true exactly with a thread, or exactly without one."""
    node = unwrapped(node)
    if node.type == "unary_expression":
        operator, argument = field(node, "operator"), field(node, "argument")
        is_negation = operator is not None and operator.type == "!" and argument is not None
        return is_negation and _holds_only_with(document, argument or node, names, with_thread=not with_thread)
    if node.type == "binary_expression":
        operator = field(node, "operator")
        wanted = _UNEQUAL if with_thread else _EQUAL
        sides = [side for side in (field(node, "left"), field(node, "right")) if side is not None]
        nothing = [side for side in sides if document.text(side) in _NOTHING]
        subject = [side for side in sides if is_thread(document, side, names)]
        return operator is not None and operator.type in wanted and len(nothing) == 1 and len(subject) == 1
    if node.type == "call_expression":
        function, arguments = field(node, "function"), call_arguments(node)
        is_cast = function is not None and document.text(function) == "Boolean" and len(arguments) == 1
        return with_thread and is_cast and is_thread(document, arguments[0], names)
    return with_thread and is_thread(document, node, names)


def _mentions(document: Document, node: Node, names: frozenset[str]) -> bool:
    return any(word in names for word in _words(document, node))


def _words(document: Document, node: Node) -> Iterator[str]:
    return (document.text(each) for each in walk(node) if each.type in {"identifier", "property_identifier"})


def _subject_names(document: Document, value: Node) -> Iterator[str]:
    value = unwrapped(value)
    if value.type == "member_expression":
        yield _last_name(document, value)
        return
    for each in walk(value):
        binding = lookup(document, each) if each.type in {"identifier", "shorthand_property_identifier"} else None
        if binding is None:
            continue
        yield document.text(each)
        initial = field(binding.declaration, "value")
        plain = unwrapped(initial) if initial is not None and binding.path == () else None
        if plain is not None and plain.type in _PLAIN:
            yield _last_name(document, plain)


def _last_name(document: Document, node: Node) -> str:
    return document.text(field(node, "property") or node)
