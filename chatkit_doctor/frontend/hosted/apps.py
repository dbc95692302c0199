"""Hosted chats: the mounts of an app's pages together with the routes that make their sessions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.backend.sessions import python_routes
from chatkit_doctor.frontend.hosted.mounts import HostedMount, hosted_mounts
from chatkit_doctor.frontend.hosted.routes import php_routes, web_routes
from chatkit_doctor.frontend.options.literals import own_server_options
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from chatkit_doctor.project.project import Project
    from chatkit_doctor.source import Location


@dataclass(slots=True)
class HostedApp:
    """What of one app rests on a hosted workflow.

    folder: the app's, of its page where it has one. mounts: where its pages ask for a secret.
    routes: where its server has sessions made, in the same app or in its other half.
    """

    folder: Path
    mounts: list[HostedMount] = field(default_factory=list)
    routes: list[Location] = field(default_factory=list)


def hosted_apps(project: Project) -> list[HostedApp]:
    """Return the hosted apps of a project, in the order of their folders."""
    return [found for app in project.apps if (found := hosted_app(app)) is not None]


def hosted_app(app: App) -> HostedApp | None:
    """Return what of an app rests on a hosted workflow; None where nothing does, or its page's app tells it."""
    return app.derive(_hosted_app)


def _hosted_app(app: App) -> HostedApp | None:
    mounts, routes = app.derive(_own_mounts), list(_own_routes(app))
    beside = [pair.backend for pair in app.pairs() if pair.backend is not app]
    if not mounts and (not routes or any(each.derive(_own_mounts) for each in beside) or _is_left_over(app)):
        return None
    if mounts:
        routes += [route for each in beside if not each.derive(_own_mounts) for route in _own_routes(each)]
    return HostedApp(app.folder, mounts, sorted(routes, key=lambda each: each.order))


def _is_left_over(app: App) -> bool:
    """Return whether the pages ask a server of their own, so that none asks for the sessions made here."""
    return any(next(own_server_options(pair.frontend), None) is not None for pair in app.fronts())


def _own_mounts(app: App) -> list[HostedMount]:
    return [each for each in hosted_mounts(app) if app.owns(each.document.path)]


def _own_routes(app: App) -> Iterator[Location]:
    found = (*web_routes(app), *python_routes(app), *php_routes(app))
    yield from (each for each in found if app.owns(each.path))
