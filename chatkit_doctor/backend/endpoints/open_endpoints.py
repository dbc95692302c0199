"""Endpoints that tell ChatKit's server nothing of who asks, and are guarded by nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.endpoints.owners import owners, route_modules
from chatkit_doctor.backend.endpoints.process import Endpoint, endpoints
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.frameworks import harmless_middleware
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.remembered import remembered

_GUARD = regex(r"auth|login_required|require|permission|token|verify|protected|secured|jwt|api_key|session")
_DEPENDS = frozenset({"Depends", "Security"})


def open_endpoints(app: App) -> Iterator[Endpoint]:
    """Yield the endpoints whose context says nothing, where nothing around them may ask who is there."""
    if _has_middleware(app):
        return
    for endpoint in endpoints(app):
        handler = endpoint.route.handler
        context = endpoint.process.context
        if handler is None or context is None or _is_guarded(app, endpoint, handler):
            continue
        if is_constant(app, endpoint.process.module, context):
            yield endpoint


def is_constant(app: App, module: Module, expr: ast.expr) -> bool:
    """Return whether a context is the same for every request."""
    values = [each.expr for each in app.flow.sources(module, expr)]
    return bool(values) and all(map(_says_nothing, values))


def _says_nothing(expr: ast.expr) -> bool:
    if isinstance(expr, ast.Constant):
        return True
    if isinstance(expr, ast.Dict):
        return all(isinstance(each, ast.Constant) for each in expr.values) and None not in expr.keys
    is_dict = isinstance(expr, ast.Call) and isinstance(expr.func, ast.Name) and expr.func.id == "dict"
    return is_dict and isinstance(expr, ast.Call) and not expr.args and not expr.keywords


def _is_guarded(app: App, endpoint: Endpoint, handler: FunctionNode) -> bool:
    """Return whether a dependency, a decorator or the function itself may turn somebody away."""
    if _speaks_of_guard(app, endpoint.route.handler_module, handler):
        return True
    owner = owners(app).of(endpoint.route.module, endpoint.route.owner) if endpoint.route.owner is not None else None
    return owner is not None and argument(owner.call, 99, "dependencies") is not None


@remembered
def _speaks_of_guard(_: App, module: Module, handler: FunctionNode) -> bool:
    """Return whether a function, or what stands over it, asks for something that may turn somebody away."""
    text = module.source.text[module.location(handler).start : module.location(handler).end]
    if _GUARD.search(text.lower()):
        return True
    if any(isinstance(node, ast.Name) and node.id in _DEPENDS for node in walk(handler)):
        return True
    decorators = handler.decorator_list
    calls = (each for each in decorators if isinstance(each, ast.Call))
    return len(decorators) > 1 or any(argument(each, 99, "dependencies") is not None for each in calls)


def _has_middleware(app: App) -> bool:
    """Return whether something stands before every route that may ask who is there."""
    for module in route_modules(app):
        for call in module.nodes(ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if name in {"middleware", "before_request", "before_app_request"}:
                return True
            if name == "add_middleware" and call.args:
                dotted = app.names(module).qualified(call.args[0]) or ""
                if dotted.rpartition(".")[2] not in harmless_middleware():
                    return True
    return False
