"""Calls that write a value as JSON by Python's own encoder, which knows no times."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.rehearsal.columns import plain_json_columns
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass

# Functions and classes by their dotted names, each with what gives it another encoder.
_WRITERS = {
    "json.dumps": frozenset({"default", "cls"}),
    "json.dump": frozenset({"default", "cls"}),
    "psycopg.types.json.Json": frozenset({"dumps"}),
    "psycopg.types.json.Jsonb": frozenset({"dumps"}),
    "psycopg2.extras.Json": frozenset({"dumps"}),
}
_COSMOS = frozenset({"upsert_item", "create_item", "replace_item"})
# Methods of Django's managers that write a row.
_DJANGO = frozenset({"create", "acreate", "update_or_create", "aupdate_or_create", "get_or_create", "aget_or_create"})
# What gives all columns of SQLAlchemy's another encoder.
_OWN_ENCODER = "json_serializer"

COLUMN = "the column"
"""How the name of a writer begins that is a column of SQLAlchemy's."""


@dataclass(frozen=True, slots=True)
class WrittenAsJson:
    """A value that is written so. writer: what does it, in words."""

    value: ast.expr
    writer: str


def written_as_json(app: App, module: Module, call: ast.Call) -> Iterator[WrittenAsJson]:
    """Yield what a call writes as JSON."""
    given = {each.arg for each in call.keywords}
    if None in given and not call.args:
        return
    dotted = app.names(module).qualified(call.func) or ""
    first = call.args[0] if call.args else None
    if dotted in _WRITERS and first is not None:
        if not given & {None, *_WRITERS[dotted]}:
            yield WrittenAsJson(first, f"{dotted.rpartition('.')[2] if '.types.' in dotted else dotted}()")
        return
    match call.func:
        case ast.Attribute(attr=name) if name in _COSMOS and "cosmos" in module.source.text.lower():
            body = first or next((each.value for each in call.keywords if each.arg == "body"), None)
            if body is not None:
                yield WrittenAsJson(body, f"{name}() of Cosmos")
            return
    yield from _columns(app, module, call)


def _columns(app: App, module: Module, call: ast.Call) -> Iterator[WrittenAsJson]:
    """Yield what the columns of JSON of a row are given that is made, or set, by a call."""
    row = _row(call.func)
    meant = app.symbols.definition(module, row) if call.keywords and row is not None else None
    if meant is None or meant.class_node is None:
        return
    for name, value in _fields(call):
        if writer := _column(app, meant.class_node, name):
            yield WrittenAsJson(value, writer)


def set_as_json(app: App, module: Module, function: FunctionNode) -> Iterator[WrittenAsJson]:
    """Yield what a function sets columns of JSON of rows to."""
    assigned = [each for each in own_nodes(function) if isinstance(each, ast.Assign)]
    for each in assigned:
        match each.targets:
            case [ast.Attribute(value=ast.Name(id=row), attr=name)]:
                classes = {found for other in assigned for found in _classes(app, module, other, row)}
                if len(classes) == 1 and (writer := _column(app, classes.pop(), name)):
                    yield WrittenAsJson(each.value, writer)


def _classes(app: App, module: Module, assigned: ast.Assign, row: str) -> Iterator[ast.ClassDef]:
    """Yield the classes with columns of JSON that stand in what a row is set to."""
    if any(isinstance(each, ast.Name) and each.id == row for each in assigned.targets):
        for each in walk(assigned.value):
            meant = app.symbols.definition(module, each) if isinstance(each, ast.Name) else None
            if meant is not None and meant.class_node is not None and _json_columns(app, meant.class_node):
                yield meant.class_node


def _column(app: App, node: ast.ClassDef, name: str) -> str | None:
    """Return what a column of JSON is called; None for any other."""
    if name not in _json_columns(app, node):
        return None
    return f"{'the field' if name in _of_django(node) else COLUMN} {name} of {node.name}"


def _json_columns(app: App, node: ast.ClassDef) -> frozenset[str]:
    """Return the columns of JSON of a class, where Python's own encoder writes them."""
    names = plain_json_columns(node)
    if names and any(_OWN_ENCODER in each.source.text for each in app.modules()):
        return frozenset()
    return names | _of_django(node)


def _row(func: ast.expr) -> ast.expr | None:
    """Return what names the class of a row: what is called, or the owner of Django's manager that is."""
    match func:
        case ast.Attribute(value=ast.Attribute(value=owner), attr=name) if name in _DJANGO:
            return owner
        case ast.Name() | ast.Attribute():
            return func
    return None


def _of_django(node: ast.ClassDef) -> frozenset[str]:
    """Return the fields of a Django model that hold JSON, those aside that have an encoder of their own."""
    found = set()
    for each in node.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func, keywords=given)):
                kind = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
                if kind == "JSONField" and not any(keyword.arg in {None, "encoder"} for keyword in given):
                    found.add(name)
    return frozenset(found)


def _fields(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    for each in call.keywords:
        if each.arg == "defaults" and isinstance(each.value, ast.Dict):
            for key, value in zip(each.value.keys, each.value.values, strict=True):
                yield str(getattr(key, "value", "")), value
        elif each.arg is not None:
            yield each.arg, each.value
