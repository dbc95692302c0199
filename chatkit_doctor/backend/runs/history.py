"""Whether a server's respond() lets the model know what was said before."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from chatkit_doctor.backend.runs.origins import Analysis, Origin, Origins, Scope, bind_arguments
from chatkit_doctor.backend.runs.runs import Run, run_of
from chatkit_doctor.backend.servers import Responder
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import Value
from chatkit_doctor.python.module import FunctionNode, Module

_MAX_DEPTH = 4


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


def memoryless_run(app: App, responder: Responder) -> MemorylessRun | None:
    """Return the run of a respond() that only knows the new message, or None where any run may know more."""
    scope: Scope = {
        responder.thread: frozenset({Origin.CONTEXT}),
        responder.message: frozenset({Origin.MESSAGE}),
        responder.context: frozenset({Origin.CONTEXT}),
    }
    analysis = Analysis(app)
    reached = list(_runs(analysis, responder.module, responder.function, scope, set()))
    # Side jobs (a title, a guard) run to the end; the answer is what is streamed.
    answers = [each for each in reached if each.run.streamed] or reached
    if not answers or any(_may_remember(analysis, each) for each in answers):
        return None
    for each in answers:
        if each.run.input is not None and Origin.MESSAGE in each.origins.of(each.run.input):
            return MemorylessRun(each.module, each.function, each.run, each.run.input)
    return None


def _runs(
    analysis: Analysis, module: Module, function: FunctionNode, scope: Scope, seen: set[FunctionNode]
) -> Iterator[_Reached]:
    if function in seen or len(seen) > _MAX_DEPTH * 8:
        return
    seen.add(function)
    origins = Origins(analysis, module, function, scope)
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        run = run_of(analysis.app, module, node)
        if run is not None:
            yield _Reached(module, function, origins, run)
            continue
        target = analysis.app.flow.function(module, node)
        if target is not None:
            yield from _runs(analysis, *target, bind_arguments(target[1], node, origins), seen)


def _may_remember(analysis: Analysis, reached: _Reached) -> bool:
    run = reached.run
    if run.carries_memory or run.input is None:
        return True
    if Origin.OTHER in reached.origins.of(run.input):
        return True
    return run.agent is not None and _agent_may_remember(analysis, reached, run.agent)


def _agent_may_remember(analysis: Analysis, reached: _Reached, agent: ast.expr) -> bool:
    """Tell whether the agent is made with something that may hold the conversation, such as its instructions."""
    for source in analysis.app.flow.sources(reached.module, agent):
        if isinstance(source.expr, ast.Call) and _instructions_may_remember(analysis, reached, source):
            return True
    return False


def _instructions_may_remember(analysis: Analysis, reached: _Reached, agent: Value) -> bool:
    assert isinstance(agent.expr, ast.Call)
    given = next((each.value for each in agent.expr.keywords if each.arg == "instructions"), None)
    if given is None:
        return any(each.arg is None for each in agent.expr.keywords)
    # Instructions given as a function are written afresh for each run and may say anything.
    app = analysis.app
    if any(_is_function(app, value) for value in app.flow.sources(agent.module, given)):
        return True
    function = agent.module.enclosing_function(agent.expr)
    if function is None:
        return False
    if function is reached.function:
        return Origin.OTHER in reached.origins.of(given)
    parameters = {each.arg: frozenset({Origin.CONTEXT}) for each in (*function.args.args, *function.args.kwonlyargs)}
    return Origin.OTHER in Origins(analysis, agent.module, function, parameters).of(given)


def _is_function(app: App, value: Value) -> bool:
    if isinstance(value.expr, ast.Lambda):
        return True
    found = app.symbols.definition(value.module, value.expr)
    return found is not None and found.function_node is not None
