"""Find MCP servers that an agent is given and nothing connects, and such that a plain `with` enters."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.agents.mcp_servers import UnconnectedServer, plainly_entered, unconnected_servers
from chatkit_doctor.checks.respond.unconnected_mcp_server_fix import entering_fix
from chatkit_doctor.contracts.sdk.agents import mcp
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.words import last_part


def unconnected_mcp_server(app: App) -> Iterator[Finding]:
    """Find MCP servers that an agent is given and nothing connects, and such that a plain `with` enters."""
    for module, statement, entered in plainly_entered(app):
        made = next(app.flow.sources(module, entered))
        name = _class_name(app, made.module, made.expr)
        yield Finding(
            "CK317",
            module.location(entered),
            f"a plain `with` enters a {name}, which only `async with` can",
            label="entered without async",
            help="write async with",
            why="The server is never connected, so that there is nothing to run the agent with.",
            seen_as=SeenAs("plain-with", {"name": name}),
            fix=_async_fix(module, statement),
        )
    for found in unconnected_servers(app):
        yield _unconnected(app, found)


def _unconnected(app: App, found: UnconnectedServer) -> Finding:
    element, made = found.element, found.made
    at = element.module.location(element.expr)
    known = mcp()
    return Finding(
        "CK317",
        at,
        f"nothing connects the {_class_name(app, made.module, made.expr)} in {known.parameter}",
        label="not connected",
        help=f"make it with `async with … as server:` around the run, or await its {known.connect}() as the app starts",
        seen_as=SeenAs("unconnected"),
        fix=entering_fix(app, found),
    )


def _class_name(app: App, module: Module, made: ast.expr) -> str:
    func = made.func if isinstance(made, ast.Call) else made
    return last_part(app.names(module).qualified(func) or module.location(func).text)


def _async_fix(module: Module, statement: ast.With) -> Fix | None:
    if not isinstance(module.enclosing_function(statement), ast.AsyncFunctionDef) or len(statement.items) != 1:
        return None
    start = module.location(statement).start
    edit = Edit(module.source.location(start, start), "async ")
    return Fix("enter it with async with", Applicability.SAFE, lambda: (edit,))
