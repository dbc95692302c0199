"""What a store hands to a writer of JSON that refuses it: models dumped as Python's own values, times among them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.backend.models.shapes import Shapes
from chatkit_doctor.backend.runs.frames import CallFrame, called, own_calls, parameters, reached
from chatkit_doctor.backend.stores.concrete import stores_to_judge
from chatkit_doctor.backend.stores.json_writers import set_as_json, written_as_json
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
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.records import dataclass

# The saving methods, with the place and the class of what each is given.
_SAVING = {SAVE_THREAD: (0, THREAD), ADD_ITEM: (1, ITEM), SAVE_ITEM: (1, ITEM), SAVE_ATTACHMENT: (0, ATTACHMENT)}
_DUMPS = frozenset({"model_dump", "dict"})
# The type of which a dump for Python holds objects that JSON has not.
_TIME = "datetime"
_CHANGES = frozenset({"pop", "update", "setdefault", "clear"})
_MAX_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Unwritable:
    """A dump that is written as JSON. field: a time in the dump. writer: what refuses it."""

    frame: CallFrame
    dump: ast.Call
    field: str
    writer: str


def unwritable_dumps(app: App) -> Iterator[Unwritable]:
    """Yield the dumps of threads and items that no store can write, by the methods of stores that hand them on."""
    if not any(f".{each}(" in module.source.text for module in app.modules() for each in _DUMPS):
        return
    search = _Search(app)
    seen: set[ast.Call] = set()
    for store in stores_to_judge(app):
        for name in _SAVING:
            method = store.method(name)
            if method is None:
                continue
            for frame in reached(app, CallFrame(method.module, method.function)):
                for each in search.written(frame):
                    if each.dump not in seen:
                        seen.add(each.dump)
                        yield each


class _Search:
    def __init__(self, app: App) -> None:
        self._app = app
        self._shapes = Shapes(app)
        self._analysis = Analysis(app)

    def written(self, frame: CallFrame) -> Iterator[Unwritable]:
        if frame.function is None:
            return
        calls = (each for call in own_calls(frame) for each in written_as_json(self._app, frame.module, call))
        for given in (*calls, *set_as_json(self._app, frame.module, frame.function)):
            for owner, dump in self._dumps(frame, given.value, 0):
                assert isinstance(dump.func, ast.Attribute)
                fields = self._times(owner, dump.func.value) - _left_out(dump)
                if fields:
                    yield Unwritable(owner, dump, min(fields), given.writer)

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
            case ast.IfExp(test=ast.Call(func=ast.Name(id="hasattr")), body=body):
                return self._dumps(frame, body, depth + 1)
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
        if function is None or [each.kind for each in bindings] != [BindingKind.ASSIGNMENT]:
            return None
        if self._analysis.growth(function).get(name.id) or any(_changes(each, name) for each in own_nodes(function)):
            return None
        return bindings[0].value

    def _times(self, frame: CallFrame, expr: ast.expr) -> frozenset[str]:
        """Return the fields that are times in whatever an expression may be; none where that is unsure."""
        contract = contract_for(self._app, frame.module.source.path)
        kind = self._given(frame, expr)
        shape = self._shapes.of(frame.module, expr) if kind is None else None
        union = contract.union(kind) if kind else None
        names = [each for each in union.members if isinstance(each, str)] if union else [kind] if kind else []
        found = [
            {name for name, field in model.fields.items() if field.is_required and field.type == _TIME}
            for each in (names or (shape.models if shape is not None else ()))
            if (model := contract.model(each)) is not None
        ]
        return frozenset(set.intersection(*found)) if found else frozenset()

    def _given(self, frame: CallFrame, expr: ast.expr) -> str | None:
        """Return the class of what the server gives to the method that a frame was reached from, where it is that."""
        current: CallFrame | None = frame
        while current is not None and current.function is not None and isinstance(expr, ast.Name):
            kinds = [each.kind for each in self._app.names(current.module).lookup(expr.id, expr)]
            if kinds != [BindingKind.PARAMETER]:
                return None
            if current.parent is None:
                place, kind = _SAVING[current.function.name]
                return kind if expr.id in parameters(current.module, current.function)[place : place + 1] else None
            given = current.argument(expr.id)
            if given is None:
                return None
            expr, current = given, current.parent
        return None


def _is_for_python(dump: ast.Call) -> bool:
    given = {each.arg: each.value for each in dump.keywords}
    return None not in given and not {"include", "mode", "serialize_as_any", "context"} & given.keys()


def _left_out(dump: ast.Call) -> frozenset[str]:
    """Return the fields that a dump leaves out; all where they are not written there."""
    left_out = next((each.value for each in dump.keywords if each.arg == "exclude"), None)
    match left_out:
        case None:
            return frozenset()
        case ast.Set(elts=names) | ast.List(elts=names) if all(isinstance(each, ast.Constant) for each in names):
            return frozenset(str(each.value) for each in names if isinstance(each, ast.Constant))
    return frozenset({"created_at"})


def _changes(node: ast.AST, name: ast.Name) -> bool:
    """Return whether a node takes something out of a dict, changes its entries, or may before it is read there."""
    match node:
        case ast.Expr(value=ast.Call(args=args) | ast.Await(value=ast.Call(args=args))):
            is_handed_over = any(isinstance(each, ast.Name) and each.id == name.id for each in args)
            return is_handed_over and (node.end_lineno or 0) < name.lineno
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=method)):
            return owner == name.id and method in _CHANGES
        case ast.Subscript(value=ast.Name(id=owner), ctx=ast.Del() | ast.Store()):
            return owner == name.id
    return False
