"""Where the files of an app use a name, in the file that declares it and in those that import it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.web.modules.imports import NAMESPACE, exports, imports
from chatkit_doctor.web.scopes import ScopedName, lookup
from chatkit_doctor.web.tree import field
from chatkit_doctor.web.uses import uses_of_name

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from tree_sitter import Node

    from chatkit_doctor.project.app import App
    from chatkit_doctor.web.document import Document

_INDEX = "index"
_IMPORTS = frozenset({"import_specifier", "export_specifier", "import_clause", "namespace_import"})


def uses_of(app: App, document: Document, binding: ScopedName) -> Iterator[tuple[Document, Node]]:
    """Yield where a name is used, its declaration, imports and exports left out."""
    yield from ((document, use) for use in _uses_in(document, binding))
    exported = _exported_as(document, binding)
    for other in app.derive(_Importers).of(document) if exported else ():
        seen: set[tuple[str, str]] = set()
        for found in imports(other):
            if app.resolver.resolve(other.path, found.specifier) != document.path:
                continue
            for each in found.names:
                if (each.imported, each.local) in seen:
                    continue
                seen.add((each.imported, each.local))
                local = lookup(other, each.node, each.local)
                uses = _uses_in(other, local) if local is not None else ()
                if each.imported in exported:
                    yield from ((other, use) for use in uses)
                elif each.imported == NAMESPACE:
                    yield from ((other, use) for use in _of_namespace(other, uses, exported))


def member_of(document: Document, parent: Node, child: Node) -> str | None:
    """Return the name of the member that is taken of a child, None where it is computed, or is the child itself."""
    if parent.type == "member_expression":
        name = field(parent, "property")
        return document.text(name) if name is not None and field(parent, "object") == child else None
    return None


class _Importers:
    """The files that may import some others, each asked for once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._known: dict[Document, tuple[Document, ...]] = {}

    def of(self, document: Document) -> tuple[Document, ...]:
        """Return the other files that name a file as what they import, or its folder where it stands for that."""
        if document not in self._known:
            self._known[document] = tuple(self._find(document))
        return self._known[document]

    def _find(self, document: Document) -> Iterator[Document]:
        named = _named_by_imports(document.path)
        for path in self._app.web_paths():
            if path != document.path and self._app.mentions_pattern(path, named):
                found = self._app.document(path)
                if found is not None:
                    yield found


def _named_by_imports(path: Path) -> re.Pattern[bytes]:
    """Return what finds the end of a specifier that may mean a file: its name, or its folder for `index`."""
    stem = path.name.split(".")[0]
    ends = [re.escape(stem), *([re.escape(path.parent.name), r"\.{1,2}"] if stem == _INDEX else [])]
    pattern = rf"""["'`/](?:{"|".join(ends)})(?:\.[\w-]+)*/?(?:\?[^"'`\n]*)?["'`]"""
    return re.compile(pattern.encode(errors="surrogateescape"))


def _uses_in(document: Document, binding: ScopedName) -> Iterator[Node]:
    for node in uses_of_name(document, binding.name, binding.node):
        parent = node.parent
        if parent is None or parent.type not in _IMPORTS:
            yield node


def _of_namespace(document: Document, uses: Iterable[Node], exported: Container[str]) -> Iterator[Node]:
    """Yield the members of a namespace that are the ones that a module exports under some names, or may be."""
    for use in uses:
        parent = use.parent
        name = member_of(document, parent, use) if parent is not None else None
        if name is None:
            yield use
        elif parent is not None and name in exported:
            yield parent


def _exported_as(document: Document, binding: ScopedName) -> set[str]:
    """Return the names under which a file exports what a name stands for."""
    known = document.derive(_exports_by_value)
    declared = (binding.node, binding.declaration, field(binding.declaration, "value"))
    return {name for each in declared if each is not None for name in known.get((each.start_byte, each.id), ())}


def _exports_by_value(document: Document) -> dict[tuple[int, int], list[str]]:
    """Return the names under which a file exports something, by the place of what it is: where a name is declared."""
    found: dict[tuple[int, int], list[str]] = {}
    for each in exports(document):
        value = each.value
        if value is not None and value.type == "identifier":
            binding = lookup(document, value)
            value = binding.node if binding is not None else None
        if value is not None:
            found.setdefault((value.start_byte, value.id), []).append(each.name)
    return found
