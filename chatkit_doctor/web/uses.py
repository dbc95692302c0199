"""Where a file uses the names that it declares. Each name of a file is looked up once, whoever asks and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.scopes import lookup

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_NAMES = ("identifier", "shorthand_property_identifier")


def uses_of_name(document: Document, name: str, declared: Node) -> list[Node]:
    """Return where a name is used, in the order of the text, its declaration left out.

    declared: what declares it, as `ScopedName.node` has it.
    """
    return document.derive(_Uses).of(name, declared)


class _Uses:
    """The uses of a file's names, by their texts and by where they are declared."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._by_text: dict[str, list[Node]] = {}
        for node in document.find(*_NAMES):
            self._by_text.setdefault(document.text(node), []).append(node)
        self._by_declaration: dict[str, dict[int, list[Node]]] = {}

    def of(self, name: str, declared: Node) -> list[Node]:
        if name not in self._by_declaration:
            self._by_declaration[name] = self._sorted(name)
        return self._by_declaration[name].get(declared.start_byte, [])

    def _sorted(self, text: str) -> dict[int, list[Node]]:
        found: dict[int, list[Node]] = {}
        for node in sorted(self._by_text.get(text, ()), key=lambda each: each.start_byte):
            binding = lookup(self._document, node, text)
            if binding is not None and binding.node != node:
                found.setdefault(binding.node.start_byte, []).append(node)
        return found
