"""Which pages and programs of an app load another script in the place of ChatKit's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.frontend.page.hosts import is_whole_page
from chatkit_doctor.frontend.page.reach import ScriptsInReach
from chatkit_doctor.frontend.page.scripts import LoadedScript, loaded_scripts
from chatkit_doctor.project.app import App
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.modules.imports import Import, ImportKind, imports

# Files that hold JavaScript, in which an import of names is always an import.
_PLAIN = frozenset({".js", ".jsx", ".mjs", ".cjs", ".html", ".htm"})
# Folders whose files no build touches.
_SERVED = frozenset({"public", "static"})


def mistaken_scripts(app: App) -> Iterator[LoadedScript]:
    """Yield of each file the first script in the place of ChatKit's, unless its page gets the right one as well."""
    in_reach: dict[Path, ScriptsInReach] = {}
    for document in app.documents():
        if app.is_test_or_story(document.path):
            continue
        found = next((each for each in loaded_scripts(app.evaluator, document) if _is_loaded(each)), None)
        if found is None:
            continue
        package = app.packages.of(document.path)
        if package.folder not in in_reach:
            in_reach[package.folder] = ScriptsInReach(app, package, lambda script: script.is_right)
        if not _gets_the_right_one(app, document, in_reach[package.folder]):
            yield found


def _is_loaded(script: LoadedScript) -> bool:
    return script.is_mistaken and not _may_be_types(script)


def _may_be_types(script: LoadedScript) -> bool:
    """Return whether it is an import that is gone when the program runs, as those of types are in TypeScript."""
    statement = script.document.derive(_imports_by_place).get(script.node.start_byte)
    if statement is None or statement.kind is not ImportKind.STATIC:
        return False
    is_plain = script.document.path.suffix.lower() in _PLAIN
    return statement.type_only or (bool(statement.names) and not is_plain)


def _imports_by_place(document: Document) -> dict[int, Import]:
    """Return the imports of a file by where their specifiers begin."""
    return {each.source.start_byte: each for each in imports(document)}


def _gets_the_right_one(app: App, document: Document, scripts: ScriptsInReach) -> bool:
    if _is_for_other_pages(app, document):
        return any(each.is_right for each in loaded_scripts(app.evaluator, document))
    if is_whole_page(document):
        return scripts.loads(document) or scripts.in_programs()
    return scripts.anywhere()


def _is_for_other_pages(app: App, document: Document) -> bool:
    """Return whether a program is served as it is and no page or program of the app names it: other sites load it."""
    path, home = document.path, app.packages.of(document.path).folder
    if path.suffix.lower() not in _PLAIN or is_whole_page(document):
        return False
    if not path.is_relative_to(home) or _SERVED.isdisjoint(path.relative_to(home).parts[:-1]):
        return False
    name = (path.name.encode(errors="surrogateescape"),)
    return not any(app.mentions(each, name) for each in app.web_paths() if each != path)
