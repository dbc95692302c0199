"""How the code that fixes write names a storage and its keys, in the style of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.frontend.threads.storage import StorageCall
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.scopes import lookup, root_identifier
from chatkit_doctor.web.writing.literals import quoted

if TYPE_CHECKING:
    from tree_sitter import Node

_STATEMENTS = ("expression_statement", "lexical_declaration", "return_statement", "import_statement")


def key_text(document: Document, at: Node, call: StorageCall) -> str:
    """Return a call's key as it can be written at a node: as the call has it where its names mean the same there."""
    key = call.arguments[0]
    root = root_identifier(key) if call.document is document else None
    means_the_same = root is not None and lookup(document, root) is lookup(document, at, document.text(root))
    if means_the_same or (call.document is document and key.type == "string"):
        return document.text(key)
    return quoted(document, call.key or "")


def semicolon(document: Document) -> str:
    """Return what the file's statements end with, `;` or nothing."""
    return document.derive(_semicolon)


def _semicolon(document: Document) -> str:
    ends = [document.text(node).endswith(";") for node in document.find(*_STATEMENTS)]
    return "" if ends.count(False) > ends.count(True) else ";"
