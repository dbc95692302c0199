"""Where Next renders a mount of ChatKit as a server component: its app router gets there by imports alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.contracts.web_names import TAG
from chatkit_doctor.frontend.page.mounts import mounts
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location
from chatkit_doctor.web.directives import begins_with
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.modules.imports import ImportKind, exports, imports

CLIENT = "use client"
_NEXT = "next"
_ENTRY = regex(r"(?:page|layout|template|loading|not-found|default)\.(?:tsx|jsx|ts|js)")
_REACT = regex(r"@openai/chatkit-react")
# What only a server component may do.
_OF_SERVER = regex(
    r"^export\s+(?:const\s+(?:metadata|viewport|revalidate|dynamic|generateStaticParams)\b"
    r"|(?:async\s+)?function\s+generate(?:Metadata|StaticParams|Viewport)\b|default\s+async\s+function)"
    r"|^import\b[^;\n]*['\"](?:next/headers|server-only)['\"]",
    re.MULTILINE,
)
_MAX_FILES = 200


@dataclass(frozen=True, slots=True, eq=False)
class ServerMount:
    """One file that mounts ChatKit and is rendered on the server.

    at: the first mount. shown: what is mounted, as a message names it. entry: the page or layout that gets there.
    """

    document: Document
    at: Location
    shown: str
    entry: Path

    @property
    def is_tied_to_server(self) -> bool:
        """Return whether the file does what a client component may not."""
        return _OF_SERVER.search(self.document.source.text) is not None


def server_mounts(app: App) -> Iterator[ServerMount]:
    """Yield the files of Next apps that mount React's ChatKit and are rendered as server components."""
    for document in app.documents():
        if not _REACT.search(document.source.text) or app.is_test_or_story(document.path):
            continue
        root = _router(app, document.path)
        if root is None or begins_with(document, CLIENT):
            continue
        found = (each for each in mounts(app.resolver, document) if each.shown != f"<{TAG}>")
        mount = min(found, key=lambda each: each.at.start, default=None)
        entry = _entry(app, document, root) if mount is not None and _imports_it(document) else None
        if mount is not None and entry is not None:
            yield ServerMount(document, mount.at, mount.shown, entry)


def _imports_it(document: Document) -> bool:
    """Return whether the package is imported for code that runs."""
    found = (each for each in imports(document) if _REACT.search(each.specifier))
    return any(each.kind is ImportKind.STATIC and not each.type_only for each in found)


def _router(app: App, path: Path) -> Path | None:
    """Return the folder of the app router of a file's package, None where it is none of Next's."""
    package = app.packages.of(path)
    if _NEXT not in package.dependencies:
        return None
    folders = (package.folder / "app", package.folder / "src" / "app")
    return next((folder for folder in folders if any(each.is_relative_to(folder) for each in app.web_paths())), None)


def _entry(app: App, document: Document, root: Path) -> Path | None:
    """Return an entry of the router that gets to a file without a client component between them."""
    pending = [document]
    seen: set[Path] = set()
    while pending and len(seen) < _MAX_FILES:
        current = pending.pop(0)
        if current.path in seen:
            continue
        seen.add(current.path)
        if current.path.is_relative_to(root) and _ENTRY.fullmatch(current.path.name):
            return current.path
        pending += [each for each in _importers(app, current) if not begins_with(each, CLIENT)]
    return None


def _importers(app: App, document: Document) -> Iterator[Document]:
    """Yield the files that have code of a file's run with their own: by an import, or by a re-export."""
    stem = document.path.parent.name if document.path.stem == "index" else document.path.stem
    for path in app.web_paths():
        if path == document.path or not app.mentions(path, (stem.encode(errors="replace"),)):
            continue
        found = app.document(path)
        if found is not None and any(app.resolver.resolve(path, each) == document.path for each in _modules(found)):
            yield found


def _modules(document: Document) -> Iterator[str]:
    """Yield what a file imports for its code, and what it re-exports; a lazy import may be the browser's alone."""
    for each in imports(document):
        if each.kind is ImportKind.STATIC and not each.type_only:
            yield each.specifier
    for export in exports(document):
        if export.specifier is not None:
            yield export.specifier
