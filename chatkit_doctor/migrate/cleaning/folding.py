"""Rewrites of the places that use a settled name, so that nothing asks for it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.migrate.cleaning.constants import CONFIGURED, KnownText, chosen, constant_of, is_truthy
from chatkit_doctor.migrate.cleaning.removal import cut_lines, remove_statement, statement_of
from chatkit_doctor.web.tree import field, without_comments
from chatkit_doctor.web.writing.literals import indentation, remove_member

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_EXPRESSIONS = frozenset(
    {
        *("unary_expression", "binary_expression", "ternary_expression", "call_expression", "member_expression"),
        *("parenthesized_expression", "as_expression", "non_null_expression"),
    }
)
_MARKUP = frozenset({"jsx_element", "jsx_fragment"})


def fold(document: Document, node: Node, known: KnownText) -> list[Edit]:
    """Return the edits that settle one use of a name; [] where the use needs the value itself, which is nowhere."""
    top, constant = _widest(document, node, known)
    parent = top.parent
    if constant is None or parent is None:
        return []
    if parent.type in _EXPRESSIONS and (branch := chosen(document, parent, known)) is not None:
        return [Edit(document.location(parent), document.text(branch))]
    return _in_context(document, top, parent, constant)


def _widest(document: Document, node: Node, known: KnownText) -> tuple[Node, str | None]:
    """Return the largest expression around a use that is a constant, and that constant."""
    top, constant = node, constant_of(document, node, known)
    current = node
    while (parent := current.parent) is not None and (parent.type in _EXPRESSIONS or parent.type == "arguments"):
        current = parent
        if current.type != "arguments" and (value := constant_of(document, current, known)) is not None:
            top, constant = current, value
    return top, constant


def _in_context(document: Document, top: Node, parent: Node, constant: str) -> list[Edit]:
    match parent.type:
        case "if_statement":
            return _if(document, parent, constant)
        case "jsx_expression" if parent.parent is not None and parent.parent.type in _MARKUP:
            if constant == CONFIGURED or (is_truthy(constant) and constant != "true"):
                return []
            return [cut_lines(document, parent)]
        case "jsx_expression" if constant != CONFIGURED:
            return [Edit(document.location(parent), f"{{{constant}}}")]
        case "expression_statement":
            return [remove_statement(document, parent)]
        case "pair" if _is_logged(document, parent):
            return remove_member(document, parent)
        case "object" if top.type == "shorthand_property_identifier":
            if _is_logged(document, top):
                return remove_member(document, top)
            return [] if constant == CONFIGURED else [Edit(document.location(top), f"{document.text(top)}: {constant}")]
    return [] if constant == CONFIGURED else [Edit(document.location(top), constant)]


def _if(document: Document, statement: Node, constant: str) -> list[Edit]:
    taken = field(statement, "consequence" if is_truthy(constant) else "alternative")
    if taken is None:
        return [remove_statement(document, statement)]
    if taken.type == "else_clause":
        inner = without_comments(taken)
        taken = inner[0] if inner else taken
    body = _body(document, taken, indentation(document.source, document.location(statement).start))
    return [Edit(document.location(statement), body)] if body else [remove_statement(document, statement)]


def _body(document: Document, taken: Node, outer: str) -> str:
    """Return the statements of a branch as they stand without its braces."""
    if taken.type != "statement_block":
        return document.text(taken)
    lines = document.text(taken)[1:-1].strip("\r\n").splitlines()
    own = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(f"{outer}{line[own:]}" if line.strip() else "" for line in lines).strip()


def _is_logged(document: Document, entry: Node) -> bool:
    """Return whether an entry of an object is only told to the console."""
    expression = statement_of(entry)
    inner = without_comments(expression) if expression.type == "expression_statement" else []
    function = field(inner[0], "function") if inner and inner[0].type == "call_expression" else None
    return function is not None and document.text(function).startswith("console.")
