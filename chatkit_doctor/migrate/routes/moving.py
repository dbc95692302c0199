"""The routes of one app, each made the way to the new server, taken out, or left to a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.consequences import note_refusals
from chatkit_doctor.migrate.routes import php as in_php
from chatkit_doctor.migrate.routes import python as in_python
from chatkit_doctor.migrate.routes.choosing import refuse_unclear, route_path, text_around, user_at, web_route_at
from chatkit_doctor.migrate.routes.php_proxy import make_php_proxy
from chatkit_doctor.migrate.routes.proxy import is_of_another_client, make_proxy, path_of
from chatkit_doctor.migrate.routes.python_handlers import PythonHandler, handler_of
from chatkit_doctor.migrate.routes.python_proxy import make_python_proxy
from chatkit_doctor.migrate.routes.web import WebRoute, remove_route
from chatkit_doctor.migrate.sessions.addresses import asks
from chatkit_doctor.records import dataclass, replace

if TYPE_CHECKING:
    from chatkit_doctor.frontend.hosted.apps import HostedApp
    from chatkit_doctor.migrate.cleaning.cleaner import Cleaner
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.migrate.sessions.asking import Asking
    from chatkit_doctor.source import Location


@dataclass(frozen=True, slots=True)
class Proxy:
    """A route that hands the chat on.

    path: where a page reaches it, None where only the page says so. known: its path, as far as its file tells it.
    others: the same of further routes, among which the page chooses.
    """

    path: str | None
    known: str
    others: tuple[str, ...] = ()

    def takes(self, asking: Asking) -> bool:
        """Return whether a request for a session reaches a route that hands the chat on now."""
        return any(asks(asking.addresses, each) for each in (self.known, *self.others))


def move_routes(plan: Plan, app: HostedApp, asking: Asking | None, cleaner: Cleaner) -> Proxy | None:
    """Take the session routes out; return the one that became a proxy, None where the page goes straight.

    asking: how the page asked for its sessions, None where that is not known.
    """
    refuse_unclear(plan, app, asking)
    proxy: Proxy | None = None
    beside: list[tuple[Location, str, bool]] = []
    asked = _asked_paths(plan, app, asking)
    for route in reversed(app.routes):
        at = _again(plan, route)
        if at is None:
            continue
        web = web_route_at(plan, at)
        if web is not None and (path := path_of(plan, web)) is not None:
            plan.route_paths.add(path)
        if web is not None and web.signed_in and proxy is None and _is_for_others(plan, web, app):
            plan.leave_at(at, "somebody else than a page here asks for sessions", "move that client as well")
            continue
        is_asked = not asked or route_path(plan, at) in asked
        may_hand_on = is_asked and (proxy is None or (asking is not None and asking.choice is not None))
        made = _made_proxy(plan, at, web, asking, cleaner) if may_hand_on else None
        if made is not None:
            proxy, plan.proxy = made if proxy is None else replace(proxy, others=(*proxy.others, made.known)), at.path
            continue
        if user := user_at(plan, at):
            # Where another one becomes the way to the new server, it tells who asks.
            beside.append((at, user, is_asked))
        _take_out(plan, at, web, cleaner)
    for at, user, is_asked in beside:
        if is_asked or proxy is None:
            _leave_user(plan, at, user)
    return proxy


def _take_out(plan: Plan, at: Location, web: WebRoute | None, cleaner: Cleaner) -> None:
    note_refusals(plan, at, text_around(plan, at))
    if not _moved(plan, at, web, cleaner):
        plan.leave_at(at, "a session of the hosted workflow is made here", "take it out: nothing asks for it any more")


def _asked_paths(plan: Plan, app: HostedApp, asking: Asking | None) -> set[str]:
    """Return the paths of the routes that a page asks for its first session; none where that cannot be told."""
    addresses = asking.addresses if asking is not None else ()
    return {path for route in app.routes if asks(addresses, path := route_path(plan, route))}


def _again(plan: Plan, at: Location) -> Location | None:
    """Return where a session is made after other edits of the file; None where it is gone with them."""
    source = plan.texts.read(at.path)
    if source is None or source.text[at.start : at.end] == at.text:
        return at if source is not None else None
    found = [match.start() for match in re.finditer(re.escape(at.text), source.text)]
    start = min(found, key=lambda each: abs(each - at.start), default=None)
    return source.location(start, start + len(at.text)) if start is not None else None


def _is_for_others(plan: Plan, route: WebRoute, app: HostedApp) -> bool:
    return is_of_another_client(plan, route, [mount.document.path for mount in app.mounts])


def _made_proxy(
    plan: Plan, at: Location, web: WebRoute | None, asking: Asking | None, cleaner: Cleaner
) -> Proxy | None:
    if web is not None:
        path = make_proxy(plan, web, cleaner) if web.signed_in else None
        return Proxy(path, path) if path is not None else None
    if asking is None:
        return None
    if at.path.suffix == ".php":
        return Proxy(None, at.path.name) if make_php_proxy(plan, at) else None
    handler = handler_of(plan, at) if at.path.suffix == ".py" else None
    if handler is None or not handler.is_signed_in or not _is_asked(handler, asking):
        return None
    return Proxy(None, handler.path) if make_python_proxy(plan, handler) else None


def _is_asked(handler: PythonHandler, asking: Asking) -> bool:
    """Return whether the address that a page asks may be a handler's: it ends as its path does."""
    last = handler.path.rstrip("/").rpartition("/")[2]
    return not last or last.startswith("{") or last in asking.url or asking.literal is None


def _moved(plan: Plan, at: Location, web: WebRoute | None, cleaner: Cleaner) -> bool:
    if at.path.suffix == ".php":
        return in_php.remove_route(plan, at)
    if at.path.suffix == ".py":
        return in_python.remove_route(plan, at)
    return web is not None and remove_route(plan, web, cleaner)


def _leave_user(plan: Plan, at: Location, user: str) -> None:
    expression = user.split(" = ", maxsplit=1)[0].strip()
    plan.leave_at(
        at,
        f"sessions were made for {expression}, somebody who has signed in",
        f"tell {plan.backend.name}/app/context.py who that is",
    )
