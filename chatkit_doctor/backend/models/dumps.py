"""Dumps of ChatKit's models that hold times or addresses as Python objects, and are put where only JSON can stand.

They are followed from what is written as JSON back to the dump. Which model it is of, a name tells, or the server that
gives it to a method of a store.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.backend.models.constructions import sdk_modules
from chatkit_doctor.backend.models.shapes import Shapes
from chatkit_doctor.backend.runs.frames import CallFrame, called, own_calls, parameters, reached
from chatkit_doctor.backend.stores.concrete import stores_to_judge
from chatkit_doctor.backend.stores.json_writers import set_as_json, written_as_json
from chatkit_doctor.contracts.sdk.models import ModelContract
from chatkit_doctor.contracts.sdk.sdk_names import (
    ADD_ITEM,
    ATTACHMENT,
    ITEM,
    SAVE_ATTACHMENT,
    SAVE_ITEM,
    SAVE_THREAD,
    THREAD,
)
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes, returned
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

# The saving methods, with the place and the class of what each is given.
_SAVING = {SAVE_THREAD: (0, THREAD), ADD_ITEM: (1, ITEM), SAVE_ITEM: (1, ITEM), SAVE_ATTACHMENT: (0, ATTACHMENT)}
_DUMPS = frozenset({"model_dump", "dict"})
# Python's class of what a field of a kind holds, and JSON has not.
_OBJECTS = {"datetime": "datetime", "url": "AnyUrl"}
# What decides how a dump is made.
_CHOOSES = frozenset({"include", "mode", "serialize_as_any", "context", None})
_CHANGES = frozenset({"pop", "update", "setdefault", "clear"})
_MAX_DEPTH = 6


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
    """Yield the dumps of ChatKit's models that are put where only JSON can stand, each once, tests left out."""
    if not any(_dumps_models(module) for module in app.modules()):
        return
    saving = dict(_saving(app))
    search = _Search(app, {frame.function: given for frame, given in saving.items()})
    frames = (each for frame in saving for each in reached(app, frame))
    seen: set[ast.Call] = set()
    for frame in (*frames, *_others(app)):
        for each in search.written(frame):
            if each.call not in seen:
                seen.add(each.call)
                yield each


def _saving(app: App) -> Iterator[tuple[CallFrame, tuple[int, str]]]:
    """Yield the saving methods of stores, with the place and the class of what each is given."""
    for store in stores_to_judge(app):
        for name, given in _SAVING.items():
            method = store.method(name)
            if method is not None:
                yield CallFrame(method.module, method.function), given


def _others(app: App) -> Iterator[CallFrame]:
    """Yield the functions of the files that speak of ChatKit, and what stands around them."""
    for module in sdk_modules(app):
        if not app.is_test_file(module.source.path) and _dumps_models(module):
            yield CallFrame(module, None)
            yield from (CallFrame(module, each) for each in module.nodes(ast.FunctionDef))
            yield from (CallFrame(module, each) for each in module.nodes(ast.AsyncFunctionDef))


def _dumps_models(module: Module) -> bool:
    return any(f".{each}(" in module.source.text for each in _DUMPS)


