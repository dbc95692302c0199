"""Where an app holds ChatKit's script to one version of it: by a hash of the file, or by a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.contracts.web_names import TAG
from chatkit_doctor.frontend.page.reach import paths_by_name
from chatkit_doctor.frontend.page.scripts import LoadedScript, is_own_address, loaded_scripts
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.markup import Attribute, Element, elements
from chatkit_doctor.web.modules.imports import imports

INTEGRITY = "integrity"
_OF_A_HASH = (INTEGRITY, "crossorigin", "crossOrigin")


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """One script that cannot change with ChatKit.

    script: how it is loaded. element: the element that does, None for code.
    hashed: the attributes that hold it to one file. copy: the app's own copy of it.
    """

    script: LoadedScript
    element: Element | None
    hashed: tuple[Attribute, ...] = ()
    copy: Path | None = None


def pinned_scripts(app: App) -> Iterator[Pinned]:
    """Yield the scripts of an app that are ChatKit's and held to one version."""
    for document in app.documents():
        if app.is_test_or_story(document.path):
            continue
        for script in loaded_scripts(app.evaluator, document):
            if script.is_mistaken:
                continue
            element = element_of(script)
            hashed = _hashed(element) if element is not None and script.is_right else ()
            copy = _copy(app, script) if script.url is not None and is_own_address(script.url) else None
            if hashed or copy is not None:
                yield Pinned(script, element, hashed, copy)
        yield from _imported_copies(app, document)


def _imported_copies(app: App, document: Document) -> Iterator[Pinned]:
    """Yield the imports of a file of the app that is a copy of ChatKit's script."""
    for each in imports(document):
        path = (
            app.resolver.resolve(document.path, each.specifier)
            if each.specifier.startswith((".", "@/", "~/"))
            else None
        )
        if path is not None and _is_copy(app, path):
            yield Pinned(LoadedScript(document, each.source, None, document.location(each.source)), None, (), path)


def element_of(script: LoadedScript) -> Element | None:
    """Return the element that loads a script by an attribute of its own."""
    return script.document.derive(_elements_by_attribute).get((script.node.start_byte, script.node.end_byte))


def _elements_by_attribute(document: Document) -> dict[tuple[int, int], Element]:
    """Return the elements of a file by where their attributes are, and the expressions in these."""
    found: dict[tuple[int, int], Element] = {}
    for element in elements(document):
        for attribute in element.attributes.values():
            for node in (attribute.node, attribute.expression):
                if node is not None:
                    found.setdefault((node.start_byte, node.end_byte), element)
    return found


def _hashed(element: Element) -> tuple[Attribute, ...]:
    if INTEGRITY not in element.attributes:
        return ()
    return tuple(element.attributes[name] for name in _OF_A_HASH if name in element.attributes)


def _copy(app: App, script: LoadedScript) -> Path | None:
    """Return the file of the app that is loaded, where it is a copy of ChatKit's script and no program of the app."""
    name = PurePosixPath((script.url or "").split("?")[0]).name
    return next((path for path in app.derive(paths_by_name).get(name, ()) if _is_copy(app, path)), None)


@remembered
def _is_copy(app: App, path: Path) -> bool:
    host = cdn_script_url().partition("://")[2].partition("/")[0]
    needles = (TAG.encode(), b"customElements.define", host.encode())
    return all(app.mentions(path, (needle,)) for needle in needles)
