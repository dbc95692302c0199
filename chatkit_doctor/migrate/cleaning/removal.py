"""Edits that take a statement out of a program, with its lines, the comments on it, and what stands empty then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.web.tree import field, walk, without_comments
from chatkit_doctor.web.writing.literals import starts_line

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_EFFECTS = frozenset({"useEffect", "useLayoutEffect"})
# What may be left out when nothing hangs on it: reading these does nothing.
_PURE = frozenset(
    {
        *("identifier", "property_identifier", "member_expression", "unary_expression", "binary_expression"),
        *("parenthesized_expression", "string", "string_fragment", "true", "false", "null", "undefined", "number"),
    }
)


def remove_statement(document: Document, statement: Node) -> Edit:
    """Take a statement out, and what would stand empty around it: an `if` that only asked, an effect."""
    return cut_lines(document, _with_what_is_emptied(document, statement))


def statement_of(node: Node) -> Node:
    """Return the statement that a node stands in."""
    current = node
    while current.parent is not None and current.parent.type not in {"program", "statement_block", "switch_case"}:
        current = current.parent
    return current


def cut_lines(document: Document, statement: Node) -> Edit:
    """Delete a node with the rest of its lines, the comments right above it, and one of two blank lines."""
    source, at = document.source, document.location(statement)
    text, start, end = source.text, at.start, at.end
    for comment in _comments_above(document, statement):
        start = document.location(comment).start
    while end < len(text) and text[end] in " \t;":
        end += 1
    if text.startswith("//", end):
        while end < len(text) and text[end] not in "\r\n":
            end += 1
    alone = starts_line(source, start) and (end == len(text) or text[end] in "\r\n")
    if not alone:
        return Edit(source.location(start, end), "")
    start = source.line_start(source.position(start).line)
    end = _past_line_end(text, end)
    if _is_blank_above(text, start) and (
        end == len(text) or text[end] in "\r\n" or text[end:].lstrip(" \t")[:1] == "}"
    ):
        start = _line_above(text, start)
    elif _opens_above(text, start) and text[end : end + 1] in {"\r", "\n"}:
        end = _past_line_end(text, end)
    return Edit(source.location(start, end), "")


def _with_what_is_emptied(document: Document, statement: Node) -> Node:
    current = statement
    if current.parent is not None and current.parent.type == "export_statement":
        current = current.parent
    while (owner := _emptied_owner(document, current)) is not None:
        current = owner
    return current


def _emptied_owner(document: Document, statement: Node) -> Node | None:
    """Return the `if` or the effect that holds nothing but a statement; None where it does more."""
    parent = statement.parent
    block = parent if parent is not None and parent.type == "statement_block" else None
    if block is not None and len(without_comments(block)) > 1:
        return None
    holder = block.parent if block is not None else parent
    if holder is None:
        return None
    if holder.type == "if_statement" and field(holder, "alternative") is None:
        condition = field(holder, "condition")
        is_body = field(holder, "consequence") in {block, statement}
        return holder if is_body and condition is not None and _is_pure(condition) else None
    if block is not None and holder.type in {"arrow_function", "function_expression"}:
        return _effect(document, holder)
    return None


def _effect(document: Document, function: Node) -> Node | None:
    arguments = function.parent
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    name = field(call, "function") if call is not None else None
    if call is None or name is None or document.text(name).rpartition(".")[2] not in _EFFECTS:
        return None
    statement = call.parent
    return statement if statement is not None and statement.type == "expression_statement" else None


def _is_pure(condition: Node) -> bool:
    return all(node.type in _PURE for node in walk(condition))


def _comments_above(document: Document, statement: Node) -> list[Node]:
    """Return the comments that stand right above a statement, without a blank line, from the nearest up."""
    found: list[Node] = []
    below = statement
    while (above := below.prev_named_sibling) is not None and above.type == "comment":
        starts = starts_line(document.source, document.location(above).start)
        if below.start_point.row - above.end_point.row != 1 or not starts:
            break
        found.append(above)
        below = above
    return found


def _past_line_end(text: str, offset: int) -> int:
    if text.startswith("\r\n", offset):
        return offset + 2
    return offset + 1 if offset < len(text) else offset


def _line_above(text: str, start: int) -> int:
    return text.rfind("\n", 0, start - 1) + 1


def _is_blank_above(text: str, start: int) -> bool:
    return start > 0 and not text[_line_above(text, start) : start].strip()


def _opens_above(text: str, start: int) -> bool:
    return (
        start == 0 or text[_line_above(text, start) : start].rstrip()[-1:] in {"{", "("} or _is_blank_above(text, start)
    )
