"""Whether a condition holds where one of the values was chosen that a variable can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.conditions import around
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.evaluation.truth import truthiness
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    BooleanValue,
    FunctionValue,
    NullValue,
    NumberValue,
    ObjectValue,
    StringValue,
    UndefinedValue,
    Value,
)
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import field, is_within, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.scopes import ScopedName

_EQUAL = frozenset({"===", "=="})
_UNEQUAL = frozenset({"!==", "!="})
_NOTHING = frozenset({"null", "undefined"})
# What an expression is in, where it is the value of a variable as it stands.
_BRANCHES = frozenset({"ternary_expression", "binary_expression", "parenthesized_expression", "as_expression"})
_MAX_HOPS = 4


def holds(document: Document, condition: Node, value: Value) -> bool | None:
    """Return whether a condition holds where a value was chosen; None where that is not known."""
    node = unwrapped(condition)
    if (known := _asked(document, node, value)) is not None:
        return known
    if node.type == "unary_expression" and (argument := field(node, "argument")) is not None:
        inner = holds(document, argument, value)
        return None if inner is None or node.children[0].type != "!" else not inner
    if node.type == "binary_expression":
        return _binary(document, node, value)
    if node.type == "identifier" and _is_variable_of(document, node, value):
        return truthiness(value)
    if node.type == "call_expression" and document.text(field(node, "function") or node) == "Boolean":
        arguments = field(node, "arguments")
        given = without_comments(arguments) if arguments is not None else []
        return holds(document, given[0], value) if given else None
    return None


def _binary(document: Document, node: Node, value: Value) -> bool | None:
    left, operator, right = field(node, "left"), field(node, "operator"), field(node, "right")
    if left is None or operator is None or right is None:
        return None
    if operator.type in {"&&", "||"}:
        known = {holds(document, left, value), holds(document, right, value)}
        decides = operator.type == "||"
        return decides if decides in known else None if None in known else not decides
    if operator.type not in _EQUAL | _UNEQUAL:
        return None
    for name, other in ((left, right), (right, left)):
        if unwrapped(name).type == "identifier" and _is_variable_of(document, unwrapped(name), value):
            same = _equals(document, value, unwrapped(other), loosely=len(operator.type) == 2)
            return None if same is None else same is (operator.type in _EQUAL)
    return None


def _equals(document: Document, value: Value, literal: Node, *, loosely: bool) -> bool | None:
    """Return whether a value is what a literal says; None where one of the two is not known."""
    text = document.text(literal)
    is_known = isinstance(
        value,
        ArrayValue
        | BooleanValue
        | FunctionValue
        | NullValue
        | NumberValue
        | ObjectValue
        | StringValue
        | UndefinedValue,
    )
    if not is_known:
        return None
    if text in _NOTHING:
        is_nothing = isinstance(value, NullValue | UndefinedValue)
        exactly = isinstance(value, NullValue if text == "null" else UndefinedValue)
        return is_nothing if loosely else exactly
    match literal.type:
        case "string" | "template_string":
            known = string_text(document, literal)
            return None if known is None else isinstance(value, StringValue) and value.text == known
        case "object" | "array" | "arrow_function":
            return False
        case "true" | "false":
            return isinstance(value, BooleanValue) and value.truth is (literal.type == "true")
        case "number":
            return None if isinstance(value, NumberValue) else False
    return None


def _asked(document: Document, condition: Node, value: Value) -> bool | None:
    """Return whether a condition holds by which a value was chosen, or the contrary of one."""
    if value.document is not document:
        return None
    plain, sense = _plain(document, condition)
    for each in around(value.node):
        asked, asked_sense = _plain(document, each.node)
        if each.holds is not None and asked == plain:
            return each.holds is (sense is asked_sense)
    return None


def _plain(document: Document, condition: Node) -> tuple[str, bool]:
    """Return the text of a condition without `!` and parentheses, and whether it is asked for as it is."""
    node, sense = unwrapped(condition), True
    while node.type == "unary_expression" and node.children[0].type == "!":
        node, sense = unwrapped(field(node, "argument") or node), not sense
    return document.text(node), sense


def _is_variable_of(document: Document, identifier: Node, value: Value) -> bool:
    """Return whether a variable is a value where that was chosen, maybe by way of other variables."""
    binding = lookup(document, identifier)
    for _ in range(_MAX_HOPS):
        if binding is None or value.document is not document or binding.path != ():
            return False
        sources = _sources(binding)
        if any(_is_branch(value.node, source) for source in sources):
            return True
        copied = unwrapped(sources[0]) if len(sources) == 1 else None
        binding = lookup(document, copied) if copied is not None and copied.type == "identifier" else None
    return False


def _sources(binding: ScopedName) -> list[Node]:
    """Return the expressions that a variable gets its values from."""
    initial = field(binding.declaration, "value")
    written = [each.values[0] for each in binding.writes if each.is_of_name and each.values]
    return [*([initial] if initial is not None else []), *written]


def _is_branch(node: Node, whole: Node) -> bool:
    """Return whether an expression has the value of a part of it, where a condition in it chooses that."""
    if not is_within(node, whole):
        return False
    current, child = node, node
    while current != whole:
        parent = current.parent
        if parent is None or (current is not node and current.type not in _BRANCHES):
            return False
        child, current = current, parent
        if current.type == "ternary_expression" and child == field(current, "condition"):
            return False
    return current.type in _BRANCHES or current == node
