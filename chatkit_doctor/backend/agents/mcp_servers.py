"""Servers of tools that agents are given, and whether anything in the app connects them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.agents.agent_calls import agent_calls, listed
from chatkit_doctor.backend.parameter_values import values
from chatkit_doctor.contracts.sdk.agents import is_mcp_manager, is_mcp_server, mcp
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass

_ENTERS = frozenset({"enter_async_context", "push_async_exit"})
# What `async with` calls, and code that keeps a server open calls by itself.
_ENTERED = "__aenter__"


@dataclass(frozen=True, slots=True)
class UnconnectedServer:
    """A server in an agent's list that nothing connects. made: the call that makes it."""

    element: PlacedExpr
    made: PlacedExpr


def plainly_entered(app: App) -> Iterator[tuple[Module, ast.With, ast.expr]]:
    """Yield the servers that a plain `with` enters, which they do not know."""
    for module in app.modules():
        if app.is_test_file(module.source.path):
            continue
        for statement in module.nodes(ast.With):
            for item in statement.items:
                made = list(app.flow.sources(module, item.context_expr))
                if made and all(_makes_server(app, each) for each in made):
                    yield module, statement, item.context_expr


def unconnected_servers(app: App) -> Iterator[UnconnectedServer]:
    """Yield the servers that agents are given and nothing may connect, each once."""
    given = list(_given(app))
    if not given:
        return
    connected, is_open = _connected(app)
    connected |= {
        made.expr for module, _, entered in plainly_entered(app) for made in app.flow.sources(module, entered)
    }
    seen: set[ast.expr] = set()
    for each in given if not is_open else ():
        if each.made.expr not in connected and each.made.expr not in seen:
            seen.add(each.made.expr)
            yield each


def _given(app: App) -> Iterator[UnconnectedServer]:
    # The word is that of an argument: without it, no agent is given a server.
    is_given = any(mcp().parameter in module.source.text for module in app.modules())
    for agent in agent_calls(app) if is_given else ():
        for element in listed(app, agent, mcp().parameter):
            made = list(values(app, element.module, element.expr))
            if len(made) == 1 and _makes_server(app, made[0]):
                yield UnconnectedServer(element, made[0])


def _makes_server(app: App, value: PlacedExpr) -> bool:
    if not isinstance(value.expr, ast.Call):
        return False
    return any(is_mcp_server(each.external) for each in app.symbols.definitions(value.module, value.expr.func))


def _connected(app: App) -> tuple[set[ast.expr], bool]:
    """Return the calls whose servers something connects, and whether something may connect any."""
    found: set[ast.expr] = set()
    for value in _connections(app):
        if isinstance(value.expr, ast.Call):
            meant = [each.external for each in app.symbols.definitions(value.module, value.expr.func)]
            if any(map(is_mcp_manager, meant)):
                return found, True
        for each in values(app, value.module, value.expr):
            if not isinstance(each.expr, ast.Call):
                return found, True
            found.add(each.expr)
    return found, False


def _connections(app: App) -> Iterator[PlacedExpr]:
    """Yield what the app enters with `async with`, or connects by a method without arguments; tests count as well."""
    for module in app.modules():
        for statement in module.nodes(ast.AsyncWith):
            yield from (PlacedExpr(module, item.context_expr) for item in statement.items)
        for call in module.nodes(ast.Call):
            if not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr in {mcp().connect, _ENTERED} and not call.args and not call.keywords:
                yield PlacedExpr(module, call.func.value)
            elif call.func.attr in _ENTERS and call.args:
                yield PlacedExpr(module, call.args[0])
