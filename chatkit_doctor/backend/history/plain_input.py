"""Whether a run's input is the new message in another form and nothing else, so that history can take its place.

A prefix, a system message or a retrieved passage that goes with the message is not the doctor's to drop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from chatkit_doctor.backend.history.converters import CONVERTS_ITEMS
from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode
from chatkit_doctor.python.names import BindingKind, Names

_MAX_DEPTH = 12


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
    """Return whether an expression is the message, or text taken out of it, with nothing put beside it."""
    if isinstance(expr, ast.Name):
        if analysis.growth(function).get(expr.id):
            return False
        # A loop over the message's parts, text that grows by them, the parameter itself, a function: all are alone.
        bindings = (each for each in names.lookup(expr.id, expr) if each.kind is BindingKind.ASSIGNMENT)
        parts: Iterable[ast.expr] | None = [each.value for each in bindings if each.value is not None]
    else:
        parts = _made_of(expr)
    return (
        parts is not None
        and depth < _MAX_DEPTH
        and all(is_message_alone(names, function, analysis, each, depth + 1) for each in parts)
    )


def _made_of(expr: ast.expr) -> list[ast.expr] | None:
    """Return what an expression takes its value from, or None for one that puts things together."""
    match expr:
        case ast.Constant() | ast.List(elts=[]):
            return []
        case ast.Await() | ast.NamedExpr() | ast.Attribute() | ast.Subscript():
            return [expr.value]
        case ast.IfExp():
            return [expr.body, expr.orelse]
        case ast.BoolOp():
            return expr.values
        case ast.List(elts=[only]):
            return only.values if isinstance(only, ast.Dict) else [only]
        case ast.Call():
            return [*([expr.func.value] if isinstance(expr.func, ast.Attribute) else []), *expr.args]
        case ast.GeneratorExp() | ast.ListComp():
            return [each.iter for each in expr.generators]
    return None


def _is_conversion(expr: ast.expr, message: str) -> bool:
    match expr:
        case ast.Await(value=inner):
            return _is_conversion(inner, message)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_conversion(body, message) or _is_conversion(orelse, message)
        case ast.Call(func=func, args=[ast.Name(id=given)]):
            name = func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""
            return given == message and name in CONVERTS_ITEMS
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
