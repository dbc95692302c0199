"""How the stream that `process` gives is answered with: as what type, and whether its bytes are wrapped once more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.endpoints.misuses import results
from chatkit_doctor.backend.endpoints.process import ProcessCall
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.frameworks import ArgumentPlace, WrittenResponse, streaming_response, written_response
from chatkit_doctor.contracts.sdk.sdk_names import EVENT_STREAM
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module, is_none, walk
from chatkit_doctor.records import dataclass

_CONTENT_TYPE = "content-type"

# The signal of aiohttp's by which an app changes every answer before it is sent.
_BEFORE_IT_GOES = "on_response_prepare"


@dataclass(frozen=True, slots=True)
class WrongType:
    """An answer with the stream that does not call it one. written: what it is called, None for nothing."""

    module: Module
    call: ast.Call
    place: ArgumentPlace
    written: ast.Constant | None


@dataclass(frozen=True, slots=True)
class WrappedAgain:
    """A `yield` that puts an event of the stream into another. chunk: the name of what comes from the stream."""

    module: Module
    node: ast.Yield
    chunk: str


def wrong_types(app: App, process: ProcessCall) -> Iterator[WrongType]:
    """Yield the answers with the stream of one call of `process` whose type is told, or left out, wrongly."""
    module = process.module
    for call in _given_to(process, results(app, process)):
        place = streaming_response(app.names(module).qualified(call.func) or "")
        if place is None or any(each.arg is None for each in call.keywords):
            continue
        given = argument(call, *place)
        if given is None and not _may_set_type(app, module, call):
            yield WrongType(module, call, place, None)
        elif isinstance(given, ast.Constant) and not str(given.value).lower().startswith(EVENT_STREAM):
            yield WrongType(module, call, place, given)


def untyped_responses(app: App, process: ProcessCall) -> Iterator[ast.Call]:
    """Yield the answers without a type to which the events of one call of `process` are written one after another."""
    for module, loop in _loops(app, process):
        for each in walk(loop):
            if not isinstance(each, ast.Call) or not isinstance(each.func, ast.Attribute):
                continue
            made = [found.expr for found in app.flow.sources(module, each.func.value)]
            call = made[0] if len(made) == 1 and isinstance(made[0], ast.Call) else None
            known = written_response(app.names(module).qualified(call.func) or "") if call is not None else None
            if call is None or known is None or each.func.attr != known.writes:
                continue
            given = {keyword.arg for keyword in call.keywords}
            if not (given & {None, known.headers} or call.args) and not _is_typed(module, each.func.value, known):
                yield call


def _is_typed(module: Module, answer: ast.expr, known: WrittenResponse) -> bool:
    """Return whether a function says of an answer what it is, or may: by its type, or by its headers."""
    name = answer.id if isinstance(answer, ast.Name) else None
    if name is None or _BEFORE_IT_GOES in module.source.text:
        return True
    is_said = any(
        isinstance(each.value, ast.Name) and each.value.id == name and each.attr in {known.headers, known.type}
        for each in module.nodes(ast.Attribute)
    )
    # What it is given to may say it as well.
    given = (part for each in module.nodes(ast.Call) for part in each.args)
    return is_said or any(isinstance(each, ast.Name) and each.id == name for each in given)


def _given_to(process: ProcessCall, values: Iterator[ast.expr]) -> Iterator[ast.Call]:
    """Yield the calls that are given the result first, as it is or in a function around it."""
    for value in values:
        call = process.module.parents[value]
        if isinstance(call, ast.Call) and call.args[:1] == [value]:
            outer = process.module.parents[call]
            yield call
            if isinstance(outer, ast.Call) and outer.args[:1] == [call]:
                yield outer


def _may_set_type(app: App, module: Module, call: ast.Call) -> bool:
    """Return whether the headers of an answer name its type, or may."""
    given = argument(call, 2, "headers")
    if given is None or is_none(given):
        return False
    made = list(app.flow.sources(module, given))
    headers = made[0].expr if len(made) == 1 else given
    if not isinstance(headers, ast.Dict) or (isinstance(given, ast.Name) and _is_written_to(module, given)):
        return True
    names = [each.value if isinstance(each, ast.Constant) else None for each in headers.keys]
    return any(not isinstance(each, str) or each.lower() == _CONTENT_TYPE for each in names)


def _is_written_to(module: Module, name: ast.Name) -> bool:
    return any(
        isinstance(each.ctx, ast.Store) and isinstance(each.value, ast.Name) and each.value.id == name.id
        for each in module.nodes(ast.Subscript)
    )


def wrapped_again(app: App, process: ProcessCall) -> Iterator[WrappedAgain]:
    """Yield where the events of the stream of one call of `process` are put into events."""
    for module, loop in _loops(app, process):
        if not isinstance(loop.target, ast.Name):
            continue
        for node in walk(loop):
            if isinstance(node, ast.Yield) and _is_event_of(node.value, loop.target.id):
                yield WrappedAgain(module, node, loop.target.id)


def _loops(app: App, process: ProcessCall) -> Iterator[tuple[Module, ast.AsyncFor]]:
    """Yield the loops over the stream: in the function itself, in one inside it, or in one that is given it."""
    module = process.module
    if process.result is not None:
        for loop in module.nodes(ast.AsyncFor):
            if isinstance(loop.iter, ast.Name) and loop.iter.id == process.result and _sees(app, process, loop.iter):
                yield module, loop
    for call in _given_to(process, results(app, process)):
        target = app.flow.function(module, call)
        if target is not None and target[1].args.args:
            yield from ((target[0], loop) for loop in _loops_over(target[1], target[1].args.args[0].arg))


def _sees(app: App, process: ProcessCall, name: ast.Name) -> bool:
    """Return whether a name means what the result was assigned to."""
    bindings = app.names(process.module).lookup(name.id, name)
    parents = {process.call, *process.module.ancestors(process.call)}
    return len(bindings) == 1 and bindings[0].value in parents


def _loops_over(function: FunctionNode, name: str) -> Iterator[ast.AsyncFor]:
    for node in walk(function):
        if isinstance(node, ast.AsyncFor) and isinstance(node.iter, ast.Name) and node.iter.id == name:
            yield node


def _is_event_of(expr: ast.expr | None, chunk: str) -> bool:
    """Return whether an expression writes `data:` before what comes from the stream."""
    first: ast.expr | None = None
    if isinstance(expr, ast.JoinedStr) and expr.values:
        first = expr.values[0]
    elif isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
        first = expr.left
        while isinstance(first, ast.BinOp):
            first = first.left
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str | bytes):
        return False
    text = first.value.decode(errors="replace") if isinstance(first.value, bytes) else first.value
    names = {node.id for node in walk(expr) if isinstance(node, ast.Name)} if expr is not None else set()
    return text.startswith("data:") and chunk in names