class _Search:
    def __init__(self, app: App, saving: Mapping[FunctionNode | None, tuple[int, str]]) -> None:
        self._app = app
        self._saving = saving
        self._shapes = Shapes(app)
        self._analysis = Analysis(app)

    def written(self, frame: CallFrame) -> Iterator[PythonDump]:
        module, function = frame.module, frame.function
        calls = own_calls(frame) if function is not None else _top_calls(module)
        given = [each for call in calls for each in written_as_json(self._app, module, call)]
        for each in (*given, *(set_as_json(self._app, module, function) if function is not None else ())):
            for owner, dump in self._dumps(frame, each.value, 0):
                assert isinstance(dump.func, ast.Attribute)
                held = self._objects(owner, dump.func.value)
                kept = [name for name in held if name not in _left_out(dump)]
                if kept:
                    yield PythonDump(owner.module, dump, kept[0], held[kept[0]], each.writer)

    def _dumps(self, frame: CallFrame, expr: ast.expr, depth: int) -> list[tuple[CallFrame, ast.Call]]:
        """Return the dumps for Python that a value surely holds."""
        if depth > _MAX_DEPTH:
            return []
        match expr:
            case ast.Call(func=ast.Attribute(attr=name), args=[]) if name in _DUMPS:
                return [(frame, expr)] if _is_for_python(expr) else []
            case ast.Call():
                return self._of_call(frame, expr, depth)
            case ast.Name():
                value = self._only_value(frame, expr)
                return self._dumps(frame, value, depth + 1) if value is not None else []
            case ast.IfExp(test=test, body=body, orelse=orelse):
                # All models have the methods of pydantic 2.
                parts = [body] if "hasattr" in ast.unparse(test) else [body, orelse]
                return [found for each in parts for found in self._dumps(frame, each, depth + 1)]
            case ast.Dict(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
                is_whole = not (isinstance(expr, ast.Dict) and None in expr.keys and len(expr.keys) > 1)
                return [found for each in values for found in self._dumps(frame, each, depth + 1) if is_whole]
            case ast.ListComp(elt=value) | ast.DictComp(value=value) | ast.Starred(value=value):
                return self._dumps(frame, value, depth + 1)
        return []

    def _of_call(self, frame: CallFrame, call: ast.Call, depth: int) -> list[tuple[CallFrame, ast.Call]]:
        """Return what all results of a function of the project hold."""
        inner = called(self._app, frame, call)
        results = returned(inner.function) if inner is not None and inner.function is not None else []
        found = [self._dumps(inner, each, depth + 1) for each in results if inner is not None]
        return [each for part in found for each in part] if found and all(found) else []

    def _only_value(self, frame: CallFrame, name: ast.Name) -> ast.expr | None:
        """Return the one value of a name; None where something is put into it, or taken out."""
        function = frame.function
        bindings = self._app.names(frame.module).lookup(name.id, name)
        if function is None or [each.kind for each in bindings[:2]] != [BindingKind.ASSIGNMENT]:
            return None
        if (
            self._analysis.growth(function).get(name.id)
            or _changed(frame.module, function).get(name.id, name.lineno) < name.lineno
        ):
            return None
        return bindings[0].value

    def _objects(self, frame: CallFrame, expr: ast.expr) -> dict[str, str]:
        """Return the fields of whatever an expression may be that are no JSON, with their classes; {} where unsure."""
        contract = contract_for(self._app, frame.module.source.path)
        kind = self._given(frame, expr)
        shape = self._shapes.of(frame.module, expr) if kind is None else None
        union = contract.union(kind) if kind else None
        names = [each for each in union.members if isinstance(each, str)] if union else [kind] if kind else []
        found = [contract.model(each) for each in (names or (shape.models if shape is not None else ()))]
        models = [_objects_of(each) for each in found if each is not None and each.kind == "pydantic"]
        if not models or len(models) < len(found):
            return {}
        # Of a union it is a field that all of them have.
        return {name: held for name, held in models[0].items() if all(name in each for each in models)}

    def _given(self, frame: CallFrame, expr: ast.expr) -> str | None:
        """Return the class of what the server gives to the method that a frame was reached from, where it is that."""
        current: CallFrame | None = frame
        while current is not None and current.function is not None and isinstance(expr, ast.Name):
            kinds = [each.kind for each in self._app.names(current.module).lookup(expr.id, expr)[:2]]
            if kinds != [BindingKind.PARAMETER]:
                return None
            if current.parent is None:
                place, kind = self._saving.get(current.function, (0, None))
                return kind if expr.id in parameters(current.module, current.function)[place : place + 1] else None
            given = current.argument(expr.id)
            if given is None:
                return None
            expr, current = given, current.parent
        return None


def _objects_of(model: ModelContract) -> dict[str, str]:
    return {
        each.name: _OBJECTS[each.type]
        for each in model.fields.values()
        if each.is_required and isinstance(each.type, str) and each.type in _OBJECTS
    }


def _top_calls(module: Module) -> Iterator[ast.Call]:
    yield from (each for each in module.nodes(ast.Call) if module.enclosing_function(each) is None)


def _is_for_python(dump: ast.Call) -> bool:
    given = {each.arg: each.value for each in dump.keywords}
    if _CHOOSES & given.keys():
        return False
    match given.get("exclude"):
        case None:
            return True
        case ast.Set(elts=names) | ast.List(elts=names):
            return all(isinstance(each, ast.Constant) for each in names)
    return False


def _left_out(dump: ast.Call) -> frozenset[object]:
    """Return the fields that a dump leaves out."""
    left_out = next((each.value for each in dump.keywords if each.arg == "exclude"), None)
    names = left_out.elts if isinstance(left_out, ast.Set | ast.List) else []
    return frozenset(each.value for each in names if isinstance(each, ast.Constant))


@remembered
def _changed(_: Module, function: FunctionNode) -> dict[str, int]:
    """Return the dicts that a function changes or hands over, by their names, with the first line that they may be so.

    That is 0 where something is taken out of one or its entries are changed, wherever that is read.
    """
    found: dict[str, int] = {}
    for node in own_nodes(function):
        match node:
            case ast.Expr(value=ast.Call(args=args) | ast.Await(value=ast.Call(args=args))):
                for name in (each.id for each in args if isinstance(each, ast.Name)):
                    found[name] = min(node.end_lineno or 0, found.get(name, node.end_lineno or 0))
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=method)) if method in _CHANGES:
                found[owner] = 0
            case ast.Subscript(value=ast.Name(id=owner), ctx=ast.Del() | ast.Store()):
                found[owner] = 0
    return found
