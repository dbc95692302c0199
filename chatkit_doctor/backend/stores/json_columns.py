"""Changes of a JSON column in place, which SQLAlchemy does not notice."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass

_JSON = frozenset({"JSON", "JSONB"})
_MUTABLE = frozenset({"as_mutable", "MutableList", "MutableDict"})
_CHANGES = frozenset(
    {"append", "extend", "insert", "remove", "pop", "update", "setdefault", "clear", "sort", "reverse"}
)


@dataclass(frozen=True, slots=True)
class UnseenChange:
    """A change of a list or dict that a row holds. row: the name of the row. class_: the class of the row."""

    module: Module
    call: ast.Call
    row: str
    column: str
    class_: str


def unseen_changes(app: App) -> Iterator[UnseenChange]:
    """Yield the changes in place of JSON columns of rows that were loaded, where nothing tells SQLAlchemy of them."""
    columns = app.derive(_json_columns)
    for module in app.modules() if columns else ():
        for function in module.functions():
            yield from _of_function(app, module, function, columns)


def _json_columns(app: App) -> dict[ast.ClassDef, frozenset[str]]:
    """Return the JSON columns of the app's mapped classes."""
    found: dict[ast.ClassDef, frozenset[str]] = {}
    for module in app.modules():
        for name in module.nodes(ast.Name):
            meant = app.symbols.definition(module, name) if name.id[:1].isupper() else None
            if meant is not None and meant.class_node is not None and meant.class_node not in found:
                found[meant.class_node] = frozenset(_columns(meant.class_node))
    return {node: names for node, names in found.items() if names}


def _columns(node: ast.ClassDef) -> Iterator[str]:
    for each in node.body:
        value = each.value if isinstance(each, ast.Assign | ast.AnnAssign) else None
        target = each.targets[0] if isinstance(each, ast.Assign) else getattr(each, "target", None)
        if not isinstance(value, ast.Call) or not isinstance(target, ast.Name):
            continue
        names = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
        names |= {part.attr for part in ast.walk(value) if isinstance(part, ast.Attribute)}
        if names & _JSON and not names & _MUTABLE:
            yield target.id


def _of_function(
    app: App, module: Module, function: FunctionNode, columns: dict[ast.ClassDef, frozenset[str]]
) -> Iterator[UnseenChange]:
    for each in own_nodes(function):
        match each:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id=row), attr=column), attr=method)
            ) if method in _CHANGES:
                class_ = _class_of_row(app, module, function, row)
                if class_ is None or column not in columns.get(class_, ()):
                    continue
                if not _is_told(function, row, column):
                    yield UnseenChange(module, each, row, column, class_.name)


def _class_of_row(app: App, module: Module, function: FunctionNode, row: str) -> ast.ClassDef | None:
    """Return the class of a row that a function loads; None where that is not told, or it makes it itself."""
    waiting, seen = [row], set()
    classes: set[ast.ClassDef] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for each in own_nodes(function):
            if not isinstance(each, ast.Assign) or not any(_is(target, name) for target in each.targets):
                continue
            made = each.value.func if isinstance(each.value, ast.Call) else None
            if name == row and made is not None and _class(app, module, made) is not None:
                return None
            for part in ast.walk(each.value):
                if isinstance(part, ast.Name):
                    waiting.append(part.id)
                    if (class_ := _class(app, module, part)) is not None:
                        classes.add(class_)
    return classes.pop() if len(classes) == 1 else None


def _class(app: App, module: Module, expr: ast.expr) -> ast.ClassDef | None:
    found = app.symbols.definition(module, expr) if isinstance(expr, ast.Name) else None
    return found.class_node if found else None


def _is_told(function: FunctionNode, row: str, column: str) -> bool:
    """Return whether the column is flagged as changed, or given something that is not itself."""
    for each in own_nodes(function):
        if isinstance(each, ast.Call) and "flag_modified" in ast.unparse(each.func):
            return True
        if isinstance(each, ast.Assign):
            for target in each.targets:
                if ast.unparse(target) == f"{row}.{column}" and ast.unparse(each.value) != f"{row}.{column}":
                    return True
    return False


def _is(target: ast.expr, name: str) -> bool:
    return isinstance(target, ast.Name) and target.id == name
