"""The tools of agents by which a server asks the browser for something."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.sdk.agents import is_tool_decorator, tool_name_parameter
from chatkit_doctor.contracts.sdk.sdk_names import CLIENT_TOOL_CALL
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module, is_none
from chatkit_doctor.records import dataclass

_BY_NAME = 99


@dataclass(frozen=True, slots=True)
class ClientTool:
    """A tool that calls one of the browser's. call: where it says so. name: None where it is worked out."""

    module: Module
    function: FunctionNode
    call: ast.Attribute
    name: str | None


def client_tool_calls(app: App) -> tuple[tuple[Module, ast.Attribute], ...]:
    """Return where the app's code calls for a tool of the browser's, tests left out."""
    return app.derive(_client_tool_calls)


def _client_tool_calls(app: App) -> tuple[tuple[Module, ast.Attribute], ...]:
    return tuple(
        (module, target)
        for module in app.modules()
        if CLIENT_TOOL_CALL in module.source.text and not app.is_test_file(module.source.path)
        for statement in module.nodes(ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Attribute) and target.attr == CLIENT_TOOL_CALL and not is_none(statement.value)
    )


def client_tools(app: App) -> dict[FunctionNode, ClientTool]:
    """Return the function tools that call for a tool of the browser's, by the functions that they are made of."""
    return app.derive(_client_tools)


def _client_tools(app: App) -> dict[FunctionNode, ClientTool]:
    found: dict[FunctionNode, ClientTool] = {}
    for module, call in client_tool_calls(app):
        function = module.enclosing_function(call)
        decorator = tool_decorator(app, module, function) if function is not None else None
        if function is not None and decorator is not None and function not in found:
            found[function] = ClientTool(module, function, call, _name(function, decorator))
    return found


def tool_decorator(app: App, module: Module, function: FunctionNode) -> ast.expr | None:
    """Return the decorator that makes a tool of a function, None where there is none."""
    for each in function.decorator_list:
        func = each.func if isinstance(each, ast.Call) else each
        if is_tool_decorator(app.names(module).qualified(func) or ""):
            return each
    return None


def _name(function: FunctionNode, decorator: ast.expr) -> str | None:
    given = argument(decorator, _BY_NAME, tool_name_parameter()) if isinstance(decorator, ast.Call) else None
    if given is None or is_none(given):
        return function.name
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None
