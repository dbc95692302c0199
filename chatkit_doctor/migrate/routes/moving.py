"""The routes of one app, each made the way to the new server, taken out, or left to a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.routes import php as in_php
from chatkit_doctor.migrate.routes import python as in_python
from chatkit_doctor.migrate.routes.php_proxy import make_php_proxy, signed_in_user
from chatkit_doctor.migrate.routes.proxy import is_of_another_client, make_proxy, path_of
from chatkit_doctor.migrate.routes.python_handlers import PythonHandler, handler_of
from chatkit_doctor.migrate.routes.python_proxy import make_python_proxy
from chatkit_doctor.migrate.routes.users import is_signed_in
from chatkit_doctor.migrate.routes.web import WebRoute, remove_route, web_route
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.frontend.hosted.apps import HostedApp
    from chatkit_doctor.migrate.asking import Asking
    from chatkit_doctor.migrate.cleaning.cleaner import Cleaner
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.source import Location


@dataclass(frozen=True, slots=True)
class Proxy:
    """A route that hands the chat on. path: where a page reaches it, None where only the page says so."""

    path: str | None


def move_routes(plan: Plan, app: HostedApp, asking: Asking | None, cleaner: Cleaner) -> Proxy | None:
    """Take the session routes out; return the one that became a proxy, None where the page goes straight.

    asking: how the page asked for its sessions, None where that is not known.
    """
    proxy: Proxy | None = None
    for route in reversed(app.routes):
        at = _again(plan, route)
        if at is None:
            continue
        web = _web_route(plan, at)
        if web is not None and (path := path_of(plan, web)) is not None:
            plan.route_paths.add(path)
        if web is not None and web.signed_in and proxy is None and _is_for_others(plan, web, app):
            plan.leave_at(at, "somebody else than a page here asks for sessions", "move that client as well")
            continue
        made = _made_proxy(plan, at, web, asking, cleaner) if proxy is None else None
        if made is not None:
            proxy, plan.proxy = made, at.path
        if made is None and not _moved(plan, at, web, cleaner):
            todo = "take it out: nothing asks for it any more"
            plan.leave_at(at, "a session of the hosted workflow is made here", todo)
    return proxy


def _again(plan: Plan, at: Location) -> Location | None:
    """Return where a session is made after other edits of the file; None where it is gone with them."""
    source = plan.texts.read(at.path)
    if source is None or source.text[at.start : at.end] == at.text:
        return at if source is not None else None
    found = [match.start() for match in re.finditer(re.escape(at.text), source.text)]
    start = min(found, key=lambda each: abs(each - at.start), default=None)
    return source.location(start, start + len(at.text)) if start is not None else None


def _web_route(plan: Plan, at: Location) -> WebRoute | None:
    document = plan.texts.document(at.path) if at.path.suffix not in {".py", ".php"} else None
    return web_route(document, at) if document is not None else None


def _is_for_others(plan: Plan, route: WebRoute, app: HostedApp) -> bool:
    return is_of_another_client(plan, route, [mount.document.path for mount in app.mounts])


def _made_proxy(
    plan: Plan, at: Location, web: WebRoute | None, asking: Asking | None, cleaner: Cleaner
) -> Proxy | None:
    if web is not None:
        path = make_proxy(plan, web, cleaner) if web.signed_in else None
        return Proxy(path) if path is not None else None
    if asking is None:
        return None
    if at.path.suffix == ".php":
        return Proxy(None) if make_php_proxy(plan, at) else None
    handler = handler_of(plan, at) if at.path.suffix == ".py" else None
    if handler is None or not handler.is_signed_in or not _is_asked(handler, asking):
        return None
    return Proxy(None) if make_python_proxy(plan, handler) else None


def _is_asked(handler: PythonHandler, asking: Asking) -> bool:
    """Return whether the address that a page asks may be a handler's: it ends as its path does."""
    last = handler.path.rstrip("/").rpartition("/")[2]
    return not last or last.startswith("{") or last in asking.url or asking.literal is None


def _moved(plan: Plan, at: Location, web: WebRoute | None, cleaner: Cleaner) -> bool:
    if at.path.suffix == ".php":
        if user := signed_in_user(plan, at):
            _leave_user(plan, at, user)
        return in_php.remove_route(plan, at)
    if at.path.suffix == ".py":
        return _python(plan, at)
    if web is None:
        return False
    if web.signed_in:
        _leave_user(plan, at, web.user)
    return remove_route(plan, web, cleaner)


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
