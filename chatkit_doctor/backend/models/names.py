"""What a file calls the classes and unions of the SDK."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.imports.modules import is_sdk
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module, root_name
from chatkit_doctor.python.symbols import plain_class_expression


def may_be_class(expr: ast.expr) -> bool:
    """Return whether an expression can name a class by its spelling, which spares following all others."""
    expr = expr.value if isinstance(expr, ast.Subscript) else expr
    name = expr.attr if isinstance(expr, ast.Attribute) else expr.id if isinstance(expr, ast.Name) else ""
    return name.lstrip("_")[:1].isupper()


def sdk_name(app: App, module: Module, expr: ast.expr) -> str | None:
    """Return the dotted name of what an expression surely means, by where the SDK defines it."""
    app.budget.spend()
    # Each rule about models asks for the classes of the same calls.
    known = app.derive(_known_names)
    if expr not in known:
        known[expr] = _sdk_name(app, module, expr)
    return known[expr]


def _known_names(_: App) -> dict[ast.expr, str | None]:
    return {}


def _sdk_name(app: App, module: Module, expr: ast.expr) -> str | None:
    plain = plain_class_expression(expr)
    root = root_name(plain) if plain is not None else None
    if root is not None and not app.names(module).may_be_defined_elsewhere(root.id):
        return None
    contract = contract_for(app, module.source.path)
    found = list(app.symbols.definitions(module, expr))
    if not found or not all(each.external and is_sdk(app, module, each.external) for each in found):
        return None
    names = {contract.canonical(each.external) for each in found}
    return names.pop() if len(names) == 1 else None
