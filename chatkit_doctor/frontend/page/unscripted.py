"""Pairs the places that mount ChatKit with the scripts that their pages load, package by package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.contracts.web_names import TAG
from chatkit_doctor.frontend.page.hosts import Host, host_of, is_whole_page
from chatkit_doctor.frontend.page.mounts import Mount, mounts
from chatkit_doctor.frontend.page.scripts import LoadedScript, is_own_address, loaded_scripts
from chatkit_doctor.project.app import App
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.packages import Package, Packages
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.evaluate import Evaluator
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.markup import elements, first_element


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
    evaluator = app.evaluator
    packages = app.packages
    for package, found in _mounts_by_package(app, packages, evaluator):
        on_pages = [each for each in found if is_whole_page(each.document)]
        in_components = [each for each in found if not is_whole_page(each.document)]
        scripts = _Scripts(app, packages, evaluator, package)
        blank = list(_blank_pages(scripts, on_pages))
        yield from blank
        if not in_components or scripts.anywhere():
            continue
        result = _blank_components(app, packages, package, in_components)
        if result is not None and not any(result.at.path == each.at.path for each in blank):
            yield result


def _mounts_by_package(app: App, packages: Packages, evaluator: Evaluator) -> Iterator[tuple[Package, list[Mount]]]:
    by_package: dict[Path, tuple[Package, list[Mount]]] = {}
    for document in app.documents():
        package = packages.of(document.path)
        if app.is_test_or_story(document.path) or app.is_sample(document.path):
            continue
        found = list(mounts(evaluator.resolver, document))
        if found:
            by_package.setdefault(package.folder, (package, []))[1].extend(found)
    yield from by_package.values()


class _Scripts:
    """The scripts that have to do with ChatKit and that the pages of a package could get."""

    def __init__(self, app: App, packages: Packages, evaluator: Evaluator, package: Package) -> None:
        self._app = app
        self._packages = packages
        self._evaluator = evaluator
        self._folders = packages.in_reach(package)

    def anywhere(self) -> bool:
        """Return whether some file in reach loads a script, or defines the element itself."""
        return any(self.loads(document) for document in self._documents()) or self._in_server_code()

    def in_programs(self) -> bool:
        """Return whether some file in reach that is no whole page does."""
        programs = (document for document in self._documents() if not is_whole_page(document))
        return any(self.loads(document) for document in programs)

    def loads(self, document: Document) -> bool:
        """Return whether a document loads a script that is not one of the project's own programs."""
        if _defines_element(document):
            return True
        return any(not self._is_own_program(each) for each in loaded_scripts(self._evaluator, document))

    def takes_unknown(self, page: Document) -> bool:
        """Return whether a page takes a script of its own server that is not in the project, so may do anything."""
        stems = {path.name.partition(".")[0] for path in self._app.web_paths()}
        sources = (element.text("src") for element in elements(page, "script"))
        own = (source for source in sources if source and is_own_address(source))
        return any(PurePosixPath(source).name.partition(".")[0] not in stems for source in own)

    def _documents(self) -> Iterator[Document]:
        for document in self._app.documents():
            package = self._packages.of(document.path)
            if package.folder in self._folders and not self._app.is_test_or_story(document.path):
                yield document

    def _is_own_program(self, script: LoadedScript) -> bool:
        """Return whether a script's address is that of a file in the project, which is looked at by itself."""
        if script.url is None or not is_own_address(script.url):
            return False
        name = PurePosixPath(script.url.split("?")[0]).name
        own = (path for path in self._app.web_paths() if path.name == name)
        return any(not self._app.mentions(path, (b"customElements.define",)) for path in own)

    def _in_server_code(self) -> bool:
        """Return whether a program that may write pages names the script."""
        path = cdn_script_url().partition("://")[2].encode()
        for each in self._app.files:
            if kind_of(each.name) not in {FileKind.PYTHON, FileKind.PHP}:
                continue
            package = self._packages.of(each)
            if package.folder not in self._folders or self._app.is_test_or_story(each):
                continue
            if self._app.mentions(each, (path,)):
                return True
        return False


def _defines_element(document: Document) -> bool:
    """Return whether a program defines the element itself (a stand-in, a copy of the script)."""
    for node in document.find("string"):
        call = node.parent.parent if node.parent is not None else None
        if call is not None and string_text(document, node) == TAG and "customElements.define(" in document.text(call):
            return True
    return False


def _blank_pages(scripts: _Scripts, found: Sequence[Mount]) -> Iterator[Unscripted]:
    pages: dict[Path, Mount] = {}
    for mount in found:
        pages.setdefault(mount.document.path, mount)
    for mount in pages.values():
        if scripts.loads(mount.document) or scripts.in_programs() or scripts.takes_unknown(mount.document):
            continue
        owner = f"{mount.document.path.name} does not load"
        yield Unscripted(mount.at, owner, mount.shown, "is never defined here", Host(mount.document, is_html=True))


def _blank_components(app: App, packages: Packages, package: Package, found: Sequence[Mount]) -> Unscripted | None:
    host = host_of(app, packages, package, frozenset(each.document.path for each in found))
    if host is None:
        return None
    mount = found[0]
    label = "waits for a script that no page loads"
    if host.page is None or not host.is_html:
        return Unscripted(mount.at, f"no page of {_name(app, package)} loads", mount.shown, label, host)
    shown = f"{mount.shown} in {mount.document.path.name}"
    head = first_element(host.page, "head") or first_element(host.page, "html")
    if head is None:
        return Unscripted(mount.at, f"{host.page.path.name} does not load", shown, label, host)
    return Unscripted(head.location, f"{host.page.path.name} does not load", shown, "lacks the script", host)


def _name(app: App, package: Package) -> str:
    """Return how to name a package: its folder below the project's root, or the app itself."""
    folder = package.folder
    if folder == app.base or not folder.is_relative_to(app.base):
        return "the app"
    return f"{folder.relative_to(app.base).as_posix()}/"
