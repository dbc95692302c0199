"""Rows of SQLAlchemy's and SQLModel's mapped classes: the columns of a class, and the row that a function adds."""

from __future__ import annotations

import ast

from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass

_COLUMNS = frozenset({"Column", "mapped_column", "Field"})
# What says how a session is used, by whether it is awaited.
_ASKED = frozenset({"commit", "flush", "execute", "refresh", "get", "exec", "scalars", "scalar", "merge", "close"})


@dataclass(frozen=True, slots=True)
class MappedClass:
    """A mapped class whose columns are all its own. key: those of its primary key; columns: all.

    is_filled: whether a new object has every column, as one of SQLModel has its defaults.
    """

    key: frozenset[str]
    columns: frozenset[str]
    is_filled: bool


@dataclass(frozen=True, slots=True)
class AddedRow:
    """A row that a function makes and adds to a session: `session.add(Row(…))`, in a statement of its own.

    name: what the row is called, "" where it is not. is_awaited: whether the session is an async one.
    """

    module: Module
    call: ast.Call
    made: ast.Call
    name: str
    mapped: MappedClass
    is_awaited: bool


def added_row(app: App, module: Module, function: FunctionNode) -> AddedRow | None:
    """Return the one row that a function adds; None where there are several, or its class is not the app's own."""
    nodes = list(own_nodes(function))
    calls = [each for each in nodes if isinstance(each, ast.Call) and _is_adding(each)]
    if len(calls) != 1 or not isinstance(module.parents[calls[0]], ast.Expr):
        return None
    (call,) = calls
    (given,) = call.args
    name = given.id if isinstance(given, ast.Name) else ""
    made = _only_value(nodes, name) if name else given
    mapped = _mapped(app, module, made.func) if isinstance(made, ast.Call) else None
    is_awaited = _is_awaited(module, nodes, call)
    if not isinstance(made, ast.Call) or mapped is None or is_awaited is None:
        return None
    return AddedRow(module, call, made, name, mapped, is_awaited)


def _is_adding(call: ast.Call) -> bool:
    return (
        isinstance(call.func, ast.Attribute) and call.func.attr == "add" and len(call.args) == 1 and not call.keywords
    )


def _only_value(nodes: list[ast.AST], name: str) -> ast.expr | None:
    set_to = [
        each.value
        for each in nodes
        if isinstance(each, ast.Assign | ast.AnnAssign)
        for target in (each.targets if isinstance(each, ast.Assign) else [each.target])
        if isinstance(target, ast.Name) and target.id == name
    ]
    return set_to[0] if len(set_to) == 1 else None


def _mapped(app: App, module: Module, func: ast.expr) -> MappedClass | None:
    meant = app.symbols.definition(module, func)
    node = meant.class_node if meant is not None else None
    if node is None or any("MappedAsDataclass" in ast.unparse(each) for each in node.bases):
        return None
    columns: dict[str, ast.Call] = {}
    plain: set[str] = set()
    for each in node.body:
        target = each.targets[0] if isinstance(each, ast.Assign) else getattr(each, "target", None)
        if not isinstance(each, ast.Assign | ast.AnnAssign) or not isinstance(target, ast.Name):
            continue
        if isinstance(each.value, ast.Call) and _last(each.value.func) in _COLUMNS:
            columns[target.id] = each.value
        elif isinstance(each, ast.AnnAssign) and not isinstance(each.value, ast.Call):
            plain.add(target.id)
    key = frozenset(name for name, value in columns.items() if _is_key(value))
    is_filled = any(_last(value.func) == "Field" for value in columns.values())
    return MappedClass(key, frozenset(columns) | (plain if is_filled else set()), is_filled) if key else None


def _last(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _is_key(value: ast.Call) -> bool:
    return any(
        each.arg == "primary_key" and isinstance(each.value, ast.Constant) and each.value.value is True
        for each in value.keywords
    )


def _is_awaited(module: Module, nodes: list[ast.AST], call: ast.Call) -> bool | None:
    """Return whether the session that a row is added to is async, None where nothing says so."""
    assert isinstance(call.func, ast.Attribute)
    session = ast.dump(call.func.value)
    for each in nodes:
        match each:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in _ASKED and ast.dump(owner) == session:
                return isinstance(module.parents[each], ast.Await)
    return None
