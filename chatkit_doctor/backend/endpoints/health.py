"""Whether a backend answers the question if it is well."""

from __future__ import annotations

import ast
import re

from chatkit_doctor.backend.endpoints.owners import owners, route_modules
from chatkit_doctor.backend.endpoints.routes import Route, routes
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.contracts.frameworks import inclusion
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import returned

_HEALTH = regex(r"health|ping|read(?:y|iness)|a?live(?:ness)?|status|heartbeat", re.IGNORECASE)
_SAYS_SO = frozenset({"status", "ok", "healthy", "message"})
_MOUNT = "mount"


def has_health_check(app: App) -> bool:
    """Return whether some route tells how the app is, or one that is not known may."""
    return any(map(_tells, routes(app))) or _takes_in_unknown(app)


def _tells(route: Route) -> bool:
    if not route.path.segments and not route.path.is_whole:
        return True
    name = route.handler.name if route.handler is not None else ""
    if any(_HEALTH.search(each) for each in (*route.path.segments, name)):
        return True
    is_root = not route.path.segments and "POST" not in route.methods
    return is_root and route.handler is not None and any(map(_says_so, returned(route.handler)))


def _says_so(expr: ast.expr) -> bool:
    return isinstance(expr, ast.Dict) and any(
        isinstance(key, ast.Constant) and key.value in _SAYS_SO for key in expr.keys
    )


def _takes_in_unknown(app: App) -> bool:
    """Return whether routes of a router that cannot be looked into are put into the app."""
    known = owners(app)
    for module in route_modules(app):
        for call in module.nodes(ast.Call):
            method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            how = inclusion(method)
            child = argument(call, *how.child) if how is not None and method != _MOUNT else None
            if child is not None and known.of(module, child) is None and not isinstance(child, ast.List):
                return True
    return False
