"""The code that the fix of CK410 writes: the branch that removes a saved id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.checks.threads.storage_text import key_text, semicolon
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.threads.null_thread import Fate, NullThread
from chatkit_doctor.frontend.threads.storage import StorageCall
from chatkit_doctor.source import Location
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.tree import field, without_comments
from chatkit_doctor.web.writing.literals import indent_unit, indentation, starts_line

if TYPE_CHECKING:
    from tree_sitter import Node

_NOTHING = frozenset({"null", "undefined", "void 0"})


def clearing_fix(call: StorageCall, found: NullThread) -> Fix | None:
    """Return the fix that removes the saved id where there is no thread, for the usual ways to save it."""
    edit = _unguarded(call) if found.fate is Fate.WRITTEN else _guarded(call, found.guard)
    if edit is None:
        return None
    made = edit

    def build() -> Sequence[Edit]:
        return [made]

    return Fix("remove the saved id when there is no thread", Applicability.UNSAFE, build)


def _unguarded(call: StorageCall) -> Edit | None:
    """Make two branches of a call that saves whatever there is."""
    return _two_branches(call, call.node, call.document.text(unwrapped(call.arguments[1])))


def _guarded(call: StorageCall, guard: Node | None) -> Edit | None:
    if guard is None:
        return None
    condition = field(guard, "condition") or field(guard, "left")
    if guard.type == "if_statement" and _leaves_before(call, guard):
        return _before_leaving(call, guard)
    if guard.type == "if_statement":
        return _else_branch(call, guard)
    if guard.type == "ternary_expression":
        return _other_result(call, guard)
    if guard.type == "binary_expression" and condition is not None and field(guard, "right") == call.node:
        operator = field(guard, "operator")
        is_and = operator is not None and operator.type == "&&"
        return _two_branches(call, guard, call.document.text(condition)) if is_and else None
    return None


def _two_branches(call: StorageCall, node: Node, condition: str) -> Edit | None:
    """Write `if … else …` for a statement, a ternary for the body of an arrow function."""
    document, parent = call.document, node.parent
    saving, removing = document.text(call.node), _removal(call, node)
    if parent is not None and parent.type == "arrow_function" and field(parent, "body") == node:
        return Edit(document.location(node), f"{condition} ? {saving} : {removing}")
    if parent is None or parent.type != "expression_statement":
        return None
    # Up to the call: the statement may go on with a semicolon, without one with a comment.
    at = document.source.location(document.location(parent).start, document.location(node).end)
    return Edit(at, f"if ({condition}) {_before_else(document, at, saving + semicolon(document))}else {removing}")


def _else_branch(call: StorageCall, guard: Node) -> Edit | None:
    branch = field(guard, "consequence")
    if branch is None or branch.end_byte < call.node.end_byte or field(guard, "alternative") is not None:
        return None
    document = call.document
    source = document.source
    at = document.location(guard)
    outer = indentation(source, at.start)
    removal = f"{_removal(call, guard)}{semicolon(document)}"
    if branch.type != "statement_block":
        return Edit(at, f"{_before_else(document, at, at.text)}else {removal}")
    if branch.start_point.row == branch.end_point.row:
        text = f" else {{ {removal} }}"
    else:
        inner = f"{source.newline}{outer}{indent_unit(source)}"
        text = f" else {{{inner}{removal}{source.newline}{outer}}}"
    return Edit(source.location(at.end, at.end), text)


def _before_else(document: Document, at: Location, statement: str) -> str:
    """Return a statement with what parts it from an `else`: its own line where the `if` has one, else a semicolon."""
    source = document.source
    if starts_line(source, at.start) or "//" in statement:
        return f"{statement}{source.newline}{indentation(source, at.start)}"
    return f"{statement.removesuffix(';')}; "


def _other_result(call: StorageCall, guard: Node) -> Edit | None:
    other = field(guard, "alternative")
    if other is None or field(guard, "consequence") != call.node or call.document.text(other) not in _NOTHING:
        return None
    return Edit(call.document.location(other), _removal(call, guard))


def _leaves_before(call: StorageCall, guard: Node) -> bool:
    return guard.end_byte <= call.node.start_byte


def _before_leaving(call: StorageCall, guard: Node) -> Edit | None:
    """Remove the id in the `if` that returns early, where a bare `return` is all that it does."""
    branch = field(guard, "consequence")
    statements = without_comments(branch) if branch is not None and branch.type == "statement_block" else [branch]
    only = statements[0] if len(statements) == 1 else None
    if branch is None or only is None or only.type != "return_statement" or without_comments(only):
        return None
    document = call.document
    source = document.source
    outer = indentation(source, document.location(guard).start)
    removal = f"{_removal(call, guard)}{semicolon(document)}"
    start = document.location(only).start
    if only is not branch and branch.start_point.row != branch.end_point.row:
        gap = f"{source.newline}{indentation(source, start)}"
        return Edit(source.location(start, start), f"{removal}{gap}")
    if not starts_line(source, document.location(guard).start) and "//" not in document.text(branch):
        return Edit(document.location(branch), f"{{ {removal.removesuffix(';')}; {document.text(only)} }}")
    inner = f"{source.newline}{outer}{indent_unit(source)}"
    text = f"{{{inner}{removal}{inner}{document.text(only)}{source.newline}{outer}}}"
    return Edit(document.location(branch), text)


def _removal(call: StorageCall, at: Node) -> str:
    return f"{call.receiver}.removeItem({key_text(call.document, at, call)})"
