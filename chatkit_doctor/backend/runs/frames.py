"""The functions that a turn runs through: a method that the server calls, and the project's own that it calls in turn.

A frame knows by which call its function was reached, so that a parameter can be followed to what was passed for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.runs.runs import Run, calls_like_runs, run_of
from chatkit_doctor.backend.servers import servers
from chatkit_doctor.contracts.sdk.agents import runner
from chatkit_doctor.contracts.sdk.model_calls import model_functions, model_methods, posted_request
from chatkit_doctor.contracts.sdk.sdk_names import ACTION, RESPOND
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part

_MAX_DEPTH = 8


@dataclass(frozen=True, eq=False, slots=True)
class CallFrame:
    """A function as one call reaches it. function: None at the top of a module. call: it stands in the parent."""

    module: Module
    function: FunctionNode | None
    parent: CallFrame | None = None
    call: ast.Call | None = None

    @property
    def root(self) -> CallFrame:
        """Return the frame that all began with."""
        frame = self
        while frame.parent is not None:
            frame = frame.parent
        return frame

    @property
    def frames(self) -> Iterator[CallFrame]:
        """Yield this frame and those that it was reached through."""
        frame: CallFrame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent

    @property
    def functions(self) -> Iterator[FunctionNode | None]:
        """Yield the functions that are being run, innermost first."""
        yield from (frame.function for frame in self.frames)

    def argument(self, name: str) -> ast.expr | None:
        """Return what the call passes for a parameter, an expression of the parent; None where it leaves it out."""
        if self.call is None or self.function is None:
            return None
        for keyword in self.call.keywords:
            if keyword.arg == name:
                return keyword.value
        names = parameters(self.module, self.function)
        before = self.call.args[: names.index(name) + 1] if name in names else []
        if not before or len(before) <= names.index(name) or any(isinstance(each, ast.Starred) for each in before):
            return None
        return before[-1]

    def default(self, name: str) -> ast.expr | None:
        """Return the default of a parameter."""
        if self.function is None:
            return None
        arguments = self.function.args
        positional = [*arguments.posonlyargs, *arguments.args]
        behind = zip(reversed(positional), reversed(arguments.defaults), strict=False)
        named = [*behind, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
        return next((value for parameter, value in named if parameter.arg == name), None)


@dataclass(frozen=True, slots=True)
class FramedRun:
    """A run, and the function that it stands in as one call reached it."""

    frame: CallFrame
    run: Run


def parameters(module: Module, function: FunctionNode) -> list[str]:
    """Return the names of the parameters that a call passes by position: the object of a method is none."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    is_method = isinstance(module.parents[function], ast.ClassDef)
    is_static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.decorator_list)
    return names[1:] if is_method and not is_static else names


def called(app: App, frame: CallFrame, call: ast.Call) -> CallFrame | None:
    """Return the project's function that a call runs, None for any other and for one that is being run already."""
    target = app.flow.function(frame.module, call)
    running = list(frame.functions)
    if target is None or target[1] in running or len(running) > _MAX_DEPTH:
        return None
    return CallFrame(*target, frame, call)


def turns(app: App) -> tuple[CallFrame, ...]:
    """Return the frames of the methods by which the project's servers answer, and of all that these call."""
    return app.derive(_turns)


def _turns(app: App) -> tuple[CallFrame, ...]:
    found: dict[FunctionNode, CallFrame] = {}
    for view in servers(app):
        for name in (RESPOND, ACTION):
            method = view.method(name)
            if method is not None and method[1] not in found:
                _reach(app, CallFrame(method[0].module, method[1]), found)
    return tuple(found.values())


def reached(app: App, frame: CallFrame) -> tuple[CallFrame, ...]:
    """Return a frame and those that it leads to, each function once."""
    found: dict[FunctionNode, CallFrame] = {}
    _reach(app, frame, found)
    return tuple(found.values())


def _reach(app: App, frame: CallFrame, found: dict[FunctionNode, CallFrame]) -> None:
    """Note a frame and those that it leads to, each function once."""
    waiting = [frame]
    while waiting:
        current = waiting.pop(0)
        if current.function is None or current.function in found:
            continue
        found[current.function] = current
        calls = (node for node in walk(current.function) if isinstance(node, ast.Call))
        waiting += [inner for call in calls if (inner := called(app, current, call)) is not None]


def framed_runs(app: App) -> tuple[FramedRun, ...]:
    """Return the runs outside of tests: those of turns as they are reached, and any other by itself."""
    return app.derive(_framed_runs)


def _framed_runs(app: App) -> tuple[FramedRun, ...]:
    reached = {frame.function: frame for frame in turns(app)}
    alone: dict[tuple[Module, FunctionNode | None], CallFrame] = {}
    found: list[FramedRun] = []
    for module in dict.fromkeys((*(frame.module for frame in reached.values()), *app.modules())):
        if app.is_test_file(module.source.path) or not any(each in module.source.text for each in _words()):
            continue
        for call in calls_like_runs(module):
            run = run_of(app, module, call)
            if run is None:
                continue
            function = module.enclosing_function(call)
            frame = reached.get(function) or alone.get((module, function))
            if frame is None:
                frame = _frame_around(module, function, reached) or CallFrame(module, function)
                alone[module, function] = frame
            found.append(FramedRun(frame, run))
    return tuple(found)


def _frame_around(
    module: Module, function: FunctionNode | None, reached: dict[FunctionNode | None, CallFrame]
) -> CallFrame | None:
    """Return the frame that a function inside another one is run in, as the variables of the other are seen there."""
    outer = module.enclosing_function(function) if function is not None else None
    while outer is not None and function is not None:
        if outer in reached:
            return CallFrame(module, function, reached[outer])
        outer = module.enclosing_function(outer)
    return None


def _words() -> frozenset[str]:
    """Return the words of which one stands in each file that starts a run."""
    calls = {last_part(each) for each in (*model_methods(), *model_functions())}
    return runner().methods | calls | posted_request().methods


def own_calls(frame: CallFrame) -> Iterator[ast.Call]:
    """Yield the calls that stand in a frame's function itself."""
    if frame.function is not None:
        yield from (node for node in own_nodes(frame.function) if isinstance(node, ast.Call))
