"""Where the SDKs' functions are awaited that give nothing to await, and where they are not that must be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.runs.runs import Run, run_of
from chatkit_doctor.backend.runs.streams import run_behind, stream_calls
from chatkit_doctor.backend.store_calls import gives_coroutine, store_calls
from chatkit_doctor.contracts.sdk.agents import awaited_runs, runner
from chatkit_doctor.contracts.sdk.sdk_names import CONVERT, CONVERT_ITEMS, STREAM
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_names
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part

_OF_COROUTINES = frozenset({"send", "throw", "close"})


class AwaitMistake(Enum):
    """What is wrong about a call."""

    NOT_AWAITED = "a coroutine that is used as its result"
    NEVER_AWAITED = "a coroutine that is dropped"
    AWAITED_RUN = "a run that is streamed, awaited"
    AWAITED_STREAM = "a stream of events, awaited"
    RUN_AS_STREAM = "a run, gone through with `async for`"
    WHOLE_RESULT = "the result of a run that is not streamed, streamed"


@dataclass(frozen=True, slots=True)
class Unawaited:
    """A call of the SDKs and what is wrong about it. at: where that shows. run: the run it is, or streams.

    asked: the attribute that a coroutine is asked for in vain, "" for none: a run copies its input.
    """

    misuse: AwaitMistake
    module: Module
    call: ast.Call
    at: ast.expr
    run: Run | None = None
    asked: str = "copy"


def misused_coroutines(app: App) -> Iterator[Unawaited]:
    """Yield the calls that are awaited, or not, against what they give; tests left out."""
    for module in app.own_modules():
        if app.is_test_file(module.source.path):
            continue
        text = module.source.text
        if any(each in text for each in (last_part(CONVERT), last_part(STREAM), CONVERT_ITEMS)):
            yield from _of_sdk(app, module)
        if any(method in text for method in runner().streamed):
            yield from _of_runs(app, module)
        yield from _of_awaited_runs(app, module)
    for found in store_calls(app):
        left = _left_unawaited(found.module, found.call)
        if left is not None and gives_coroutine(app, found):
            yield Unawaited(left[0], found.module, found.call, found.call, asked=left[1])
    for stream in stream_calls(app):
        run = run_behind(app, stream)
        if run is None or run.streamed or run.agent is None or app.is_test_file(stream.module.source.path):
            continue
        yield Unawaited(AwaitMistake.WHOLE_RESULT, stream.module, stream.call, stream.call.args[1], run)


def _of_sdk(app: App, module: Module) -> Iterator[Unawaited]:
    for call in module.nodes(ast.Call):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name == CONVERT_ITEMS and _is_async_converter(app, module, call) and _is_used_unawaited(app, module, call):
            yield Unawaited(AwaitMistake.NOT_AWAITED, module, call, call)
        if name not in {last_part(CONVERT), last_part(STREAM)}:
            continue
        dotted = sdk_name(app, module, call.func)
        if dotted == CONVERT and _is_used_unawaited(app, module, call):
            yield Unawaited(AwaitMistake.NOT_AWAITED, module, call, call)
        if dotted == STREAM and isinstance(awaited := module.parents[call], ast.Await):
            yield Unawaited(AwaitMistake.AWAITED_STREAM, module, call, awaited)


def _is_used_unawaited(app: App, module: Module, call: ast.Call) -> bool:
    """Return whether a run is given what a call of a coroutine function gives, with no `await` on the way."""
    parent = module.parents[call]
    if isinstance(parent, ast.keyword):
        parent = module.parents[parent]
    if isinstance(parent, ast.Call):
        return run_of(app, module, parent) is not None
    match parent:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            function = module.enclosing_function(call)
            if function is None or len(own_names(function, name, ast.Store)) != 1:
                return False
            uses = own_names(function, name, ast.Load)
            return bool(uses) and all(_goes_into_run(app, module, each) for each in uses)
    return False


def _is_async_converter(app: App, module: Module, call: ast.Call) -> bool:
    """Return whether a converter's method is the SDK's, or one of the project's that is a coroutine as that is."""
    target = app.flow.function(module, call)
    return target is None or isinstance(target[1], ast.AsyncFunctionDef)


def _of_awaited_runs(app: App, module: Module) -> Iterator[Unawaited]:
    for call in module.nodes(ast.Call):
        func = call.func
        if not isinstance(func, ast.Attribute) or func.attr not in awaited_runs():
            continue
        run = run_of(app, module, call)
        left = _left_unawaited(module, call) if run is not None and run.agent is not None else None
        if left is not None:
            yield Unawaited(left[0], module, call, call, run, left[1])


def _left_unawaited(module: Module, call: ast.Call) -> tuple[AwaitMistake, str] | None:
    """Return what is wrong about a call that gives a coroutine: it is dropped, or read as if it were the result.

    With it comes the attribute that is read first, "" for none.
    """
    parent = module.parents[call]
    if isinstance(parent, ast.Expr):
        return AwaitMistake.NEVER_AWAITED, ""
    uses: list[ast.expr] = [call]
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        function, name = module.enclosing_function(call), parent.targets[0].id
        if function is None or len(own_names(function, name, ast.Store)) != 1 or own_names(function, name, ast.Del):
            return None
        uses = list[ast.expr](own_names(function, name, ast.Load))
    read = [_read(module.parents[each], each) for each in uses]
    return (AwaitMistake.NOT_AWAITED, read[0] or "") if read and None not in read else None


def _read(parent: ast.AST, value: ast.expr) -> str | None:
    """Return the attribute that is read of a value and that no coroutine has, "" for a loop over it, else None."""
    if isinstance(parent, ast.For) and parent.iter is value:
        return ""
    is_asked = isinstance(parent, ast.Attribute) and parent.value is value and parent.attr not in _OF_COROUTINES
    return parent.attr if is_asked and isinstance(parent, ast.Attribute) else None


def _goes_into_run(app: App, module: Module, use: ast.Name) -> bool:
    parent = module.parents[use]
    if isinstance(parent, ast.keyword):
        parent = module.parents[parent]
    return isinstance(parent, ast.Call) and run_of(app, module, parent) is not None


def _of_runs(app: App, module: Module) -> Iterator[Unawaited]:
    for awaited in module.nodes(ast.Await):
        run = run_of(app, module, awaited.value) if isinstance(awaited.value, ast.Call) else None
        if run is not None and run.streamed:
            yield Unawaited(AwaitMistake.AWAITED_RUN, module, run.call, awaited, run)
    for loop in module.nodes(ast.AsyncFor):
        made = list(app.flow.sources(module, loop.iter))
        run = (
            run_of(app, made[0].module, made[0].expr) if len(made) == 1 and isinstance(made[0].expr, ast.Call) else None
        )
        if run is not None and run.streamed:
            yield Unawaited(AwaitMistake.RUN_AS_STREAM, module, run.call, loop.iter, run)
