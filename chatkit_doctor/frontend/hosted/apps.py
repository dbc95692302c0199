"""Hosted chats, app by app: the mounts of a page together with the routes that make their sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.backend.sessions import python_routes
from chatkit_doctor.frontend.hosted.mounts import HostedMount, hosted_mounts
from chatkit_doctor.frontend.hosted.routes import php_routes, web_routes
from chatkit_doctor.project.project import Project

if TYPE_CHECKING:
    from chatkit_doctor.source import Location


@dataclass(slots=True)
class HostedApp:
    """What of one app rests on a hosted workflow.

    folder: the app's, of its page where it has one. mounts: where its pages ask for a secret.
    routes: where its server has sessions made, in the same app or in the one beside it.
    """

    folder: Path
    mounts: list[HostedMount] = field(default_factory=list)
    routes: list[Location] = field(default_factory=list)


def hosted_apps(project: Project) -> list[HostedApp]:
    """Return the hosted apps of a project, in the order of their folders."""
    return project.derive(_hosted_apps)


def _hosted_apps(project: Project) -> list[HostedApp]:
    apps: dict[Path, HostedApp] = {}
    for mount in hosted_mounts(project):
        folder = project.apps.app_of(mount.document.path).folder
        apps.setdefault(folder, HostedApp(folder)).mounts.append(mount)
    pages = list(apps)
    routes = [*web_routes(project), *python_routes(project), *php_routes(project)]
    for route in sorted(routes, key=lambda each: each.order):
        folder = project.apps.app_of(route.path).folder
        home = folder if folder in apps else _beside(folder, pages, project.root) or folder
        apps.setdefault(home, HostedApp(home)).routes.append(route)
    return [apps[folder] for folder in sorted(apps)]


def _beside(folder: Path, pages: list[Path], root: Path) -> Path | None:
    """Return the app with a page that a server's folder belongs to: the one it shares the most folders with.

    None where two are as near, or where all that they share is a root with other apps in between.
    """
    shared = {page: len(_common(folder, page).parts) for page in pages}
    best = max(shared.values(), default=0)
    near = [page for page, depth in shared.items() if depth == best]
    return near[0] if len(near) == 1 and best >= len(root.parts) else None


def _common(first: Path, second: Path) -> Path:
    for each in (first, *first.parents):
        if second.is_relative_to(each):
            return each
    return Path(first.anchor)
