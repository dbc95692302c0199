"""Whether a value is surely made of the stored items of a thread, the assistant's messages among them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from enum import Enum

from chatkit_doctor.backend.history.calls import loads_one
from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.backend.parameter_values import values
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ITEMS
from chatkit_doctor.patterns import regex
from chatkit_doctor.python.flow import PlacedExpr, returned
from chatkit_doctor.python.module import Module, walk
from chatkit_doctor.python.names import BindingKind

_MAX_STEPS = 200
# What gives back all that it is given.
_KEEPERS = frozenset({"list", "tuple", "reversed", "sorted"})
# A condition with one of these words may leave the assistant's messages out.
_WHO_SAID_IT = regex(r"user|assistant|role|author")


class _Held(Enum):
    LOADED = "stored items"
    NOTHING = "nothing of its own"
    UNKNOWN = "what cannot be told"


def holds_loaded_items(analysis: Analysis, module: Module, expr: ast.expr) -> bool:
    """Return whether an expression's value is surely more than one stored item, by whatever way it was loaded."""
    return _Search(analysis).held(PlacedExpr(module, expr)) is _Held.LOADED


class _Search:
    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._seen: set[ast.expr] = set()
        self._named: set[int] = set()

    def held(self, value: PlacedExpr) -> _Held:
        if value.expr in self._seen:
            return _Held.NOTHING
        if len(self._seen) > _MAX_STEPS:
            return _Held.UNKNOWN
        self._seen.add(value.expr)
        module, expr = value.module, value.expr
        if isinstance(expr, ast.Name):
            return self._all(self._bound(module, expr))
        if isinstance(expr, ast.Call):
            return self._of_call(module, expr)
        parts = _parts(expr)
        return _Held.UNKNOWN if parts is None else self._all(PlacedExpr(module, each) for each in parts)

    def _all(self, parts: Iterable[PlacedExpr | None]) -> _Held:
        found = _Held.NOTHING
        for each in parts:
            held = _Held.UNKNOWN if each is None else self.held(each)
            if held is _Held.UNKNOWN:
                return held
            if held is _Held.LOADED:
                found = held
        return found

    def _of_call(self, module: Module, call: ast.Call) -> _Held:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == LOAD_ITEMS:
            return _Held.UNKNOWN if loads_one(call) else _Held.LOADED
        if isinstance(func, ast.Name) and func.id in _KEEPERS:
            return self._all(PlacedExpr(module, each) for each in call.args[:1])
        target = self._analysis.app.flow.function(module, call)
        results = returned(target[1]) if target else []
        if target is None or not results:
            return _Held.UNKNOWN
        return self._all(PlacedExpr(target[0], each) for each in results)

    def _bound(self, module: Module, name: ast.Name) -> Iterator[PlacedExpr | None]:
        """Yield what a name may stand for and what it was filled with, None for what cannot be told."""
        bindings = self._analysis.app.names(module).lookup(name.id, name)
        if not bindings:
            yield None
        # All uses of a variable have one list, and what it holds is among what was looked at for the first.
        if id(bindings) in self._named:
            return
        self._named.add(id(bindings))
        for binding in bindings:
            if binding.kind is BindingKind.ASSIGNMENT and binding.value is not None:
                yield PlacedExpr(module, binding.value)
            elif binding.kind is BindingKind.PARAMETER:
                passed = [each for each in values(self._analysis.app, module, name) if each.expr is not name]
                yield from passed
                if not passed:
                    yield None
            elif not isinstance(parent := module.parents[binding.node], ast.AugAssign):
                yield None
            else:
                yield PlacedExpr(module, parent.value)
        function = module.enclosing_function(name)
        for filled in self._analysis.growth(function).get(name.id, ()) if function else ():
            yield PlacedExpr(module, filled)


def _parts(expr: ast.expr) -> list[ast.expr] | None:
    """Return the expressions whose items an expression gives as they are, None where it may give others."""
    match expr:
        case ast.Constant(value=None):
            return []
        case ast.Await(value=inner) | ast.NamedExpr(value=inner) | ast.Attribute(value=inner, attr="data"):
            return [inner]
        case ast.Subscript(value=inner, slice=ast.Slice() as part) if not _is_one(part):
            return [inner]
        case ast.IfExp(body=first, orelse=second) | ast.BinOp(left=first, op=ast.Add(), right=second):
            return [first, second]
        case ast.BoolOp(op=ast.Or(), values=either):
            return either
        case ast.List(elts=elements):
            # A message that is added, or the only one where nothing could be loaded, takes nothing away.
            return [each.value for each in elements if isinstance(each, ast.Starred)]
        case ast.ListComp(generators=[loop, *_]) if _keeps_all(expr):
            return [loop.iter]
    return None


def _is_one(part: ast.Slice) -> bool:
    bounds = (part.lower, part.upper)
    return any(each is not None and ast.unparse(each) in {"1", "-1"} for each in bounds)


def _keeps_all(made: ast.ListComp) -> bool:
    """Return whether a comprehension keeps its items as they are, the assistant's among them."""
    (loop, *others) = made.generators
    is_same = ast.dump(made.elt) == ast.dump(loop.target).replace("Store()", "Load()")
    return is_same and not others and all(map(_keeps_answers, loop.ifs))


def _keeps_answers(condition: ast.expr) -> bool:
    calls = [each.func for each in walk(condition) if isinstance(each, ast.Call)]
    known = all(isinstance(each, ast.Name) and each.id in {"isinstance", "getattr", "hasattr"} for each in calls)
    return known and _WHO_SAID_IT.search(ast.unparse(condition).lower()) is None
