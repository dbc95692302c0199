"""Dumps of ChatKit's models that hold times or addresses as Python objects, and are put where only JSON can stand.

They are looked for where a name tells the model; what stores are given without a name for it is told by
`stores/unwritable.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.models.constructions import sdk_modules
from chatkit_doctor.backend.models.shapes import Shapes
from chatkit_doctor.backend.stores.json_writers import set_as_json, written_as_json
from chatkit_doctor.contracts.frameworks import plain_json_responses
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.records import dataclass

_DUMPS = frozenset({"model_dump", "dict"})
# What may leave a field out, or decide how it is dumped.
_CHOOSES = frozenset({"mode", "include", "exclude", "exclude_unset", "context", "fallback", "serialize_as_any", None})
# Python's class of what a field of a kind holds.
_OBJECTS = {"datetime": "datetime", "url": "AnyUrl"}


@dataclass(frozen=True, slots=True)
class PythonDump:
    """A dump that holds what is no JSON.

    call: the dump. field, object: the field of the model and the class of what it holds there. writer: what it is given
    to, in words.
    """

    module: Module
    call: ast.Call
    field: str
    object: str
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
                yield PythonDump(module, call, *held, found)


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


def _put(app: App, module: Module, dump: ast.expr, *, is_named: bool = False) -> str | None:
    """Return what writes a value as JSON, by itself or as a part of a dict or list."""
    value: ast.AST = dump
    parent = module.parents[value]
    while isinstance(parent, ast.IfExp | ast.Dict | ast.List | ast.Tuple):
        if isinstance(parent, ast.IfExp) and (value is parent.test or _is_for_others(parent, value)):
            return None
        if isinstance(parent, ast.Dict) and None in parent.keys and len(parent.keys) > 1:
            # `{**item.model_dump(), "created_at": …}`
            return None
        value, parent = parent, module.parents[parent]
    match parent:
        case ast.Call():
            return _written(app, module, parent, value)
        case ast.keyword():
            call = module.parents[parent]
            return _written(app, module, call, value) if isinstance(call, ast.Call) else None
        case ast.Assign(targets=[ast.Attribute()]):
            function = module.enclosing_function(parent)
            written = set_as_json(app, module, function) if function is not None else ()
            return next((each.writer for each in written if each.value is value), None)
        case ast.Assign(targets=[ast.Name() as target]) if not is_named:
            return _written_by_name(app, module, target)
    return None


def _is_for_others(choice: ast.IfExp, value: ast.AST) -> bool:
    """Return whether a value is what is taken where there is no method of pydantic 2, which all models have."""
    return value is choice.orelse and "hasattr" in ast.unparse(choice.test)


def _written(app: App, module: Module, call: ast.Call, value: ast.AST) -> str | None:
    for each in written_as_json(app, module, call):
        if each.value is value:
            return each.writer
    dotted = app.names(module).qualified(call.func) or ""
    is_body = call.args[:1] == [value] or any(each.arg == "content" and each.value is value for each in call.keywords)
    return f"{dotted.rpartition('.')[2]}()" if is_body and dotted in plain_json_responses() else None


def _written_by_name(app: App, module: Module, target: ast.Name) -> str | None:
    """Return what writes a name of a dump, where the function does nothing else with it."""
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
