"""The page that shows a package's components: its HTML file, its framework's root, and where a script goes in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.project.packages import Package
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.markup import Element, elements, first_element
from chatkit_doctor.web.modules.imports import imports

_PAGE_SUFFIXES = frozenset({".html", ".htm", ".astro"})
_ENTRY_NAMES = frozenset({"index.html", "app.html", "index.htm"})
_TEMPLATED = regex(r"\{%|\{\{>|<%|<\?|<!--#include")
_NEXT = "next"
# Frameworks that make their pages without an HTML file of the project.
_PAGE_MAKERS = frozenset(
    {
        *(_NEXT, "nuxt", "nuxt3", "gatsby", "@docusaurus/core", "vitepress", "astro"),
        *("@remix-run/react", "@react-router/dev", "@tanstack/react-start", "@tanstack/start", "@solidjs/start"),
        "expo-router",
    }
)
# Those whose configuration lists the scripts of every page, where its name starts so.
_LISTING = {"@docusaurus/core": "docusaurus.config", "nuxt": "nuxt.config", "nuxt3": "nuxt.config"}
_LAYOUTS = tuple(f"{base}app/layout.{suffix}" for base in ("", "src/") for suffix in ("tsx", "jsx", "js"))
_DOCUMENTS = tuple(f"{base}pages/_document.{suffix}" for base in ("", "src/") for suffix in ("tsx", "jsx", "js"))
_ROOTS = tuple(
    f"{path}.{suffix}"
    for path in ("app/root", "src/root", "src/routes/__root", "app/routes/__root", "app/+html", "src/app/+html")
    for suffix in ("tsx", "jsx")
)


@dataclass(frozen=True, slots=True, eq=False)
class Host:
    """What makes the page of a package's components.

    page: the one document in which a script reaches all of them, None where several or none could be meant.
    is_html: whether that is a page as the browser gets it, not a component or layout.
    """

    page: Document | None
    is_html: bool


def is_whole_page(document: Document) -> bool:
    """Return whether a file is a page as the browser gets it, and no fragment or template that others complete."""
    return document.derive(_is_whole_page)


def is_templated(document: Document) -> bool:
    """Return whether a server completes a file: it holds statements of a template language."""
    return document.derive(_is_templated)


def _is_templated(document: Document) -> bool:
    return _TEMPLATED.search(document.source.text) is not None


def _is_whole_page(document: Document) -> bool:
    if document.path.suffix.lower() not in {".html", ".htm"} or is_templated(document):
        return False
    return first_element(document, "html", "head", "body") is not None


def host_of(app: App, package: Package, mounting: frozenset[Path]) -> Host | None:
    """Return what makes the page of the files that mount ChatKit in a package; None where that cannot be told."""
    if package.is_library:
        return None
    if root := _framework_root(app, package):
        return Host(root, is_html=False)
    if not _PAGE_MAKERS.isdisjoint(package.dependencies - {"astro"}):
        return Host(_listing_config(app, package), is_html=False)
    pages = list(_entries(app, package))
    if len(pages) > 1:
        pages = [page for page in pages if _reaches(app, package, page, mounting)] or pages
    if not pages:
        return Host(None, is_html=False) if "astro" in package.dependencies else None
    return Host(pages[0] if len(pages) == 1 else None, is_html=True)


def _listing_config(app: App, package: Package) -> Document | None:
    """Return the configuration of a package that lists the scripts of every page."""
    stems = {stem for dependency, stem in _LISTING.items() if dependency in package.dependencies}
    found = _existing(
        app, package, tuple(f"{stem}.{suffix}" for stem in stems for suffix in ("js", "ts", "mjs", "mts"))
    )
    return found[0] if len(found) == 1 and len(stems) == 1 else None


def _framework_root(app: App, package: Package) -> Document | None:
    """Return the one component that a framework renders around every page of a package."""
    layouts = _existing(app, package, _LAYOUTS)
    documents = _existing(app, package, _DOCUMENTS)
    if layouts and not _has_routes_in_pages(app, package):
        found = layouts
    elif not layouts:
        found = documents or _existing(app, package, _ROOTS)
    else:
        found = []
    return found[0] if len(found) == 1 and first_element(found[0], "html", "Html") is not None else None


def _existing(app: App, package: Package, names: tuple[str, ...]) -> list[Document]:
    # As texts, for there are two dozen and a package has one or two.
    folder = f"{package.folder}{os.sep}"
    paths = (folder + name.replace("/", os.sep) for name in names)
    found = (app.document(Path(path)) for path in paths if app.exists(path))
    return [document for document in found if document is not None]


def _has_routes_in_pages(app: App, package: Package) -> bool:
    """Return whether a Next project with an app folder also has pages of the older router, which have another root."""
    for folder in (package.folder / "pages", package.folder / "src" / "pages"):
        for path in app.web_paths():
            if path.is_relative_to(folder) and "api" not in path.relative_to(folder).parts[:1]:
                return True
    return False


def _entries(app: App, package: Package) -> Iterator[Document]:
    """Yield the pages of a package that are meant for browsers: named like an entry, or with a script."""
    for path in app.derive(_pages_by_package).get(package, ()):
        page = app.document(path)
        if page is None or first_element(page, "html", "head") is None:
            continue
        if path.name in _ENTRY_NAMES or path.suffix == ".astro" or first_element(page, "script") is not None:
            yield page


def _pages_by_package(app: App) -> dict[Package, list[Path]]:
    """Return the files that are pages by their names, of each package."""
    found: dict[Package, list[Path]] = {}
    for path in app.web_paths():
        is_shipped = not (app.is_test_or_story(path) or app.is_sample(path))
        if path.suffix.lower() in _PAGE_SUFFIXES and is_shipped:
            found.setdefault(app.packages.of(path), []).append(path)
    return found


def _reaches(app: App, package: Package, page: Document, mounting: frozenset[Path]) -> bool:
    """Return whether the scripts of a page import one of some files, at any distance."""
    resolver = app.resolver
    seen: set[Path] = set()
    pending = [page.path, *_own_scripts(app, package, page)]
    while pending:
        path = pending.pop()
        if path in mounting:
            return True
        document = app.document(path) if path not in seen else None
        seen.add(path)
        if document is not None:
            found = (resolver.resolve(path, each.specifier) for each in imports(document))
            pending += [each for each in found if each is not None and each not in seen]
    return False


def _own_scripts(app: App, package: Package, page: Document) -> Iterator[Path]:
    for element in elements(page, "script"):
        written = (element.text("src") or "").split("?")[0].lstrip("./")
        for folder in (page.path.parent, package.folder, package.folder / "public", package.folder / "static"):
            if written and app.exists(folder / written):
                yield folder / written


def place_for_script(page: Document) -> Element | None:
    """Return the element of a framework's root into which a script goes: its head, else its body."""
    for names in (("head", "Head"), ("body",)):
        found = list(elements(page, *names))
        if found:
            return found[0] if len(found) == 1 else None
    return None
