"""Calls that write a value as JSON by Python's own encoder, which knows no times."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.rehearsal.columns import plain_json_columns
from chatkit_doctor.contracts.frameworks import plain_json_responses
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

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
# What gives all columns of SQLAlchemy's, all values of psycopg's, and Python's encoder itself, another way.
_OWN_ENCODER = "json_serializer"
_SETS_ENCODER = {"psycopg.": "set_json_dumps", "json.": "JSONEncoder.default"}
_JSON_FIELDS = frozenset({"django.db.models.JSONField", "django.contrib.postgres.fields.JSONField"})
# A field of Django's takes its encoder third.
_BEFORE_ENCODER = 2
# By what a class, or one that it inherits from, may make something else of what its columns are given.
_REMAKES = frozenset({"__init__", "__new__", "__setattr__", "save", "asave"})
_CHECKS = "valid"

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
        if not given & {None, *_WRITERS[dotted]} and not _has_own_encoder(app, dotted) and not _is_caught(module, call):
            yield WrittenAsJson(first, f"{dotted.rpartition('.')[2] if '.types.' in dotted else dotted}()")
        return
    if dotted in plain_json_responses():
        content = first or next((each.value for each in call.keywords if each.arg == "content"), None)
        if content is not None:
            yield WrittenAsJson(content, f"{dotted.rpartition('.')[2]}()")
        return
    match call.func:
        case ast.Attribute(attr=name) if name in _COSMOS and "cosmos" in module.source.text.lower():
            body = first or next((each.value for each in call.keywords if each.arg == "body"), None)
            if body is not None and not _is_written(app, f"def {name}("):
                yield WrittenAsJson(body, f"{name}() of Cosmos")
            return
    yield from _columns(app, module, call)


def _has_own_encoder(app: App, writer: str) -> bool:
    """Return whether a file of the app gives a writer another encoder for all that it writes."""
    return any(_is_written(app, word) for package, word in _SETS_ENCODER.items() if writer.startswith(package))


@remembered
def _is_written(app: App, word: str) -> bool:
    """Return whether a Python file of the app holds a word: also one that never speaks of ChatKit, as of a database."""
    return any(path.suffix == ".py" and app.mentions(path, (word.encode(),)) for path in app.files)


def _is_caught(module: Module, call: ast.Call) -> bool:
    """Return whether what a writer raises is caught by its class, to write the value in another way."""
    below: ast.AST = call
    for parent in module.ancestors(call):
        if isinstance(parent, FunctionNode):
            return False
        if isinstance(parent, ast.Try) and below in parent.body:
            for handler in parent.handlers:
                caught = ast.unparse(handler.type) if handler.type is not None else ""
                if "TypeError" in caught and not isinstance(handler.body[-1], ast.Raise):
                    return True
        below = parent
    return False


def _columns(app: App, module: Module, call: ast.Call) -> Iterator[WrittenAsJson]:
    """Yield what the columns of JSON of a row are given that is made, or set, by a call."""
    row = _row(call.func)
    class_ = _class_of(app, module, row) if call.keywords and row is not None else None
    if class_ is None:
        return
    for name, value in _fields(call):
        if writer := _column(app, class_, name):
            yield WrittenAsJson(value, writer)


def set_as_json(app: App, module: Module, function: FunctionNode) -> Iterator[WrittenAsJson]:
    """Yield what a function sets columns of JSON of rows to."""
    assigned = [each for each in own_nodes(function) if isinstance(each, ast.Assign)]
    rows: dict[str, set[ClassId]] = {}
    for each in assigned:
        match each.targets:
            case [ast.Attribute(value=ast.Name(id=row), attr=name)]:
                if row not in rows:
                    rows[row] = {found for other in assigned for found in _classes(app, module, other, row)}
                classes = rows[row]
                if len(classes) == 1 and (writer := _column(app, next(iter(classes)), name)):
                    yield WrittenAsJson(each.value, writer)


def _classes(app: App, module: Module, assigned: ast.Assign, row: str) -> Iterator[ClassId]:
    """Yield the classes with columns of JSON that stand in what a row is set to."""
    if any(isinstance(each, ast.Name) and each.id == row for each in assigned.targets):
        for each in walk(assigned.value):
            class_ = _class_of(app, module, each) if isinstance(each, ast.Name) else None
            if class_ is not None and _json_columns(app, class_):
                yield class_


def _class_of(app: App, module: Module, expr: ast.expr) -> ClassId | None:
    """Return the class of the project that an expression names."""
    meant = app.symbols.definition(module, expr)
    if meant is None or meant.class_node is None or meant.module is None:
        return None
    return ClassId(meant.module, meant.class_node)


def _column(app: App, class_: ClassId, name: str) -> str | None:
    """Return what a column of JSON is called; None for any other."""
    if name not in _json_columns(app, class_):
        return None
    return f"{'the field' if name in _of_django(app, class_) else COLUMN} {name} of {class_.name}"


@remembered
def _json_columns(app: App, class_: ClassId) -> frozenset[str]:
    """Return the columns of JSON of a class, where Python's own encoder writes what they are given."""
    names = plain_json_columns(class_.node) | _of_django(app, class_)
    if not names or _is_written(app, _OWN_ENCODER):
        return frozenset()
    return frozenset() if any(map(_may_remake, ClassView(app.symbols, class_).classes)) else names


def _may_remake(class_: ClassId) -> bool:
    """Return whether a class may make something else of what its columns are given, as a validator does."""
    return any(
        isinstance(each, FunctionNode)
        and (each.name in _REMAKES or any(_CHECKS in ast.unparse(one) for one in each.decorator_list))
        for each in class_.node.body
    )


def _row(func: ast.expr) -> ast.expr | None:
    """Return what names the class of a row: what is called, or the owner of Django's manager that is."""
    match func:
        case ast.Attribute(value=ast.Attribute(value=owner), attr=name) if name in _DJANGO:
            return owner
        case ast.Name() | ast.Attribute():
            return func
    return None


def _of_django(app: App, class_: ClassId) -> frozenset[str]:
    """Return the fields of a Django model that hold JSON, those aside that have an encoder of their own."""
    names = app.names(class_.module)
    found = set()
    for each in class_.node.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func, args=args, keywords=given)):
                has_encoder = len(args) > _BEFORE_ENCODER or any(one.arg in {None, "encoder"} for one in given)
                if not has_encoder and names.qualified(func) in _JSON_FIELDS:
                    found.add(name)
    return frozenset(found)


def _fields(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    for each in call.keywords:
        if each.arg == "defaults" and isinstance(each.value, ast.Dict):
            for key, value in zip(each.value.keys, each.value.values, strict=True):
                yield str(getattr(key, "value", "")), value
        elif each.arg is not None:
            yield each.arg, each.value
