"""Whether a server's respond() lets the model know what was said before."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.backend.history.calls import bind_arguments
from chatkit_doctor.backend.history.origin import Analysis, Origin, ParameterOrigins
from chatkit_doctor.backend.history.origins import Origins
from chatkit_doctor.backend.runs.runs import Run, run_of
from chatkit_doctor.backend.servers import Responder
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr, returned
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

_MAX_DEPTH = 4
_TELLING_TOOL = regex(r"histor|memor|conversation|transcript|previous", re.IGNORECASE)
_NEW_MESSAGE = frozenset({Origin.ITEM, Origin.MESSAGE})


@dataclass(frozen=True, slots=True)
class MemorylessRun:
    """A run that is given the new message alone: the module and function it stands in, its call and its input."""

    module: Module
    function: FunctionNode
    run: Run
    input: ast.expr


@dataclass(frozen=True, slots=True)
class _Reached:
    module: Module
    function: FunctionNode
    origins: Origins
    run: Run


def memoryless_run(app: App, responder: Responder, unusable: frozenset[str] = frozenset()) -> MemorylessRun | None:
    """Return the run of a respond() that only knows the new message, or None where any run may know more.

    unusable: parameters of a run that bring it no memory.
    """
    analysis = Analysis(app)
    names = responder.thread, responder.message, responder.context
    reached = _reached_runs(app, responder.module, responder.function, *names)
    # Side jobs (a title, a guard) run to the end; the answer is what is streamed.
    answers = [each for each in reached if each.run.streamed] or reached
    if not answers or any(_may_remember(analysis, each, unusable) for each in answers):
        return None
    for each in answers:
        if each.run.input is not None and _NEW_MESSAGE & each.origins.of(each.run.input):
            return MemorylessRun(each.module, each.function, each.run, each.run.input)
    return None


@remembered
def _reached_runs(
    app: App, module: Module, function: FunctionNode, thread: str, message: str, context: str
) -> tuple[_Reached, ...]:
    """Return the runs that a respond() reaches, the same for each rule that asks what they are given."""
    scope: ParameterOrigins = {
        thread: frozenset({Origin.CONTEXT}),
        message: frozenset({Origin.ITEM}),
        context: frozenset({Origin.CONTEXT}),
    }
    return tuple(_runs(Analysis(app), module, function, scope, set()))


def _runs(
    analysis: Analysis, module: Module, function: FunctionNode, scope: ParameterOrigins, seen: set[FunctionNode]
) -> Iterator[_Reached]:
    if function in seen or len(seen) > _MAX_DEPTH * 8:
        return
    seen.add(function)
    origins = Origins(analysis, module, function, scope)
    for node in walk(function):
        if not isinstance(node, ast.Call):
            continue
        run = run_of(analysis.app, module, node)
        if run is not None:
            yield _Reached(module, function, origins, run)
            continue
        target = analysis.app.flow.function(module, node)
        if target is not None:
            yield from _runs(analysis, *target, bind_arguments(target[1], node, origins), seen)


def _may_remember(analysis: Analysis, reached: _Reached, unusable: frozenset[str]) -> bool:
    run = reached.run
    if run.carries_memory_but(unusable) or run.input is None:
        return True
    if Origin.OTHER in reached.origins.of(run.input):
        return True
    return run.agent is not None and _agent_may_remember(analysis, reached, run.agent)


def _agent_may_remember(analysis: Analysis, reached: _Reached, agent: ast.expr) -> bool:
    """Return whether the agent is made with something that may hold the conversation, or may ask for it."""
    for source in analysis.app.flow.sources(reached.module, agent):
        if isinstance(source.expr, ast.Call) and (
            _instructions_may_remember(analysis, reached, source) or _can_ask(analysis.app, source.expr)
        ):
            return True
    return False


def _instructions_may_remember(analysis: Analysis, reached: _Reached, agent: PlacedExpr) -> bool:
    assert isinstance(agent.expr, ast.Call)
    given = next((each.value for each in agent.expr.keywords if each.arg == "instructions"), None)
    if given is None:
        return any(each.arg is None for each in agent.expr.keywords)
    app = analysis.app
    for value in app.flow.sources(agent.module, given):
        if isinstance(value.expr, ast.Lambda):
            return True
        found = app.symbols.definition(value.module, value.expr)
        if found is not None and found.module is not None and found.function_node is not None:
            return _result_may_remember(analysis, found.module, found.function_node)
    function = agent.module.enclosing_function(agent.expr)
    if function is None:
        return False  # what is made with the module is made before anything was said
    if function is reached.function:
        return Origin.OTHER in reached.origins.of(given)
    return Origin.OTHER in Origins(analysis, agent.module, function, _any_parameters(function)).of(given)


def _result_may_remember(analysis: Analysis, module: Module, function: FunctionNode) -> bool:
    """Return whether instructions that a function writes afresh for each run may tell what was said."""
    origins = Origins(analysis, module, function, _any_parameters(function))
    return any(Origin.OTHER in origins.of(each) for each in returned(function))


def _any_parameters(function: FunctionNode) -> ParameterOrigins:
    """Return the parameters of a function that may be given the thread and the context."""
    return {each.arg: frozenset({Origin.CONTEXT}) for each in (*function.args.args, *function.args.kwonlyargs)}


@remembered
def _can_ask(_: App, agent: ast.Call) -> bool:
    """Return whether the agent has a tool that, by its name, gives it the conversation."""
    tools = next((each.value for each in agent.keywords if each.arg == "tools"), None)
    return tools is not None and _TELLING_TOOL.search(ast.unparse(tools)) is not None
