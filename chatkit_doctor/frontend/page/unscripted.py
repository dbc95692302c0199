"""Pairs the places that mount ChatKit with the scripts that their pages load, package by package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from chatkit_doctor.frontend.page.alone import stands_alone
from chatkit_doctor.frontend.page.enqueued import takes_unknown_script
from chatkit_doctor.frontend.page.hosts import Host, host_of, is_whole_page
from chatkit_doctor.frontend.page.mounts import Mount, mounts
from chatkit_doctor.frontend.page.reach import ScriptsInReach
from chatkit_doctor.frontend.page.templates import is_template, page_of
from chatkit_doctor.project.app import App
from chatkit_doctor.project.packages import Package
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location
from chatkit_doctor.web.markup import first_element

_WAITING = "waits for a script that no page loads"


@dataclass(frozen=True, slots=True, eq=False)
class Unscripted:
    """A page, or all pages of a package, that lack the script.

    owner: who does not load it, with the verb (`index.html does not load`).
    shown: what stays blank for it.
    """

    at: Location
    owner: str
    shown: str
    label: str
    host: Host | None


def unscripted_pages(app: App) -> Iterator[Unscripted]:
    """Yield at most one result for each HTML page that mounts ChatKit itself, and one for each package's components."""
    for package, found in _mounts_by_package(app):
        on_pages = [each for each in found if is_whole_page(each.document)]
        in_templates = [each for each in found if is_template(each.document)]
        in_php = [each for each in found if each.document.path.suffix == ".php"]
        elsewhere = {*on_pages, *in_templates, *in_php}
        in_components = [each for each in found if each not in elsewhere]
        scripts = ScriptsInReach(app, package)
        blank = [*_blank_pages(app, scripts, on_pages), *_blank_templates(app, scripts, in_templates)]
        yield from blank
        if in_php and not scripts.anywhere() and not takes_unknown_script(app):
            mount = in_php[0]
            yield Unscripted(mount.at, f"no page of {_name(app, package)} loads", mount.shown, _WAITING, None)
        if not in_components or scripts.anywhere():
            continue
        result = _blank_components(app, package, in_components)
        if result is not None and not any(result.at.path == each.at.path for each in blank):
            yield result


def _mounts_by_package(app: App) -> Iterator[tuple[Package, list[Mount]]]:
    by_package: dict[Path, tuple[Package, list[Mount]]] = {}
    for document in app.documents():
        package = app.packages.of(document.path)
        if app.is_test_or_story(document.path) or app.is_sample(document.path):
            continue
        found = list(mounts(app.resolver, document))
        if found:
            by_package.setdefault(package.folder, (package, []))[1].extend(found)
    yield from by_package.values()


def _blank_pages(app: App, scripts: ScriptsInReach, found: Sequence[Mount]) -> Iterator[Unscripted]:
    pages: dict[Path, Mount] = {}
    for mount in found:
        pages.setdefault(mount.document.path, mount)
    for mount in pages.values():
        page = mount.document
        is_loaded = scripts.loads(page) or (scripts.in_programs() and not stands_alone(app, page))
        if is_loaded or scripts.takes_unknown(page):
            continue
        owner = f"{mount.document.path.name} does not load"
        yield Unscripted(mount.at, owner, mount.shown, "is never defined here", Host(mount.document, is_html=True))


def _blank_templates(app: App, scripts: ScriptsInReach, found: Sequence[Mount]) -> Iterator[Unscripted]:
    shown: dict[Path, Mount] = {}
    for mount in found:
        shown.setdefault(mount.document.path, mount)
    for mount in shown.values():
        page = page_of(app, mount.document) if not scripts.anywhere() else None
        if page is None or any(scripts.loads(each) or scripts.takes_unknown_template(each) for each in page.parts):
            continue
        names = [mount.document.path.name, *([page.top.path.name] if page.top is not mount.document else [])]
        owner = f"neither {names[0]} nor {names[1]} loads" if len(names) > 1 else f"{names[0]} does not load"
        yield Unscripted(mount.at, owner, mount.shown, "is never defined here", Host(page.top, is_html=True))


def _blank_components(app: App, package: Package, found: Sequence[Mount]) -> Unscripted | None:
    host = host_of(app, package, frozenset(each.document.path for each in found))
    if host is None:
        return None
    mount = found[0]
    if host.page is None or not host.is_html:
        return Unscripted(mount.at, f"no page of {_name(app, package)} loads", mount.shown, _WAITING, host)
    shown = f"{mount.shown} in {mount.document.path.name}"
    head = first_element(host.page, "head") or first_element(host.page, "html")
    if head is None:
        return Unscripted(mount.at, f"{host.page.path.name} does not load", shown, _WAITING, host)
    return Unscripted(head.location, f"{host.page.path.name} does not load", shown, "lacks the script", host)


def _name(app: App, package: Package) -> str:
    """Return how to name a package: its folder below the project's root, or the app itself."""
    folder = package.folder
    if folder == app.base or not folder.is_relative_to(app.base):
        return "the app"
    return f"{folder.relative_to(app.base).as_posix()}/"
