"""The text that a string literal stands for, with its escapes read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.web.formats.references import unescaped
from chatkit_doctor.web.tree import walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_CODE_POINT = regex(r"(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))\Z")


def string_text(document: Document, node: Node) -> str | None:
    """Return the text of a string literal or of a template without substitutions, else None.

    None as well where the language of a template writes a part of it.
    """
    if node.type not in {"string", "template_string"} or document.is_filled_in(node):
        return None
    if any(child.type == "template_substitution" for child in node.named_children):
        return None
    return "".join(fragment_text(document, child) for child in node.named_children)


def fragment_text(document: Document, node: Node) -> str:
    """Return the text of one part of a string: a stretch as written, an escape, a character reference."""
    written = document.text(node)
    if node.type == "escape_sequence":
        return _unescape(written[1:])
    if node.type == "html_character_reference":
        return unescaped(written)
    return written


def key_text(document: Document, node: Node) -> str | None:
    """Return the name that an object's or enum's key node writes, or None where it is computed from more."""
    if document.is_filled_in(node):
        return None
    if node.type in {"property_identifier", "shorthand_property_identifier", "identifier"}:
        return document.text(node)
    if node.type == "number":
        return document.text(node)
    if node.type == "computed_property_name":
        inner = next((child for child in walk(node) if child is not node), None)
        return string_text(document, inner) if inner is not None else None
    return string_text(document, node)


def _unescape(code: str) -> str:
    if match := _CODE_POINT.match(code):
        point = int(next(group for group in match.groups() if group), 16)
        return chr(point) if point <= 0x10FFFF else "\N{REPLACEMENT CHARACTER}"
    return _SIMPLE_ESCAPES.get(code, code)
