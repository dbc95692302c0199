"""Dumps of ChatKit's models that hold times or addresses as Python objects, and are put where only JSON can stand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.models.constructions import sdk_modules
from chatkit_doctor.backend.models.shapes import Shapes
from chatkit_doctor.backend.rehearsal.columns import plain_json_columns
from chatkit_doctor.contracts.frameworks import plain_json_responses
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.records import dataclass

_DUMPS = frozenset({"model_dump", "dict"})
_WRITERS = frozenset({"json.dumps", "json.dump"})
# What a writer may be told about values that are no JSON.
_OTHER_WRITER = frozenset({"default", "cls", None})
# What may leave a field out, or decide how it is dumped.
_CHOOSES = frozenset({"mode", "include", "exclude", "exclude_unset", "context", "fallback", "serialize_as_any", None})
# What says how a project's engine writes JSON.
_SERIALIZER = "json_serializer"
# Python's class of what a field of a kind holds.
_OBJECTS = {"datetime": "datetime", "url": "AnyUrl"}


class JsonPlace(Enum):
    """Where a dump is put."""

    TEXT = "a text of JSON is made of it"
    COLUMN = "it is written into a column of JSON"


@dataclass(frozen=True, slots=True)
class PythonDump:
    """A dump that holds what is no JSON.

    call: the dump. field, object: the field of the model and the class of what it holds there. place: what is done with
    it. writer: the function, response or column that it is given to.
    """

    module: Module
    call: ast.Call
    field: str
    object: str
    place: JsonPlace
    writer: str


def python_dumps(app: App) -> Iterator[PythonDump]:
    """Yield the dumps of ChatKit's models that are put where only JSON can stand, tests left out."""
    shapes = Shapes(app)
    for module in sdk_modules(app):
        if app.is_test_file(module.source.path) or not any(f".{each}(" in module.source.text for each in _DUMPS):
            continue
        for call in module.nodes(ast.Call):
            held = _held(app, shapes, module, call)
            found = _put(app, module, call) if held is not None else None
            if held is not None and found is not None:
                yield PythonDump(module, call, *held, *found)


def _held(app: App, shapes: Shapes, module: Module, call: ast.Call) -> tuple[str, str] | None:
    """Return the field that a dump surely has and that is no JSON, with the class of what it holds; None for none."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in _DUMPS or call.args:
        return None
    if any(each.arg in _CHOOSES for each in call.keywords):
        return None
    shape = shapes.of(module, func.value)
    contract = contract_for(app, module.source.path)
    models = [contract.model(each) for each in shape.models] if shape is not None else []
    fields: list[dict[str, str]] = []
    for model in models:
        if model is None or model.kind != "pydantic":
            return None
        fields.append(
            {
                each.name: _OBJECTS[each.type]
                for each in model.fields.values()
                if each.is_required and isinstance(each.type, str) and each.type in _OBJECTS
            }
        )
    # Of a union it is a field that all of them have.
    shared = [name for name in fields[0] if all(name in each for each in fields)] if fields else []
    return (shared[0], fields[0][shared[0]]) if shared else None


def _put(app: App, module: Module, dump: ast.expr, *, is_named: bool = False) -> tuple[JsonPlace, str] | None:
    """Return where a value is put as it is, by itself or as a part of a dict or list, where JSON is needed."""
    value: ast.AST = dump
    parent = module.parents[value]
    while isinstance(parent, ast.IfExp | ast.Dict | ast.List | ast.Tuple):
        if isinstance(parent, ast.IfExp) and (value is parent.test or _is_for_others(parent, value)):
            return None
        value, parent = parent, module.parents[parent]
    match parent:
        case ast.Call(args=[first, *_]) if first is value:
            return _written(app, module, parent)
        case ast.keyword(arg=str(name)):
            call = module.parents[parent]
            if isinstance(call, ast.Call):
                return _written(app, module, call) if name in {"content", "obj"} else _column(app, module, call, name)
        case ast.Assign(targets=[ast.Attribute(value=ast.Name() as row, attr=name)]):
            return _column_of_row(app, module, row, name)
        case ast.Assign(targets=[ast.Name() as target]) if not is_named:
            return _written_by_name(app, module, target)
    return None


def _is_for_others(choice: ast.IfExp, value: ast.AST) -> bool:
    """Return whether a value is what is taken where there is no method of pydantic 2, which all models have."""
    return value is choice.orelse and "hasattr" in ast.unparse(choice.test)


def _written(app: App, module: Module, call: ast.Call) -> tuple[JsonPlace, str] | None:
    dotted = app.names(module).qualified(call.func) or ""
    if dotted in _WRITERS and not any(each.arg in _OTHER_WRITER for each in call.keywords):
        return JsonPlace.TEXT, dotted
    return (JsonPlace.TEXT, dotted.rpartition(".")[2]) if dotted in plain_json_responses() else None


def _written_by_name(app: App, module: Module, target: ast.Name) -> tuple[JsonPlace, str] | None:
    """Return what a name of a dump is given to, where the function does nothing else with it before."""
    function = module.enclosing_function(target)
    bindings = app.names(module).lookup(target.id, target)
    if function is None or len(bindings) != 1 or bindings[0].kind is not BindingKind.ASSIGNMENT:
        return None
    uses = [
        each
        for each in own_nodes(function)
        if isinstance(each, ast.Name) and each.id == target.id and isinstance(each.ctx, ast.Load)
    ]
    # An entry that is set, or a method that is called, may be what makes JSON of it.
    if not uses or any(isinstance(module.parents[each], ast.Attribute | ast.Subscript) for each in uses):
        return None
    return _put(app, module, uses[0], is_named=True)


def _column(app: App, module: Module, call: ast.Call, name: str) -> tuple[JsonPlace, str] | None:
    """Return the column that a row is made with, where it is one of JSON that Python's own writer writes."""
    found = app.symbols.definition(module, call.func)
    return _of_class(app, found.class_node, name) if found is not None and found.class_node is not None else None


def _column_of_row(app: App, module: Module, row: ast.Name, name: str) -> tuple[JsonPlace, str] | None:
    """Return the column of a row that the function loads by its class, or makes of it."""
    function = module.enclosing_function(row)
    classes = set()
    for each in own_nodes(function) if function is not None else ():
        if isinstance(each, ast.Assign) and any(isinstance(one, ast.Name) and one.id == row.id for one in each.targets):
            for part in ast.walk(each.value):
                meant = app.symbols.definition(module, part) if isinstance(part, ast.Name) else None
                if meant is not None and meant.class_node is not None and plain_json_columns(meant.class_node):
                    classes.add(meant.class_node)
    return _of_class(app, classes.pop(), name) if len(classes) == 1 else None


def _of_class(app: App, node: ast.ClassDef, name: str) -> tuple[JsonPlace, str] | None:
    if name not in plain_json_columns(node) or any(_SERIALIZER in each.source.text for each in app.modules()):
        return None
    return JsonPlace.COLUMN, f"{node.name}.{name}"
