"""The calls of `ChatKitServer.process`: in which function, with which request and context, behind which routes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.endpoints.routes import Route, routes
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.backend.servers import servers
from chatkit_doctor.contracts.sdk.sdk_names import CONTEXT, PROCESS, REQUEST, SERVER, STREAMING_RESULT
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

_NAMED_FOR_CHATKIT = regex(r"chat_?kit", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProcessCall:
    """One call of `process`.

    function: the function that it stands in; None at the top of a file.
    request, context: what it is given; None where it is not told.
    result: the name that its result is assigned to, None for none.
    server: the class whose object it is called on, where that can be told.
    """

    module: Module
    call: ast.Call
    function: FunctionNode | None
    request: ast.expr | None
    context: ast.expr | None
    result: str | None
    server: ClassView | None

    @property
    def is_awaited(self) -> bool:
        """Return whether the call is awaited where it stands."""
        return isinstance(self.module.parents[self.call], ast.Await)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route that hands its requests to ChatKit's server."""

    route: Route
    process: ProcessCall


def process_calls(app: App) -> tuple[ProcessCall, ...]:
    """Return the calls of `process` of ChatKit's server in the app's own files, tests left out."""
    return app.derive(_process_calls)


def endpoints(app: App) -> tuple[Endpoint, ...]:
    """Return the routes that call `process`, by themselves or through a function that they call."""
    return app.derive(_endpoints)


def _process_calls(app: App) -> tuple[ProcessCall, ...]:
    return tuple(
        found
        for module in app.own_modules()
        if not app.is_test_file(module.source.path)
        for call in module.nodes(ast.Call)
        if (found := _process_call(app, module, call)) is not None
    )


def _process_call(app: App, module: Module, call: ast.Call) -> ProcessCall | None:
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == PROCESS):
        return None
    function = module.enclosing_function(call)
    view = app.flow.class_of(module, call.func.value)
    if view is not None:
        contract = contract_for(app, module.source.path)
        if not any(contract.canonical(each) == SERVER for each in view.externals):
            return None
    elif not _looks_like_one(app, module, call, function):
        return None
    result = _assigned_to(module, call)
    request, context = argument(call, 0, REQUEST), argument(call, 1, CONTEXT)
    return ProcessCall(module, call, function, request, context, result, view)


def _looks_like_one(app: App, module: Module, call: ast.Call, function: FunctionNode | None) -> bool:
    """Return whether a call on an object that cannot be told is ChatKit's: two arguments, and ChatKit around it."""
    if len(call.args) + len(call.keywords) != 2 or not isinstance(module.parents[call], ast.Await):
        return False
    if function is not None and _asks_for_stream(app, module, function):
        return True
    assert isinstance(call.func, ast.Attribute)
    is_named = _NAMED_FOR_CHATKIT.search(ast.unparse(call.func.value)) is not None
    return is_named and next(servers(app), None) is not None


@remembered
def _asks_for_stream(app: App, module: Module, function: FunctionNode) -> bool:
    """Return whether a function asks of anything whether it is a result that comes as a stream."""
    names = app.names(module)
    return any(
        _is_streaming_result(app, module, names.qualified(each))
        for node in own_nodes(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance"
        for each in node.args[1:]
    )


def _is_streaming_result(app: App, module: Module, dotted: str | None) -> bool:
    return dotted is not None and contract_for(app, module.source.path).canonical(dotted) == STREAMING_RESULT


def _assigned_to(module: Module, call: ast.Call) -> str | None:
    parent = module.parents[call]
    if isinstance(parent, ast.Await):
        parent = module.parents[parent]
    if isinstance(parent, ast.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0], ast.Name):
        return parent.targets[0].id
    if isinstance(parent, ast.AnnAssign) and isinstance(parent.target, ast.Name):
        return parent.target.id
    return None


def _endpoints(app: App) -> tuple[Endpoint, ...]:
    by_function = {each.function: each for each in process_calls(app) if each.function is not None}
    found = []
    for route in routes(app) if by_function else ():
        process = next((by_function[each] for each in _reached(app, route) if each in by_function), None)
        if process is not None:
            found.append(Endpoint(route, process))
    return tuple(found)


def _reached(app: App, route: Route) -> Iterator[FunctionNode]:
    """Yield a route's function, and those that it calls."""
    if route.handler is None:
        return
    yield route.handler
    for node in own_nodes(route.handler):
        if isinstance(node, ast.Call):
            target = app.flow.function(route.handler_module, node)
            if target is not None:
                yield target[1]
