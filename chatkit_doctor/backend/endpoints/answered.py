"""What an endpoint answers with for each of the two results of `process`, where its conditions tell them apart."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.endpoints.process import ProcessCall
from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.contracts.sdk.sdk_names import PLAIN_JSON, PLAIN_RESULT, STREAMING_RESULT
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, is_none
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.remembered import remembered
from chatkit_doctor.words import last_part

# The attributes of each, those aside that every object has.
_ATTRIBUTES = {PLAIN_RESULT: frozenset({PLAIN_JSON}), STREAMING_RESULT: frozenset({"__aiter__", "json_events"})}
_PLAIN_TYPES = frozenset({"dict", "str", "bytes", "list", "tuple", "int"})
_NAMING = frozenset({"str", "repr"})


def answered_by_name(app: App, process: ProcessCall) -> Iterator[tuple[str, ast.Call]]:
    """Yield where an endpoint answers with `str()` of a result, which names the object, and the result's class."""
    function = process.function
    if function is None or process.result is None or not _is_bound_once(app, process):
        return
    leaving = _leaving(app, function)
    seen: set[ast.Call] = set()
    for kind in _ATTRIBUTES:
        path = _Path(app, process, kind)
        for value in path.answers(leaving):
            for named in path.named(value):
                if named not in seen:
                    seen.add(named)
                    yield last_part(kind), named


@remembered
def _leaving(_: App, function: FunctionNode) -> tuple[ast.stmt, ...]:
    """Return the statements of a function that may leave it: no other bears on what it answers with."""
    return tuple(each for each in function.body if _leaves(each))


def _is_bound_once(app: App, process: ProcessCall) -> bool:
    names = app.names(process.module)
    bindings = names.lookup(process.result or "", process.call)
    return len(bindings) == 1 and bindings[0].kind is BindingKind.ASSIGNMENT


class _Path:
    """The way that one result takes through a function. kind: the class of the result."""

    def __init__(self, app: App, process: ProcessCall, kind: str) -> None:
        self._app, self._module, self._kind = app, process.module, kind
        self._result, self._begin = process.result, process.call.lineno
        self._is_over = False

    def answers(self, statements: Sequence[ast.stmt]) -> Iterator[ast.expr]:
        """Yield what is returned on the way, as far as the conditions on it are told."""
        for each in statements:
            if self._is_over or (each.end_lineno or 0) <= self._begin:
                continue
            match each:
                case ast.Return(value=value):
                    self._is_over = True
                    if value is not None:
                        yield value
                case ast.Raise():
                    self._is_over = True
                case ast.If():
                    yield from self._branch(each)
                case ast.Try() | ast.With() | ast.AsyncWith():
                    yield from self.answers(each.body)
                case ast.For() | ast.AsyncFor() | ast.While() | ast.Match():
                    self._is_over = _leaves(each)

    def _branch(self, choice: ast.If) -> Iterator[ast.expr]:
        truth = self._truth(choice.test)
        if truth is not None:
            yield from self.answers(choice.body if truth else choice.orelse)
        elif _leaves(choice):
            # Which way it goes is not known, nor what comes behind it.
            self._is_over = True

    def named(self, value: ast.expr) -> Iterator[ast.Call]:
        """Yield `str(result)` where it is what an answer is made of."""
        match value:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                truth = self._truth(test)
                yield from self.named(body if truth else orelse) if truth is not None else ()
            case ast.Call(func=ast.Name(id=name), args=[ast.Name(id=given)], keywords=[]) if name in _NAMING:
                if given == self._result:
                    yield value
            case ast.Call(args=args, keywords=keywords):
                for each in (*args[:1], *(one.value for one in keywords if one.arg == "content")):
                    yield from self.named(each)

    def _truth(self, test: ast.expr) -> bool | None:
        """Return what a condition is for this result; None where that is not told."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                truth = self._truth(inner)
                return None if truth is None else not truth
            case ast.BoolOp(op=op, values=values):
                found = [self._truth(each) for each in values]
                decisive = isinstance(op, ast.Or)
                return decisive if decisive in found else None if None in found else not decisive
            case ast.Call(func=ast.Name(id="hasattr"), args=[ast.Name(id=name), ast.Constant(value=str(attribute))]):
                if name != self._result:
                    return None
                is_there = attribute in _ATTRIBUTES[self._kind]
                return is_there if is_there or not attribute.startswith("_") or attribute == "__aiter__" else None
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), kinds]) if name == self._result:
                every = kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]
                found = [self._is_of(each) for each in every]
                return True if True in found else None if None in found else False
            case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[other]):
                is_asked = name == self._result and is_none(other) and isinstance(op, ast.Is | ast.IsNot)
                return isinstance(op, ast.IsNot) if is_asked else None
        return None

    def _is_of(self, class_: ast.expr) -> bool | None:
        found = sdk_name(self._app, self._module, class_)
        if found in _ATTRIBUTES:
            return found == self._kind
        if isinstance(class_, ast.Name) and class_.id in _PLAIN_TYPES:
            return None if self._app.names(self._module).lookup(class_.id, class_) else False
        return None


def _leaves(statement: ast.stmt) -> bool:
    return any(isinstance(each, ast.Return | ast.Raise) for each in ast.walk(statement))
