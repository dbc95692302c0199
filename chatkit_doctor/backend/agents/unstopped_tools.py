"""Agents that go on after a tool which calls for one of the browser's, and then answer a second time."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.agents.agent_calls import AgentCall, agent_calls, listed
from chatkit_doctor.backend.agents.client_tools import ClientTool, client_tools
from chatkit_doctor.backend.crowds import same_for_all_uses
from chatkit_doctor.backend.parameter_values import values
from chatkit_doctor.backend.runs.frames import CallFrame, FramedRun, framed_runs
from chatkit_doctor.contracts.sdk.agents import agent_tools, tool_use
from chatkit_doctor.contracts.sdk.sdk_names import RESPOND
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr, own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered


@dataclass(frozen=True, slots=True)
class UnstoppedAgent:
    """An agent that goes on after tools which call for the browser's.

    tools: these, each with the expression that lists it. stops: the list of names it stops at; None where it has none.
    """

    agent: AgentCall
    tools: tuple[tuple[PlacedExpr, ClientTool], ...]
    stops: ast.List | None


def unstopped_agents(app: App) -> Iterator[UnstoppedAgent]:
    """Yield the agents that go on after such tools, in turns that answer once more when the browser has run them."""
    if not client_tools(app) or _sets_tool_use(app):
        return
    run = _run_without_message(app)
    for agent in agent_calls(app):
        tools = tuple(_client_tools(app, agent))
        if not tools or agent.is_open or agent.call not in run:
            continue
        given = agent.argument(tool_use().parameter)
        if given is None or (isinstance(given, ast.Constant) and given.value == tool_use().goes_on):
            yield UnstoppedAgent(agent, tools, None)
        elif (stops := _names(app, agent, given)) is not None:
            stopped = {_stopped(app, agent, each) for each in stops.elts}
            left = tuple(each for each in tools if each[1].name not in stopped)
            if left and None not in stopped and all(tool.name for _, tool in left):
                yield UnstoppedAgent(agent, left, stops)


def _client_tools(app: App, agent: AgentCall) -> Iterator[tuple[PlacedExpr, ClientTool]]:
    for element in listed(app, agent, agent_tools()):
        for found in app.symbols.definitions(element.module, element.expr):
            tool = client_tools(app).get(found.function_node) if found.function_node is not None else None
            if tool is not None:
                yield element, tool


def _names(app: App, agent: AgentCall, given: ast.expr) -> ast.List | None:
    """Return the list of the tools that an agent stops at, None where it does something else."""
    known = tool_use()
    match given:
        case ast.Call(func=func, keywords=[ast.keyword(arg=name, value=ast.List() as stops)], args=[]):
            is_stop = (app.names(agent.module).qualified(func) or "").endswith(f".{known.stop}")
            return stops if is_stop and name == known.names else None
        case ast.Dict(keys=[ast.Constant(value=name)], values=[ast.List() as stops]):
            return stops if name == known.names else None
    return None


def _stopped(app: App, agent: AgentCall, element: ast.expr) -> str | None:
    """Return the name of a tool that is stopped at: a text, or the attribute `name` of a tool."""
    if isinstance(element, ast.Constant):
        return element.value if isinstance(element.value, str) else None
    if isinstance(element, ast.Attribute) and element.attr == "name":
        for found in app.symbols.definitions(agent.module, element.value):
            tool = client_tools(app).get(found.function_node) if found.function_node is not None else None
            if found.function_node is not None:
                return tool.name if tool is not None else found.function_node.name
    return None


def _sets_tool_use(app: App) -> bool:
    """Return whether code says what an agent does after a tool once the agent is made."""
    name = tool_use().parameter
    return any(
        each.attr == name and isinstance(each.ctx, ast.Store)
        for module in app.modules()
        if name in module.source.text
        for each in module.nodes(ast.Attribute)
    )


def _run_without_message(app: App) -> set[ast.expr]:
    """Return the agents that such runs are of: those that are told, or the one that the app makes."""
    known = frozenset[ast.expr](each.call for each in agent_calls(app))
    found: set[ast.expr] = set()
    for framed in framed_runs(app):
        if framed.run.agent is not None and _runs_without_message(framed):
            told = _told(app, framed.run.module, framed.run.agent, known)
            found |= told or (known if len(known) == 1 else set())
    return found


@same_for_all_uses
def _told(app: App, module: Module, agent: ast.expr, known: frozenset[ast.expr]) -> frozenset[ast.expr]:
    return known.intersection(each.expr for each in values(app, module, agent))


def _runs_without_message(framed: FramedRun) -> bool:
    """Return whether `respond` comes to a run whatever it is called with: nothing on the way decides about it."""
    root = framed.frame.root.function
    if root is None or root.name != RESPOND:
        return False
    current: CallFrame | None = framed.frame
    node: ast.expr = framed.run.call
    while current is not None:
        if current.function is None or not _is_sure(current, current.function, node):
            return False
        node = current.call or node
        current = current.parent
    return True


def _is_sure(frame: CallFrame, function: FunctionNode, node: ast.expr) -> bool:
    """Return whether a function comes to one of its nodes each time."""
    for around in frame.module.ancestors(node):
        if around is function:
            break
        if isinstance(around, ast.If | ast.IfExp | ast.BoolOp | ast.Match | ast.Lambda | FunctionNode):
            return False
    places, leaving = _ways_out(frame.module, function)
    at = places.get(node)
    if at is None:
        return False
    before = (each for place, each in leaving if place < at)
    return all(_is_around(frame, each, node) for each in before)


# Asked for each run in a function.
@remembered
def _ways_out(_: Module, function: FunctionNode) -> tuple[dict[ast.AST, int], list[tuple[int, ast.stmt]]]:
    """Return the places of the nodes of a function, in the order of the text, and the statements that leave it."""
    places = {each: place for place, each in enumerate(own_nodes(function))}
    return places, [(at, each) for each, at in places.items() if isinstance(each, ast.Return | ast.Raise | ast.Assert)]


def _is_around(frame: CallFrame, statement: ast.AST, node: ast.AST) -> bool:
    return statement in frame.module.ancestors(node)
