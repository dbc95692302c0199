"""What a call is given, by position, by name, or in a dict that is unpacked into it."""

from __future__ import annotations

import ast

from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import Module


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """Return a call's argument by position or keyword, None where it has none or unpacks what comes before."""
    given = call.args[: position + 1]
    if len(given) == position + 1 and not any(isinstance(each, ast.Starred) for each in given):
        return given[position]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def keywords_of(app: App, module: Module, call: ast.Call) -> dict[str, ast.expr] | None:
    """Return what a call is given by name; None where something is unpacked whose names cannot be told."""
    found: dict[str, ast.expr] = {}
    for keyword in call.keywords:
        if keyword.arg is not None:
            found[keyword.arg] = keyword.value
            continue
        entries = entries_of(app, module, keyword.value)
        if entries is None:
            return None
        found |= entries
    return found


def entries_of(app: App, module: Module, expr: ast.expr) -> dict[str, ast.expr] | None:
    """Return the entries of a dict that a function writes down, those that it adds by a constant key included."""
    made = list(app.flow.sources(module, expr))
    if len(made) != 1 or made[0].module is not module:
        return None
    found = _named(made[0].expr)
    if found is None or not isinstance(expr, ast.Name):
        return found
    function = module.enclosing_function(expr)
    for node in own_nodes(function) if function else ():
        if not (isinstance(node, ast.Name) and node.id == expr.id) or node is expr:
            continue
        parent = module.parents[node]
        if isinstance(node.ctx, ast.Store):
            continue
        added = _added(module, parent)
        if added is None:
            return None
        found |= added
    return found


def _named(expr: ast.expr) -> dict[str, ast.expr] | None:
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == "dict" and not expr.args:
        given = [(each.arg, each.value) for each in expr.keywords]
    elif isinstance(expr, ast.Dict):
        given = [(_text(key), value) for key, value in zip(expr.keys, expr.values, strict=True)]
    else:
        return None
    return None if any(name is None for name, _ in given) else {name: value for name, value in given if name}


def _added(module: Module, use: ast.AST) -> dict[str, ast.expr] | None:
    """Return what `kwargs["key"] = value` adds, nothing for a use that only reads, None for any other."""
    if isinstance(use, ast.keyword):
        return {}
    if not isinstance(use, ast.Subscript) or (key := _text(use.slice)) is None:
        return None
    if isinstance(use.ctx, ast.Load):
        return {}
    assignment = module.parents[use]
    return {key: assignment.value} if isinstance(assignment, ast.Assign) else None


def _text(expr: ast.expr | None) -> str | None:
    return expr.value if isinstance(expr, ast.Constant) and isinstance(expr.value, str) else None
