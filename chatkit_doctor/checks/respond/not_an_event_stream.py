"""Find methods of a server that answer with something else than a stream of ChatKit's events."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.results import CallResult, results_of
from chatkit_doctor.backend.runs.frames import CallFrame
from chatkit_doctor.backend.turns.answers import Yielded, answers, is_generator, yielded
from chatkit_doctor.checks.respond.not_an_event_stream_fix import done_fix
from chatkit_doctor.contracts.sdk.sdk_names import DONE, EVENT, ITEM, UPDATE, UPDATED
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import last_part

# What the language calls the values that can be told from their spelling.
_KINDS: tuple[tuple[type[ast.expr], str], ...] = (
    (ast.JoinedStr, "str"),
    (ast.Dict, "dict"),
    (ast.DictComp, "dict"),
    (ast.List, "list"),
    (ast.ListComp, "list"),
    (ast.Tuple, "tuple"),
)


def not_an_event_stream(app: App) -> Iterator[Finding]:
    """Find methods of a server that answer with something else than a stream of ChatKit's events."""
    for answer in answers(app):
        assert answer.function is not None
        if not is_generator(answer.function):
            yield from _without_yield(app, answer)
            continue
        if isinstance(answer.function, ast.FunctionDef):
            yield _of_method(answer, "a plain generator, which the server cannot go through", "generator")
            continue
        for each in yielded(app, answer):
            yield from _of_value(app, answer, each)


def _without_yield(app: App, answer: CallFrame) -> Iterator[Finding]:
    """Find an `async def` that yields nothing; a plain `def` may hand on the stream of another."""
    function = answer.function
    assert function is not None
    if function.decorator_list or _only_raises(function):
        return
    if isinstance(function, ast.AsyncFunctionDef):
        yield _of_method(answer, "a coroutine: it yields nothing", "coroutine")
        return
    results = results_of(app, answer.module, function)
    values = [each for each, result in results.items() if result is CallResult.VALUE and each is not None]
    kind = _kind(values[0]) if len(values) == len(results) == 1 else None
    if kind is not None:
        yield _of_method(answer, f"a {kind}, and not a stream of events", kind)


def _only_raises(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    body = [each for each in function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    return not body or all(isinstance(each, ast.Raise | ast.Pass) for each in body)


def _of_method(answer: CallFrame, what: str, got: str) -> Finding:
    assert answer.function is not None
    name = answer.function.name
    return Finding(
        "CK308",
        answer.module.name_location(answer.function),
        f"{name}() gives the server {what}",
        label="is gone through with `async for`",
        help=f"write it as `async def {name}(…)` that yields ChatKit's events",
        seen_as=SeenAs("not-iterable", {"kind": got}),
    )


def _of_value(app: App, answer: CallFrame, each: Yielded) -> Iterator[Finding]:
    assert answer.function is not None
    module = each.frame.module
    for value in app.flow.sources(module, each.value):
        kind = _kind(value.expr)
        name = sdk_name(app, value.module, value.expr.func) if isinstance(value.expr, ast.Call) else None
        model = _no_event(app, each.frame, name) if name else None
        if kind is None and model is None:
            continue
        what = f"a {kind}" if kind else f"{last_part(model or '')} itself"
        is_item = model in _members(app, each.frame, ITEM)
        yield Finding(
            "CK308",
            module.location(each.value),
            f"{answer.function.name}() yields {what}, which is no event of ChatKit's",
            label="no event",
            help=_help(app, each.frame, model),
            seen_as=SeenAs("no-model", {"kind": kind}) if kind else SeenAs("not-shown"),
            fix=done_fix(app, each) if is_item else None,
        )
        return


def _help(app: App, frame: CallFrame, model: str | None) -> str:
    if model in _members(app, frame, ITEM):
        return f"yield {last_part(DONE)}(item=…) of it, which shows and stores it"
    if model in _members(app, frame, UPDATE):
        return f"yield {last_part(UPDATED)}(item_id=…, update=…) of it, so that it is known which item changes"
    return f"yield {last_part(DONE)}(item=…) with an AssistantMessageItem that says it"


def _kind(expr: ast.expr) -> str | None:
    if isinstance(expr, ast.Constant):
        return type(expr.value).__name__ if expr.value is not None and expr.value is not ... else None
    return next((kind for node, kind in _KINDS if isinstance(expr, node)), None)


def _no_event(app: App, frame: CallFrame, name: str) -> str | None:
    """Return the dotted name of a model of the SDK that is an item or an update, and so no event."""
    if name in _members(app, frame, EVENT):
        return None
    return name if name in (*_members(app, frame, ITEM), *_members(app, frame, UPDATE)) else None


def _members(app: App, frame: CallFrame, name: str) -> tuple[str, ...]:
    union = contract_for(app, frame.module.source.path).union(name)
    return tuple(each for each in union.members if isinstance(each, str)) if union is not None else ()
