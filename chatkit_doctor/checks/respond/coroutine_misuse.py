"""Find calls of the SDKs that are awaited though they give nothing to await, or are not though they must be."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.turns.awaits import AwaitMistake, Unawaited, misused_coroutines
from chatkit_doctor.contracts.sdk.agents import runner
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import walk

_UNAWAITED = frozenset({AwaitMistake.NOT_AWAITED, AwaitMistake.NEVER_AWAITED})
_STREAMED = "run_streamed"
_EVENTS = "stream_events()"


def coroutine_misuse(app: App) -> Iterator[Finding]:
    """Find calls of the SDKs that are awaited though they give nothing to await, or are not though they must be."""
    for found in misused_coroutines(app):
        written = found.module.location(found.call.func).text
        fact, label, help_, seen = _words(found, written)
        yield Finding(
            "CK309",
            found.module.location(found.at),
            fact,
            label=label,
            help=help_,
            seen_as=seen,
            fix=_fix(found),
        )


def _words(found: Unawaited, written: str) -> tuple[str, str, str, SeenAs | None]:
    if found.misuse is AwaitMistake.NOT_AWAITED:
        return (
            f"{written}() gives a coroutine, and it is used without an await",
            "not awaited",
            "await it",
            SeenAs("coroutine", {"name": found.asked}) if found.asked else None,
        )
    if found.misuse is AwaitMistake.NEVER_AWAITED:
        fact = f"{written}() gives a coroutine, and nothing awaits it, so that it never runs"
        return fact, "not awaited", "await it", SeenAs("never", {"name": written.rpartition(".")[2]})
    if found.misuse is AwaitMistake.AWAITED_RUN:
        names = {"kind": "RunResultStreaming"}
        return (
            f"{written}() gives no coroutine, and it is awaited",
            "awaited",
            "leave the await out",
            SeenAs("await", names),
        )
    if found.misuse is AwaitMistake.AWAITED_STREAM:
        names = {"kind": "async_generator"}
        fact = f"{written}() gives a stream of events, and it is awaited"
        return fact, "awaited", "go through it with `async for`", SeenAs("await", names)
    if found.misuse is AwaitMistake.RUN_AS_STREAM:
        fact = "the run itself is gone through with `async for`, which only its events can be"
        return fact, "a run", f"go through its {_EVENTS}", SeenAs("not-iterable")
    method = written.rpartition(".")[2]
    ran = found.run.call.func if found.run else found.call.func
    name = ran.attr if isinstance(ran, ast.Attribute) else method
    return (
        f"{written}() is given the result of {name}(), which has no events to stream",
        "not of a streamed run",
        f"start the run with {_STREAMED}(), which is not awaited",
        SeenAs("no-stream"),
    )


def _fix(found: Unawaited) -> Fix | None:
    module = found.module
    source = module.source
    function = module.enclosing_function(found.call)
    at = module.location(found.at)
    if found.misuse in _UNAWAITED and isinstance(function, ast.AsyncFunctionDef):
        return _awaiting_fix(found)
    is_gone_through = isinstance(module.parents[found.at], ast.AsyncFor)
    if found.misuse is AwaitMistake.AWAITED_RUN or (found.misuse is AwaitMistake.AWAITED_STREAM and is_gone_through):
        awaited = source.location(at.start, module.location(found.call).start)
        edits = (Edit(awaited, ""),)
        return (
            Fix("leave the await out", Applicability.SAFE, lambda: edits) if awaited.text.strip() == "await" else None
        )
    if found.misuse is AwaitMistake.RUN_AS_STREAM:
        added = Edit(source.location(at.end, at.end), f".{_EVENTS}")
        return Fix(f"go through its {_EVENTS}", Applicability.SAFE, lambda: (added,))
    return _streamed_fix(found)


def _awaiting_fix(found: Unawaited) -> Fix:
    """Return the fix that awaits a call; what is read of its result stands behind the parentheses."""
    at, source = found.module.location(found.at), found.module.source
    is_part = isinstance(found.module.parents[found.at], ast.Attribute)
    edits = [Edit(source.location(at.start, at.start), "(await " if is_part else "await ")]
    edits += [Edit(source.location(at.end, at.end), ")")] if is_part else []
    return Fix("await it", Applicability.SAFE, lambda: edits)


def _streamed_fix(found: Unawaited) -> Fix | None:
    """Return the fix that starts the run as one that is streamed, where it is awaited here and nothing else is."""
    run = found.run
    if found.misuse is not AwaitMistake.WHOLE_RESULT or run is None or not isinstance(run.call.func, ast.Attribute):
        return None
    module, awaited = run.module, run.module.parents[run.call]
    if not isinstance(awaited, ast.Await) or _STREAMED not in runner().methods or not _is_only_streamed(found, awaited):
        return None
    at, call = module.location(awaited), module.location(run.call)
    func = module.location(run.call.func)
    method = module.source.location(func.end - len(run.call.func.attr), func.end)
    lead = module.source.location(at.start, call.start)
    if lead.text.strip() != "await":
        return None
    return Fix("start a run that is streamed", Applicability.SAFE, lambda: (Edit(lead, ""), Edit(method, _STREAMED)))


def _is_only_streamed(found: Unawaited, awaited: ast.Await) -> bool:
    """Return whether a run's result has a name that is used for nothing but the stream."""
    run = found.run
    assignment = run.module.parents[awaited] if run else None
    if run is None or run.module is not found.module or not isinstance(assignment, ast.Assign | ast.AnnAssign):
        return False
    target = assignment.targets[0] if isinstance(assignment, ast.Assign) else assignment.target
    function = found.module.enclosing_function(found.call)
    if not isinstance(target, ast.Name) or function is None or function is not run.module.enclosing_function(run.call):
        return False
    uses = [each for each in walk(function) if isinstance(each, ast.Name) and each.id == target.id]
    return len([each for each in uses if isinstance(each.ctx, ast.Load)]) == 1 and len(uses) == 2
