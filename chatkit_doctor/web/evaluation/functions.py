"""What a function of the project gives for the arguments of one call, and what its parameters are in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    FunctionValue,
    UndefinedValue,
    UnknownValue,
    Value,
    choice,
)
from chatkit_doctor.web.tree import field, returned_nodes, without_comments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation


def arguments_of(evaluation: Evaluation, document: Document, nodes: Sequence[Node]) -> tuple[list[Value], bool]:
    """Return the values of a call's arguments up to the first that is spread, and whether these are all."""
    values: list[Value] = []
    for node in nodes:
        if node.type == "spread_element":
            return values, False
        values.append(evaluation.evaluate(document, node))
    return values, True


def result(
    evaluation: Evaluation,
    function: Value,
    document: Document,
    node: Node,
    arguments: Sequence[Value] = (),
    *,
    are_all: bool = True,
) -> Value:
    """Return what a function of the project gives for some arguments, asked for at a node."""
    if not isinstance(function, FunctionValue) or is_deferred(function.node):
        return UnknownValue(document, node, "result of a call")
    results = returned_nodes(function.node)
    if not results:
        return UnknownValue(document, node, "result of a call")
    inside = evaluation.inside(function, given(function, arguments, are_all=are_all))
    return choice(document, node, tuple(inside.evaluate(function.document, each) for each in results))


def given(function: FunctionValue, arguments: Sequence[Value], *, are_all: bool = True) -> Mapping[int, Value]:
    """Return what the parameters of a function, by the id of their nodes, are for some arguments."""
    found: dict[int, Value] = {}
    document = function.document
    for index, parameter in enumerate(parameter_nodes(function.node)):
        if _is_rest(parameter):
            found[parameter.id] = ArrayValue(document, parameter, tuple(arguments[index:]), complete=are_all)
        elif index < len(arguments):
            found[parameter.id] = arguments[index]
        else:
            missing = UndefinedValue(document, parameter)
            found[parameter.id] = missing if are_all else UnknownValue(document, parameter, "spread into a call")
    return found


def parameter_nodes(function: Node) -> list[Node]:
    """Return the parameters of a function."""
    single, listed = field(function, "parameter"), field(function, "parameters")
    found = [single] if single is not None else without_comments(listed) if listed is not None else []
    return [each for each in found if (field(each, "pattern") or each).type != "this"]


def parameter_default(parameter: Node) -> Node | None:
    """Return what a parameter is where a call leaves it out."""
    pattern = field(parameter, "pattern") or parameter
    return field(pattern, "right") if pattern.type == "assignment_pattern" else field(parameter, "value")


def is_deferred(function: Node) -> bool:
    """Return whether a call of a function gives a promise or a generator."""
    return "generator" in function.type or any(child.type in {"async", "*"} for child in function.children)


def _is_rest(parameter: Node) -> bool:
    pattern = field(parameter, "pattern") or parameter
    return pattern.type == "rest_pattern"
