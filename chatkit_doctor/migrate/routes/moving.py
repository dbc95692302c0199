"""The routes of one app, each taken out or left to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.migrate.routes import php as in_php
from chatkit_doctor.migrate.routes import python as in_python
from chatkit_doctor.migrate.routes.proxy import is_of_another_client, make_proxy, path_of
from chatkit_doctor.migrate.routes.users import is_signed_in
from chatkit_doctor.migrate.routes.web import WebRoute, remove_route, web_route

if TYPE_CHECKING:
    from chatkit_doctor.frontend.hosted.apps import HostedApp
    from chatkit_doctor.migrate.cleaning.cleaner import Cleaner
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.source import Location


def move_routes(plan: Plan, app: HostedApp, cleaner: Cleaner) -> str | None:
    """Take the session routes out; return the path of one that became a proxy, None where the page goes straight."""
    proxy = None
    for at in reversed(app.routes):
        if not plan.texts.exists(at.path):
            continue
        route = _web_route(plan, at)
        if route is not None and (path := path_of(plan, route)) is not None:
            plan.route_paths.add(path)
        if route is not None and route.signed_in and proxy is None:
            if is_of_another_client(plan, route, [mount.document.path for mount in app.mounts]):
                plan.leave_at(at, "somebody else than a page here asks for sessions", "move that client as well")
                continue
            proxy = make_proxy(plan, route, cleaner)
            if proxy is not None:
                continue
        if at.path.suffix == ".php":
            moved = in_php.remove_route(plan, at)
        else:
            moved = _python(plan, at) if at.path.suffix == ".py" else _web(plan, at, route, cleaner)
        if not moved:
            plan.leave_at(
                at, "a session of the hosted workflow is made here", "take it out: nothing asks for it any more"
            )
    return proxy


def _web_route(plan: Plan, at: Location) -> WebRoute | None:
    document = plan.texts.document(at.path) if at.path.suffix not in {".py", ".php"} else None
    return web_route(document, at) if document is not None else None


def _web(plan: Plan, at: Location, route: WebRoute | None, cleaner: Cleaner) -> bool:
    if route is None:
        return False
    if route.signed_in:
        _leave_user(plan, at, route.user)
    return remove_route(plan, route, cleaner)


def _python(plan: Plan, at: Location) -> bool:
    module = plan.texts.module(at.path)
    if module is None:
        return False
    user, around = in_python.route_source(module, at)
    if is_signed_in(user, around):
        _leave_user(plan, at, user)
    return in_python.remove_route(plan, at)


def _leave_user(plan: Plan, at: Location, user: str) -> None:
    expression = user.split(" = ", maxsplit=1)[0].strip()
    plan.leave_at(
        at,
        f"sessions were made for {expression}, somebody who has signed in",
        f"tell {plan.backend.name}/app/context.py who that is",
    )
