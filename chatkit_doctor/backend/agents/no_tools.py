"""What stands among an agent's tools and is none: functions as they are, dicts, other agents, what a server lists."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

from chatkit_doctor.backend.agents.agent_calls import AgentCall, agent_calls, listed
from chatkit_doctor.backend.crowds import same_for_all_uses
from chatkit_doctor.backend.runs.apis import Api, api_of_agent
from chatkit_doctor.contracts.sdk.agents import agent_tools, is_agent, is_mcp_server, mcp
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.python.symbols import plain_class_expression
from chatkit_doctor.records import dataclass


class NoTool(Enum):
    """What is taken for a tool. The value: what Python calls its class."""

    FUNCTION = "function"
    METHOD = "method"
    DICT = "dict"
    LIST = "list"
    AGENT = "agents.agent.Agent"
    LISTED = "what an MCP server lists"


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Something among an agent's tools that is none. function: the project's own, which could be made one."""

    agent: AgentCall
    api: Api
    element: PlacedExpr
    kind: NoTool
    module: Module | None = None
    function: FunctionNode | None = None


def misplaced_tools(app: App) -> Iterator[Misplaced]:
    """Yield what agents are given as tools and is none, each place once."""
    seen: set[ast.expr] = set()
    for agent in agent_calls(app):
        api = api_of_agent(app, PlacedExpr(agent.module, agent.call))
        for found in (*_of_servers(app, agent, api), *_elements(app, agent, api)):
            if found.element.expr not in seen:
                seen.add(found.element.expr)
                yield found


def _elements(app: App, agent: AgentCall, api: Api) -> Iterator[Misplaced]:
    for element in listed(app, agent, agent_tools()):
        if isinstance(element.expr, ast.Starred):
            if _is_listed_by_server(app, PlacedExpr(element.module, element.expr.value)):
                yield Misplaced(agent, api, element, NoTool.LISTED)
            continue
        function = _plain_function(app, element.module, element.expr)
        if function is not None:
            kind = (
                NoTool.METHOD if isinstance(element.expr, ast.Attribute) and _is_method(*function) else NoTool.FUNCTION
            )
            yield Misplaced(agent, api, element, kind, *function)
        elif (kind_of := _kind(app, element.module, element.expr)) is not None:
            yield Misplaced(agent, api, element, kind_of)


def _of_servers(app: App, agent: AgentCall, api: Api) -> Iterator[Misplaced]:
    given = agent.argument(agent_tools())
    if given is not None and _is_listed_by_server(app, PlacedExpr(agent.module, given)):
        yield Misplaced(agent, api, PlacedExpr(agent.module, given), NoTool.LISTED)


@same_for_all_uses
def _kind(app: App, module: Module, element: ast.expr) -> NoTool | None:
    kinds = {_kind_of_value(app, each) for each in app.flow.sources(module, element)}
    return kinds.pop() if len(kinds) == 1 else None


def _kind_of_value(app: App, value: PlacedExpr) -> NoTool | None:
    match value.expr:
        case ast.Dict() | ast.DictComp():
            return NoTool.DICT
        case ast.List() | ast.ListComp():
            return NoTool.LIST
        case ast.Lambda():
            return NoTool.FUNCTION
        case ast.Call(func=func):
            meant = app.symbols.definitions(value.module, plain_class_expression(func))
            return NoTool.AGENT if any(is_agent(each.external) for each in meant) else None
    return None


@same_for_all_uses
def _plain_function(app: App, module: Module, element: ast.expr) -> tuple[Module, FunctionNode] | None:
    """Return the project's own function, with nothing around it, that an element surely is."""
    if isinstance(element, ast.Attribute):
        method = app.flow.function(module, ast.Call(func=element, args=[], keywords=[]))
        if method is None:
            return None
        return method if _is_plain(method[1]) else None
    if not isinstance(element, ast.Name):
        return None
    found = list(app.symbols.definitions(module, element))
    own = [(each.module, each.function_node) for each in found]
    if len(own) != 1 or own[0][0] is None or own[0][1] is None or not _is_plain(own[0][1]):
        return None
    return own[0][0], own[0][1]


def _is_plain(function: FunctionNode) -> bool:
    """Return whether a function is what it says: any decorator may make a tool of it."""
    names = {each.id for each in function.decorator_list if isinstance(each, ast.Name)}
    return len(names) == len(function.decorator_list) and names <= {"staticmethod", "classmethod"}


def _is_method(module: Module, function: FunctionNode) -> bool:
    is_static = any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.decorator_list)
    return isinstance(module.parents[function], ast.ClassDef) and not is_static


def _is_listed_by_server(app: App, value: PlacedExpr) -> bool:
    """Return whether a value is what the method of a server gives that lists its tools."""
    for each in app.flow.sources(value.module, value.expr):
        match each.expr:
            case ast.Call(func=ast.Attribute(value=server, attr=name)) if name == mcp().list_tools:
                made = list(app.flow.sources(each.module, server))
                made += _entered(app, each.module, server)
                if any(_makes_server(app, one) for one in made):
                    return True
    return False


def _makes_server(app: App, value: PlacedExpr) -> bool:
    if not isinstance(value.expr, ast.Call):
        return False
    return any(is_mcp_server(each.external) for each in app.symbols.definitions(value.module, value.expr.func))


def _entered(app: App, module: Module, server: ast.expr) -> Iterator[PlacedExpr]:
    """Yield what a `with` enters under the name of a server."""
    for binding in app.names(module).lookup(server.id, server) if isinstance(server, ast.Name) else ():
        item = module.parents.get(binding.node)
        if isinstance(item, ast.withitem):
            yield from app.flow.sources(module, item.context_expr)
