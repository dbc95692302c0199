"""Changes of a JSON column in place, which SQLAlchemy does not notice."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from chatkit_doctor.backend.rehearsal.columns import json_columns
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes, returned
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

_MAX_DEPTH = 3
_STORES = frozenset({"commit", "flush", "begin", "begin_nested", "add", "add_all", "merge", "save"})
_CHANGES = frozenset(
    {"append", "extend", "insert", "remove", "pop", "update", "setdefault", "clear", "sort", "reverse"}
)


@dataclass(frozen=True, slots=True)
class UnseenChange:
    """A change of a list or dict that a row holds.

    change: the call that makes it, the entry that is set or deleted, or the sum. row: the name of the row. class_: its
    class. name: what the function calls the list or dict: the column of the row, or a name of its own.
    """

    module: Module
    change: ast.Call | ast.Subscript | ast.AugAssign
    row: str
    column: str
    class_: str
    name: str


def unseen_changes(app: App) -> Iterator[UnseenChange]:
    """Yield the changes in place of JSON columns of rows that were loaded, where nothing tells SQLAlchemy of them."""
    for module in app.own_modules():
        for function in module.functions():
            yield from _of_function(app, module, function)


def _of_function(app: App, module: Module, function: FunctionNode) -> Iterator[UnseenChange]:
    for each in own_nodes(function):
        changed = _changed(each)
        if changed is None or not isinstance(each, ast.Call | ast.Subscript | ast.AugAssign):
            continue
        held = _names_of_columns(module, function).get(changed.id) if isinstance(changed, ast.Name) else changed
        if not isinstance(held, ast.Attribute) or not isinstance(held.value, ast.Name):
            continue
        row, column = held.value.id, held.attr
        if row in _only_read(module, function):
            continue
        class_ = _class_of_row(app, module, function, row)
        if class_ is None or column not in json_columns(class_):
            continue
        if not _is_told(module, function, held, changed, each.lineno):
            yield UnseenChange(module, each, row, column, class_.name, ast.unparse(changed))


@remembered
def _only_read(_: Module, function: FunctionNode) -> frozenset[str]:
    """Return the rows that a function makes its result of while it stores nothing: what it changes is for that."""
    if any(isinstance(each, ast.Attribute) and each.attr in _STORES for each in walk(function)):
        return frozenset()
    results = [each for each in returned(function) if not isinstance(each, ast.Name)]
    return frozenset(part.id for each in results for part in walk(each) if isinstance(part, ast.Name))


def _changed(node: ast.AST) -> ast.expr | None:
    """Return what a node changes in place: by a method, or by an entry of it, or of a part of it, that is set."""
    match node:
        case ast.Call(func=ast.Attribute(value=changed, attr=name)) if name in _CHANGES:
            return changed
        case ast.AugAssign(target=ast.Attribute() as changed, op=ast.Add(), value=ast.List() | ast.ListComp()):
            return changed
        case ast.AugAssign(target=ast.Attribute() as changed, op=ast.BitOr(), value=ast.Dict() | ast.DictComp()):
            return changed
        case ast.Subscript(value=changed, ctx=ast.Store() | ast.Del()):
            while isinstance(changed, ast.Subscript):
                changed = changed.value
            return changed
    return None


@remembered
def _names_of_columns(_: Module, function: FunctionNode) -> dict[str, ast.Attribute]:
    """Return the names that a function gives, once, to what a column holds, each with that."""
    found: dict[str, ast.Attribute] = {}
    names = (each for each in own_nodes(function) if isinstance(each, ast.Name))
    bound = Counter(each.id for each in names if isinstance(each.ctx, ast.Store))
    for each in own_nodes(function):
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if bound[name] == 1:
                held = value.values[0] if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or) else value
                if isinstance(held, ast.Attribute) and isinstance(held.value, ast.Name):
                    found[name] = held
    return found


@remembered
def _class_of_row(app: App, module: Module, function: FunctionNode, row: str, depth: int = 0) -> ast.ClassDef | None:
    """Return the class of a row that a function loads; None where that is not told, or it makes it itself."""
    waiting, seen = [row], set()
    classes: set[ast.ClassDef] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for each in _assignments(module, function).get(name, ()):
            made = each.value.func if isinstance(each.value, ast.Call) else None
            if name == row and made is not None and _class(app, module, made) is not None:
                return None
            for part in walk(each.value):
                if isinstance(part, ast.Name):
                    waiting.append(part.id)
                    if (class_ := _class(app, module, part)) is not None:
                        classes.add(class_)
                elif isinstance(part, ast.Call) and (class_ := _given_by(app, module, part, depth + 1)):
                    classes.add(class_)
    return classes.pop() if len(classes) == 1 else None


@remembered
def _assignments(_: Module, function: FunctionNode) -> dict[str, list[ast.Assign]]:
    """Return the assignments of a function by the names that they are made to."""
    found: dict[str, list[ast.Assign]] = {}
    for each in own_nodes(function):
        if isinstance(each, ast.Assign):
            for name in {target.id for target in each.targets if isinstance(target, ast.Name)}:
                found.setdefault(name, []).append(each)
    return found


def _given_by(app: App, module: Module, call: ast.Call, depth: int) -> ast.ClassDef | None:
    """Return the class of the row that a function of the project loads and gives; None where it gives no name."""
    found = app.flow.function(module, call) if depth <= _MAX_DEPTH else None
    names = {each.id for each in returned(found[1]) if isinstance(each, ast.Name)} if found is not None else set()
    return _class_of_row(app, *found, names.pop(), depth) if found is not None and len(names) == 1 else None


def _class(app: App, module: Module, expr: ast.expr) -> ast.ClassDef | None:
    found = app.symbols.definition(module, expr) if isinstance(expr, ast.Name) else None
    return found.class_node if found else None


def _is_told(module: Module, function: FunctionNode, held: ast.Attribute, changed: ast.expr, line: int) -> bool:
    """Return whether the column is flagged as changed, or given something that is not itself.

    A copy that is given to it once it is changed is none: SQLAlchemy compares it to what the row was loaded with, which
    is the changed one.
    """
    if _is_flagged(module, function):
        return True
    same = {ast.unparse(held), ast.unparse(changed)}
    return any(
        given not in same and not (given_at > line and copied in same)
        for given_at, given, copied in _given_to_columns(module, function).get(ast.unparse(held), ())
    )


@remembered
def _is_flagged(_: Module, function: FunctionNode) -> bool:
    calls = (each for each in own_nodes(function) if isinstance(each, ast.Call))
    return any("flag_modified" in ast.unparse(each.func) for each in calls)


@remembered
def _given_to_columns(_: Module, function: FunctionNode) -> dict[str, list[tuple[int, str, str | None]]]:
    """Return what a function gives to attributes: line, value, and what this is a copy of, by the attribute's text."""
    found: dict[str, list[tuple[int, str, str | None]]] = {}
    for each in own_nodes(function):
        if isinstance(each, ast.Assign):
            given = (each.lineno, ast.unparse(each.value), _copied(each.value))
            for name in {ast.unparse(target) for target in each.targets if isinstance(target, ast.Attribute)}:
                found.setdefault(name, []).append(given)
    return found


def _copied(value: ast.expr) -> str | None:
    """Return what a value is a copy of and nothing else."""
    match value:
        case ast.Call(func=ast.Name(id="list" | "dict"), args=[inner], keywords=[]):
            return ast.unparse(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="copy"), args=[]):
            return ast.unparse(inner)
        case ast.List(elts=[ast.Starred(value=inner)]) | ast.Dict(keys=[None], values=[inner]):
            return ast.unparse(inner)
        case ast.Subscript(value=inner, slice=ast.Slice(lower=None, upper=None, step=None)):
            return ast.unparse(inner)
    return None
