"""What expressions of Django's ORM are: a set of rows that nothing has asked for yet, or a row."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.crowds import same_for_all_uses
from chatkit_doctor.contracts.orm import is_manager, is_model_base, lazy_methods, row_givers
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import Module
from chatkit_doctor.remembered import remembered


def is_rows(app: App, module: Module, expr: ast.expr) -> bool:
    """Return whether an expression surely is a set of rows of a Django model."""
    values = app.flow.all_sources(module, expr)
    # What `rows[:limit]` and `rows.order_by(…)` are, `rows` is, of which there may be many such uses.
    if len(values) == 1 and values[0].expr is expr and (owner := _made_of(expr)) is not None:
        return is_rows(app, module, owner)
    known = app.derive(_known_rows)
    # Of a name that is set very often, each use asks about the same values. They are kept, and so their number.
    if id(values) not in known:
        begun: dict[object, object] = {}
        managers: list[ast.expr] = []
        known[id(values)] = (values, _all_rows(app, values, begun, managers) and bool(managers))
    return known[id(values)][1]


def _known_rows(_: App) -> dict[int, tuple[tuple[PlacedExpr, ...], bool]]:
    return {}


def _all_rows(app: App, values: tuple[PlacedExpr, ...], begun: dict[object, object], managers: list[ast.expr]) -> bool:
    if id(values) in begun:
        return True
    begun[id(values)] = values
    is_known = False
    for each in values:
        app.budget.spend()
        if not _are_rows(app, each, begun, managers):
            return False
        is_known = True
    return is_known


def _are_rows(app: App, value: PlacedExpr, begun: dict[object, object], managers: list[ast.expr]) -> bool:
    """Return whether a value is rows, as far as it is not being asked already; what rows are asked by is noted."""
    # `rows = rows.filter(…)` is what `rows` was before it.
    if value.expr in begun:
        return True
    begun[value.expr] = value
    match value.expr:
        case ast.Attribute(value=owner, attr=name) if is_manager(name):
            managers.append(value.expr)
            return is_model(app, value.module, owner)
    owner_of_rows = _made_of(value.expr)
    return owner_of_rows is not None and _all_rows(
        app, app.flow.all_sources(value.module, owner_of_rows), begun, managers
    )


def _made_of(expr: ast.expr) -> ast.expr | None:
    """Return the rows that others are some of, or in another order; None for what is no such."""
    match expr:
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in lazy_methods():
            return owner
        case ast.Subscript(value=owner, slice=ast.Slice(step=None)):
            return owner
    return None


@same_for_all_uses
def is_row(app: App, module: Module, expr: ast.expr) -> bool:
    """Return whether an expression surely is a row of a Django model."""
    values = app.flow.all_sources(module, expr)
    return bool(values) and all(_is_row(app, each) for each in values)


def _is_row(app: App, value: PlacedExpr) -> bool:
    match value.expr:
        case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in row_givers():
            return is_rows(app, value.module, owner)
        case ast.Call(func=func):
            return is_model(app, value.module, func)
    return False


@remembered
def is_model(app: App, module: Module, expr: ast.expr) -> bool:
    """Return whether an expression means the class of a Django model."""
    found = list(app.symbols.definitions(module, expr))
    return bool(found) and all(
        is_model_base(each.external)
        if each.external
        else each.module is not None and each.class_node is not None and _is_model(app, each.module, each.class_node)
        for each in found
    )


@remembered
def _is_model(app: App, module: Module, node: ast.ClassDef) -> bool:
    return any(map(is_model_base, ClassView(app.symbols, ClassId(module, node)).externals))
