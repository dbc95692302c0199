"""The routes of an app: which function answers which path, in whatever framework, over routers and files."""

from __future__ import annotations

import ast

from chatkit_doctor.backend.endpoints.owners import Owners, owners, route_modules, text_of
from chatkit_doctor.backend.endpoints.paths import RoutePath
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.frameworks import ArgumentPlace, route_maker
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location

_VERBS = {"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE", "options": "OPTIONS"}
_ANY_VERB = frozenset({"route", "api_route", "api_operation", "head", "trace"})
_ADDERS = {
    **{f"add_{verb}": method for verb, method in _VERBS.items()},
    **dict.fromkeys(("add_route", "add_api_route", "add_url_rule"), ""),
}


Answering = tuple[FunctionNode, Module]


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    methods: those that it answers; empty where it answers all, or nothing tells.
    handler: the function that answers, None where it cannot be told. handler_module: the file of that function.
    owner: the app or router whose route it is, as written; None for an entry in a list.
    at: where its path is written.
    """

    module: Module
    path: RoutePath
    methods: frozenset[str]
    handler: FunctionNode | None
    handler_module: Module
    owner: ast.expr | None
    at: Location


def routes(app: App) -> tuple[Route, ...]:
    """Return the routes of an app, in the order of its files."""
    return app.derive(_routes)


def _routes(app: App) -> tuple[Route, ...]:
    known = owners(app)
    found: list[Route] = []
    for module in route_modules(app):
        for function in module.functions():
            for decorator in function.decorator_list:
                route = _decorated(app, known, module, function, decorator)
                if route is not None:
                    found.append(route)
        for call in module.nodes(ast.Call):
            route = _listed(app, known, module, call)
            if route is not None:
                found.append(route)
    return tuple(found)


def _decorated(app: App, known: Owners, module: Module, function: FunctionNode, decorator: ast.expr) -> Route | None:
    if not isinstance(decorator, ast.Call):
        return None
    names = app.names(module)
    maker = route_maker(names.qualified(decorator.func) or "")
    if maker is not None and maker.endpoint is None:
        path = _path(app, module, decorator, (0, "path"))
        # What stands before it, the list that has the function says, or the class around it.
        path = RoutePath(path.segments, is_whole=False)
        return _route(module, (function, module), decorator, path, _methods(app, module, decorator, maker.method), None)
    if not isinstance(decorator.func, ast.Attribute):
        return None
    verb = decorator.func.attr
    if verb not in _VERBS and verb not in _ANY_VERB:
        return None
    if not known.is_owner(module, decorator.func.value):
        return None
    owner = decorator.func.value
    path = _path(app, module, decorator, (0, "path")).below(known.prefix(module, owner))
    return _route(
        module, (function, module), decorator, path, _methods(app, module, decorator, _VERBS.get(verb, "")), owner
    )


def _listed(app: App, known: Owners, module: Module, call: ast.Call) -> Route | None:
    """Return the route that a call adds to an owner, or stands for in a list."""
    maker = route_maker(app.names(module).qualified(call.func) or "")
    if maker is not None and maker.endpoint is not None:
        handler = _handler(app, module, argument(call, *maker.endpoint))
        path = known.list_prefix(module, call, _path(app, module, call, (0, "path")))
        return _route(module, handler, call, path, _methods(app, module, call, maker.method), None)
    if isinstance(call.func, ast.Attribute) and call.func.attr in _ADDERS:
        owner = call.func.value
        if isinstance(owner, ast.Attribute) and owner.attr == "router":
            owner = owner.value
        if known.is_owner(module, owner):
            position = 2 if call.func.attr == "add_url_rule" else 1
            given = argument(call, position, "endpoint") or argument(call, position, "handler")
            handler = _handler(app, module, argument(call, 99, "view_func") or given)
            path = _path(app, module, call, (0, "path")).below(known.prefix(module, owner))
            return _route(module, handler, call, path, _methods(app, module, call, _ADDERS[call.func.attr]), owner)
    return None


def _route(
    module: Module,
    handler: Answering | None,
    call: ast.Call,
    path: RoutePath,
    methods: frozenset[str],
    owner: ast.expr | None,
) -> Route:
    function, home = handler if handler is not None else (None, module)
    at = argument(call, 0, "path") or call
    return Route(module, path, methods, function, home, owner, module.location(at))


def _methods(app: App, module: Module, call: ast.Call, method: str) -> frozenset[str]:
    """Return the methods that a route answers: the one that its maker says, or those in a list."""
    given = argument(call, 99, "methods")
    if method or not isinstance(given, ast.List | ast.Tuple | ast.Set):
        return frozenset({method} if method else ())
    texts = (text_of(app, module, each) for each in given.elts)
    return frozenset(each.upper() for each in texts if each is not None)


def _path(app: App, module: Module, call: ast.Call, place: ArgumentPlace) -> RoutePath:
    given = argument(call, *place) or argument(call, place[0], "rule")
    return RoutePath.of(text_of(app, module, given) if given is not None else None)


def _handler(app: App, module: Module, expr: ast.expr | None) -> Answering | None:
    for found in app.symbols.definitions(module, expr):
        if found.module is not None and found.function_node is not None:
            return found.function_node, found.module
    return None
