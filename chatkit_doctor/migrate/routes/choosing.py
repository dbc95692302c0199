"""Which session routes a page chooses among: their paths, who asks at each, and where the choice cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.migrate.plan import MigrateError
from chatkit_doctor.migrate.routes.php import body_around
from chatkit_doctor.migrate.routes.php_proxy import signed_in_user
from chatkit_doctor.migrate.routes.proxy import path_of
from chatkit_doctor.migrate.routes.python import route_source
from chatkit_doctor.migrate.routes.python_handlers import handler_of
from chatkit_doctor.migrate.routes.users import is_signed_in
from chatkit_doctor.migrate.routes.web import WebRoute, web_route
from chatkit_doctor.migrate.sessions.addresses import asks
from chatkit_doctor.migrate.sessions.asking import asked_addresses
from chatkit_doctor.source import relative_path

if TYPE_CHECKING:
    from chatkit_doctor.frontend.hosted.apps import HostedApp
    from chatkit_doctor.migrate.plan import Plan
    from chatkit_doctor.migrate.sessions.asking import Asking
    from chatkit_doctor.source import Location


def web_route_at(plan: Plan, at: Location) -> WebRoute | None:
    """Return the route in JavaScript or TypeScript that makes the session at a place."""
    document = plan.texts.document(at.path) if at.path.suffix not in {".py", ".php"} else None
    return web_route(plan.texts, document, at) if document is not None else None


def route_path(plan: Plan, at: Location) -> str:
    """Return the path of the route that makes the session at a place, as far as its file tells it."""
    if at.path.suffix == ".php":
        return at.path.name
    if at.path.suffix == ".py":
        handler = handler_of(plan, at)
        return handler.path if handler is not None else ""
    web = web_route_at(plan, at)
    return (path_of(plan, web) or "") if web is not None else ""


def user_at(plan: Plan, at: Location) -> str:
    """Return the expression of the user that has signed in, for whom a session is made; "" where nobody does."""
    if at.path.suffix == ".php":
        return signed_in_user(plan, at)
    if at.path.suffix == ".py":
        module = plan.texts.module(at.path)
        user, around = route_source(module, at) if module is not None else ("", "")
        return user if is_signed_in(user, around) else ""
    web = web_route_at(plan, at)
    return web.user if web is not None and web.signed_in else ""


def text_around(plan: Plan, at: Location) -> str:
    """Return the text of what makes the session at a place: its function, or its file."""
    if at.path.suffix == ".py":
        module = plan.texts.module(at.path)
        return route_source(module, at)[1] if module is not None else ""
    source = plan.texts.read(at.path)
    text = source.text if source is not None else ""
    if at.path.suffix == ".php":
        body = body_around(text, at.start)
        return text[body[0] : body[1]] if body is not None else text
    web = web_route_at(plan, at)
    return web.document.text(web.handler) if web is not None and web.handler is not None else ""


def refuse_unclear(plan: Plan, app: HostedApp, asking: Asking | None) -> None:
    """Raise MigrateError where it is not told which of several routes a page asks, some of them for who has signed in.

    Each would have to stay, and the page would have to know which one to ask.
    """
    if asking is not None and asking.choice is not None:
        return
    mount = app.mounts[0]
    addresses = asked_addresses(plan.texts, mount.document, mount.entry)
    paths = {route_path(plan, route): route for route in app.routes}
    asked = {path: route for path, route in paths.items() if asks(addresses, path)}
    if len(asked) > 1 and any(user_at(plan, route) for route in asked.values()):
        place = f"{relative_path(mount.document.path, plan.texts.root)}:{mount.location.first.line}"
        named = " or ".join(sorted(asked))
        raise MigrateError(f"{place} asks {named} for its session, and which one cannot be told; ask one of them alone")
