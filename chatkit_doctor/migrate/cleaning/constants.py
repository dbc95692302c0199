"""What an expression comes to once some names are settled: those of a loading state, of a key that is now the server's.

A constant is the text of a literal, or CONFIGURED: some text that is not empty and stands in no program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chatkit_doctor.web.tree import field, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

CONFIGURED = "<configured>"
_FALSY = frozenset({"false", "null", "undefined", "0", '""', "''", "``"})
_NOTHING = frozenset({"null", "undefined"})
_TRANSPARENT = frozenset({"parenthesized_expression", "as_expression", "non_null_expression", "satisfies_expression"})
# What asks of a text whether it is one.
_ASKED = frozenset({"trim", "toString"})
_DENIED = frozenset({"startsWith", "includes", "endsWith"})

KnownText = Callable[["Node"], str | None]


def is_truthy(constant: str) -> bool:
    """Return whether a constant counts as true."""
    return constant not in _FALSY


def constant_of(document: Document, node: Node, known: KnownText) -> str | None:
    """Return what an expression comes to; None where that hangs on anything else.

    known: returns what a name or a member expression is, or None.
    """
    if (found := known(node)) is not None:
        return found
    match node.type:
        case "true" | "false" | "null" | "undefined" | "number" | "string":
            return document.text(node)
        case kind if kind in _TRANSPARENT:
            inner = without_comments(node)
            return constant_of(document, inner[0], known) if inner else None
        case "unary_expression" if node.children[0].type == "!":
            argument = field(node, "argument")
            value = constant_of(document, argument, known) if argument is not None else None
            return None if value is None else _text(not is_truthy(value))
        case "binary_expression":
            return _binary(document, node, known)
        case "ternary_expression":
            branch = chosen(document, node, known)
            return constant_of(document, branch, known) if branch is not None else None
        case "call_expression":
            return _call(document, node, known)
    return None


def chosen(document: Document, node: Node, known: KnownText) -> Node | None:
    """Return the branch that a ternary, `&&`, `||` or `??` comes to; None where it is not known."""
    if node.type == "ternary_expression":
        condition = field(node, "condition")
        value = constant_of(document, condition, known) if condition is not None else None
        return None if value is None else field(node, "consequence" if is_truthy(value) else "alternative")
    left, right, operator = _operands(document, node)
    if left is None or right is None:
        return None
    first = constant_of(document, left, known)
    if first is not None:
        takes_right = {"&&": is_truthy(first), "||": not is_truthy(first), "??": first in _NOTHING}.get(operator)
        return None if takes_right is None else (right if takes_right else left)
    second = constant_of(document, right, known)
    if second is None or second == CONFIGURED:
        return None
    # `x && true` in a condition is x, and so is `x || false`.
    drops = (operator == "&&" and is_truthy(second)) or (operator == "||" and second in {"false", *_NOTHING})
    return left if drops and _is_condition(node) else None


def _binary(document: Document, node: Node, known: KnownText) -> str | None:
    left, right, operator = _operands(document, node)
    if left is None or right is None:
        return None
    first = constant_of(document, left, known)
    second = constant_of(document, right, known)
    if operator in {"===", "!==", "==", "!="}:
        if first is None or second is None:
            return None
        is_same = first == second and CONFIGURED not in {first, second}
        return _text(is_same is operator.startswith("="))
    if first is not None and (branch := chosen(document, node, known)) is not None:
        return first if branch == left else second
    if operator == "&&" and second is not None and not is_truthy(second) and _is_condition(node):
        return "false"
    if operator == "||" and second is not None and is_truthy(second) and _is_condition(node):
        return "true"
    return None


def _call(document: Document, node: Node, known: KnownText) -> str | None:
    function, arguments = field(node, "function"), field(node, "arguments")
    given = without_comments(arguments) if arguments is not None else []
    if function is None:
        return None
    if document.text(function) == "Boolean" and len(given) == 1:
        value = constant_of(document, given[0], known)
        return None if value is None else _text(is_truthy(value))
    owner, method = field(function, "object"), field(function, "property")
    value = constant_of(document, owner, known) if owner is not None else None
    if value != CONFIGURED or method is None:
        return None
    name = document.text(method)
    if name in _DENIED:
        return _text(bool(given) and document.text(given[0]).strip("'\"`") == "wf_")
    return CONFIGURED if name in _ASKED else None


def _operands(document: Document, node: Node) -> tuple[Node | None, Node | None, str]:
    operator = field(node, "operator")
    return field(node, "left"), field(node, "right"), document.text(operator) if operator is not None else ""


def _is_condition(node: Node) -> bool:
    """Return whether only the truth of an expression matters where it stands."""
    current = node
    while (parent := current.parent) is not None:
        match parent.type:
            case "parenthesized_expression":
                owner = parent.parent
                if owner is not None and owner.type in {"if_statement", "while_statement"}:
                    return True
            case "ternary_expression":
                return field(parent, "condition") == current
            case "unary_expression":
                return parent.children[0].type == "!"
            case "binary_expression":
                if field(parent, "left") == current and parent.children[1].type == "&&":
                    return _is_condition(parent) or _in_markup(parent)
                if parent.children[1].type not in {"&&", "||"}:
                    return False
            case _:
                return False
        current = parent
    return False


def _in_markup(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "jsx_expression"


def _text(truth: bool) -> str:
    return "true" if truth else "false"
