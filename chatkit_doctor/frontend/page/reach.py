"""Whether the pages of a package can get a script of ChatKit from anywhere: a page, a program, a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath

from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.contracts.web_names import TAG
from chatkit_doctor.frontend.page.hosts import is_whole_page
from chatkit_doctor.frontend.page.scripts import LoadedScript, is_own_address, loaded_scripts
from chatkit_doctor.frontend.page.templates import own_scripts
from chatkit_doctor.project.app import App
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.packages import Package
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.markup import elements


def _any(_script: LoadedScript) -> bool:
    return True


class ScriptsInReach:
    """The scripts that have to do with ChatKit and that the pages of a package could get.

    counts: says which of them are meant, where it is not all.
    """

    def __init__(self, app: App, package: Package, counts: Callable[[LoadedScript], bool] = _any) -> None:
        self._app = app
        self._packages = app.packages
        self._counts = counts
        self._folders = app.packages.in_reach(package)
        self._loading: dict[Document, bool] = {}

    def anywhere(self) -> bool:
        """Return whether some file in reach loads a script, or defines the element itself."""
        return self._anywhere

    @cached_property
    def _anywhere(self) -> bool:
        return any(self.loads(document) for document in self._documents()) or self._in_server_code()

    def in_programs(self) -> bool:
        """Return whether some file in reach that is no whole page does."""
        return self._in_programs

    @cached_property
    def _in_programs(self) -> bool:
        programs = (document for document in self._documents() if not is_whole_page(document))
        return any(self.loads(document) for document in programs)

    def loads(self, document: Document) -> bool:
        """Return whether a document loads a script that is not one of the project's own programs."""
        if document not in self._loading:
            self._loading[document] = self._finds(document)
        return self._loading[document]

    def _finds(self, document: Document) -> bool:
        if document.derive(_defines_element):
            return True
        found = (each for each in loaded_scripts(self._app.evaluator, document) if self._counts(each))
        return any(not self._is_own_program(each) for each in found)

    def takes_unknown(self, page: Document) -> bool:
        """Return whether a page takes a script of its own server that is not in the project, so may do anything."""
        stems = self._app.derive(_stems)
        sources = (element.text("src") for element in elements(page, "script"))
        own = (source for source in sources if source and is_own_address(source))
        return any(PurePosixPath(source).name.partition(".")[0] not in stems for source in own)

    def takes_unknown_template(self, template: Document) -> bool:
        """Return whether a template takes a script of its own server that is not in the project."""
        names = self._app.derive(paths_by_name)
        return any(name not in names for name in own_scripts(template))

    def _documents(self) -> Iterator[Document]:
        by_package = self._app.derive(_documents_by_package)
        # Of a package that all of a tree use, all are in reach; an app has files of a few.
        for folder in sorted(each for each in by_package if each in self._folders):
            yield from by_package[folder]

    def _is_own_program(self, script: LoadedScript) -> bool:
        """Return whether a script's address is that of a file in the project, which is looked at by itself."""
        if script.url is None or not is_own_address(script.url):
            return False
        name = PurePosixPath(script.url.split("?")[0]).name
        own = self._app.derive(paths_by_name).get(name, ())
        return any(not self._app.mentions(path, (b"customElements.define",)) for path in own)

    def _in_server_code(self) -> bool:
        """Return whether a program that may write pages names the script."""
        return not self._folders.isdisjoint(self._app.derive(_server_code_with_script))


def _stems(app: App) -> frozenset[str]:
    return frozenset(path.name.partition(".")[0] for path in app.web_paths())


def paths_by_name(app: App) -> dict[str, list[Path]]:
    """Return the web files of an app by their names."""
    found: dict[str, list[Path]] = {}
    for path in app.web_paths():
        found.setdefault(path.name, []).append(path)
    return found


def _server_code_with_script(app: App) -> frozenset[Path]:
    """Return the folders of the packages with a program that may write pages and names the script."""
    address = cdn_script_url().partition("://")[2].encode()
    written = (each for each in app.files if each.suffix == ".php" or kind_of(each.name) is FileKind.PYTHON)
    return frozenset(
        app.packages.of(each).folder
        for each in written
        if not app.is_test_or_story(each) and app.mentions(each, (address,))
    )


def _documents_by_package(app: App) -> dict[Path, list[Document]]:
    """Return the web files that are shipped, by the folders of their packages."""
    found: dict[Path, list[Document]] = {}
    for document in app.documents():
        if not app.is_test_or_story(document.path):
            found.setdefault(app.packages.of(document.path).folder, []).append(document)
    return found


def _defines_element(document: Document) -> bool:
    """Return whether a program defines the element itself (a stand-in, a copy of the script)."""
    for node in document.find("string"):
        # The text first: the nodes around one are dear to ask for where they nest deeply.
        if string_text(document, node) != TAG:
            continue
        call = node.parent.parent if node.parent is not None else None
        if call is not None and "customElements.define(" in document.text(call):
            return True
    return False
