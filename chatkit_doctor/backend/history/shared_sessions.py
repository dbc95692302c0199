"""Sessions of the Agents SDK in which all threads of a server remember together."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.crowds import same_for_all_uses
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.backend.runs.frames import framed_runs
from chatkit_doctor.backend.runs.runs import Run
from chatkit_doctor.contracts.sdk.agents import is_session, runner_session
from chatkit_doctor.contracts.sdk.sdk_names import ACTION, RESPOND
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class SharedSession:
    """A session that the runs of all threads are given. value: as the run is given it. made: the call that makes it."""

    run: Run
    value: ast.expr
    made: PlacedExpr
    is_made_once: bool


def shared_sessions(app: App) -> Iterator[SharedSession]:
    """Yield the sessions that turns hand to a run and that are the same whatever the thread is."""
    for framed in framed_runs(app):
        root = framed.frame.root.function
        value = (framed.run.keywords or {}).get(runner_session())
        if value is None or root is None or root.name not in {RESPOND, ACTION}:
            continue
        made = _sessions(app, framed.run.module, value)
        if (len(made) == 1 and (is_once := _is_made_once(made[0]))) or (len(made) == 1 and _is_one_by_name(made[0])):
            yield SharedSession(framed.run, value, made[0], is_once)


@same_for_all_uses
def _sessions(app: App, module: Module, value: ast.expr) -> list[PlacedExpr]:
    return [each for each in app.flow.sources(module, value) if _makes_session(app, each)]


def _makes_session(app: App, value: PlacedExpr) -> bool:
    dotted = app.names(value.module).qualified(value.expr.func) if isinstance(value.expr, ast.Call) else None
    return dotted is not None and is_session(dotted)


def _is_made_once(made: PlacedExpr) -> bool:
    """Return whether a session is made with the module, the class or the server, and not for a turn."""
    function = made.module.enclosing_function(made.expr)
    return function is None or function.name == "__init__"


def _is_one_by_name(made: PlacedExpr) -> bool:
    """Return whether a session has an id written in the program and a place where it outlives the turn."""
    call = made.expr
    assert isinstance(call, ast.Call)
    name = argument(call, 0, "session_id")
    return isinstance(name, ast.Constant) and isinstance(name.value, str) and len(call.args) + len(call.keywords) > 1
