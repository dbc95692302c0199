"""Edits of import statements: to another package, and from code to types."""

from __future__ import annotations

from chatkit_doctor.finding import Edit
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.modules.imports import DEFAULT, Import, ImportKind

_KEYWORD = regex(r"import\b")
_INLINE = regex(r"type\s+(?=\w)")


def specifier_edit(document: Document, found: Import, package: str) -> Edit:
    """Write another package into an import, in the quotes that are there."""
    at = document.location(found.source)
    return Edit(at, f"{at.text[0]}{package}{at.text[0]}")


def type_edits(document: Document, found: Import) -> list[Edit]:
    """Make `import { type A, B }` into `import type { A, B }`; [] for a form that has no such twin."""
    if found.kind is not ImportKind.STATIC or any(each.imported == DEFAULT for each in found.names):
        return []
    source, start = document.source, document.location(found.node).start
    keyword = _KEYWORD.match(source.text, start)
    if keyword is None or "require" in document.text(found.node):
        return []
    edits = [Edit(source.location(keyword.end(), keyword.end()), " type")]
    for each in found.names:
        at = document.location(each.node)
        inline = _INLINE.match(at.text) if each.type_only else None
        if inline is not None:
            edits.append(Edit(source.location(at.start, at.start + inline.end()), ""))
    return edits
