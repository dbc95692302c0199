"""Find a backend that nobody can ask whether it is well."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial

from chatkit_doctor.backend.endpoints.health import has_health_check
from chatkit_doctor.backend.endpoints.owners import owners
from chatkit_doctor.backend.endpoints.process import Endpoint, endpoints
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import free_name
from chatkit_doctor.python.insertion import with_own_blanks

_CODE = """

@{owner}.get("/health")
async def {name}() -> dict[str, str]:
    return {{"status": "ok"}}
"""


def missing_health_check(app: App) -> Iterator[Finding]:
    """Find a backend that nobody can ask whether it is well."""
    found = endpoints(app)
    if found and not has_health_check(app):
        route = found[0].route
        yield Finding(
            "CK704",
            route.at,
            f"no route beside {route.path.text} tells whether the server is well",
            label="ChatKit's endpoint",
            help="answer GET /health with 200",
            fix=_fix(app, found[0]),
        )


def _fix(app: App, endpoint: Endpoint) -> Fix | None:
    """Return the fix: a route of FastAPI's own app behind the endpoint's function, where both are in one file."""
    route = endpoint.route
    owner = owners(app).of(route.module, route.owner) if route.owner is not None else None
    if owner is None or not owner.kind.is_app or owner.kind.framework != "fastapi" or not _is_whole(endpoint):
        return None
    return Fix("add a route for /health", Applicability.UNSAFE, partial(_added, endpoint))


def _is_whole(endpoint: Endpoint) -> bool:
    """Return whether the endpoint's function stands at the top of the file of its route, whose owner has a name."""
    route = endpoint.route
    at_top = route.handler is not None and route.handler in route.module.tree.body
    return at_top and isinstance(route.owner, ast.Name)


def _added(endpoint: Endpoint) -> list[Edit]:
    route = endpoint.route
    assert route.handler is not None
    assert isinstance(route.owner, ast.Name)
    source = route.module.source
    line = route.handler.end_lineno or route.handler.lineno
    end = source.line_start(line) + len(source.line(line))
    name = free_name(route.module, "health")
    code = _CODE.format(owner=route.owner.id, name=name).rstrip("\n")
    return [Edit(source.location(end, end), f"\n{with_own_blanks(route.module, code)}")]
