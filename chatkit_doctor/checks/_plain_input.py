"""Whether a run's input is the new message in another form and nothing else, so that history can take its place.

A prefix, a system message or a retrieved passage that goes with the message is not the doctor's to drop.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from chatkit_doctor.checks._origins import Analysis
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode
from chatkit_doctor.python.names import Binding, Kind, Names

_MAX_DEPTH = 12
CONVERTERS = frozenset({"simple_to_agent_input", "to_agent_input"})


def converted_message(function: FunctionNode, message: str) -> ast.Assign | None:
    """Return the one statement that makes model input of the message, when it does so by a converter of the SDK's."""
    found = [
        node
        for node in own_nodes(function)
        if isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and _is_conversion(node.value, message)
    ]
    return found[0] if len(found) == 1 and _is_only_assignment(function, found[0]) else None


def is_message_alone(names: Names, function: FunctionNode, analysis: Analysis, expr: ast.expr, depth: int = 0) -> bool:
    """Tell whether an expression is the message, or text taken out of it, with nothing put beside it."""

    def alone(*exprs: ast.expr) -> bool:
        return depth < _MAX_DEPTH and all(
            is_message_alone(names, function, analysis, each, depth + 1) for each in exprs
        )

    match expr:
        case ast.Constant():
            return True
        case ast.Name():
            if analysis.growth(function).get(expr.id):
                return False
            bindings = names.lookup(expr.id, expr)
            return all(_is_alone_binding(each, alone) for each in bindings)
        case ast.Await(value=inner) | ast.NamedExpr(value=inner) | ast.Attribute(value=inner):
            return alone(inner)
        case ast.Subscript(value=inner):
            return alone(inner)
        case ast.IfExp(body=body, orelse=orelse):
            return alone(body, orelse)
        case ast.BoolOp(values=values):
            return alone(*values)
        case ast.Call(func=func, args=args):
            receiver = [func.value] if isinstance(func, ast.Attribute) else []
            return alone(*receiver, *args)
        case ast.List(elts=[ast.Dict(values=values)]):
            return alone(*values)
        case ast.List(elts=[]):
            return True
        case ast.List(elts=[only]):
            return alone(only)
        case ast.GeneratorExp(generators=generators) | ast.ListComp(generators=generators):
            return alone(*(each.iter for each in generators))
    return False


def _is_alone_binding(binding: Binding, alone: Callable[..., bool]) -> bool:
    if binding.kind is Kind.ASSIGNMENT and binding.value is not None:
        return alone(binding.value)
    # A loop over the message's parts, text that grows by them, the parameter itself, a function.
    return True


def _is_conversion(expr: ast.expr, message: str) -> bool:
    match expr:
        case ast.Await(value=inner):
            return _is_conversion(inner, message)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_conversion(body, message) or _is_conversion(orelse, message)
        case ast.Call(func=func, args=[ast.Name(id=given)]):
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            return given == message and name in CONVERTERS
    return False


def _is_only_assignment(function: FunctionNode, statement: ast.Assign) -> bool:
    target = statement.targets[0]
    assert isinstance(target, ast.Name)
    stores = [
        node
        for node in own_nodes(function)
        if isinstance(node, ast.Name) and node.id == target.id and isinstance(node.ctx, ast.Store)
    ]
    return len(stores) == 1
