"""Names in code that a fix writes: none collides with one of the file's, and what the file has already is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.web.modules.imports import DEFAULT, NAMESPACE, Import, ImportKind, imports
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import first_of, without_comments
from chatkit_doctor.web.writing.literals import braced, indentation, insert_import, starts_line

if TYPE_CHECKING:
    from collections.abc import Container

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_NAMES = (
    *("identifier", "type_identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"),
    "statement_identifier",
)


def free_name(document: Document, wanted: str, taken: Container[str] = ()) -> str:
    """Return a name that stands nowhere in a file: the wanted one, or that with a number behind it.

    taken: more names that will not do.
    """
    known = {document.text(node) for node in document.find(*_NAMES)}
    name, number = wanted, 2
    while name in known or name in taken:
        name, number = f"{wanted}{number}", number + 1
    return name


def imported(document: Document, specifier: str, name: str, at: Node, *, other: str = "") -> tuple[str, list[Edit]]:
    """Return what a file calls a name of a module at a place, and the edits that import it where it does not.

    name: as the module exports it, or `default`. at: where it will be used. other: what to call it where its own name,
    or that of a default, is taken; by default with a number behind.
    """
    statements = [each for each in imports(document) if _is_usable(each, specifier)]
    for each in statements:
        if (known := _known_as(document, each, name, at)) is not None:
            return known, []
    wanted = other if name == DEFAULT else name
    local = wanted if name != DEFAULT and not _is_taken(document, wanted) else free_name(document, other or wanted)
    clause = name if local == name else f"{name} as {local}"
    for each in statements if name != DEFAULT else ():
        if (listed := _listed_names(each)) and not each.type_only:
            return local, _listed(document, listed[-1], clause)
    return local, insert_import(document, local if name == DEFAULT else braced(document, clause), specifier)


def _listed(document: Document, last: Node, clause: str) -> list[Edit]:
    """Return the edit that puts a name behind the last one of an import, on a line of its own where that has one."""
    source, at = document.source, document.location(last)
    if not starts_line(source, at.start):
        return [Edit(source.location(at.end, at.end), f", {clause}")]
    separator = f"{source.newline}{indentation(source, at.start)}"
    comma = last.next_sibling
    if comma is None or comma.type != ",":
        return [Edit(source.location(at.end, at.end), f",{separator}{clause}")]
    end = document.location(comma).end
    return [Edit(source.location(end, end), f"{separator}{clause},")]


def _is_usable(found: Import, specifier: str) -> bool:
    return found.kind is ImportKind.STATIC and found.specifier == specifier and not found.type_only


def _known_as(document: Document, found: Import, name: str, at: Node) -> str | None:
    for each in found.names:
        if each.type_only or not _is_seen(document, each.local, at):
            continue
        if each.imported == name:
            return each.local
        # A package's default and its namespace both hold what it exports, as bundlers make them.
        if each.imported in {DEFAULT, NAMESPACE} and name != DEFAULT:
            return f"{each.local}.{name}"
    return None


def _is_seen(document: Document, local: str, at: Node) -> bool:
    """Return whether a name is still the import where it will be used."""
    binding = lookup(document, at, local)
    return binding is not None and binding.kind is ScopedKind.IMPORT


def _is_taken(document: Document, name: str) -> bool:
    return any(document.text(node) == name for node in document.find(*_NAMES))


def _listed_names(found: Import) -> list[Node]:
    clause = first_of(found.node, "import_clause")
    names = first_of(clause, "named_imports") if clause is not None else None
    return without_comments(names) if names is not None else []
