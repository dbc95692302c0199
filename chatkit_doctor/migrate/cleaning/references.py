"""Where a web file uses a name, and what declares it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.web.scopes import ScopedName, lookup
from chatkit_doctor.web.tree import field, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_NAMES = ("identifier", "shorthand_property_identifier", "type_identifier")
# Hooks whose last argument lists what they depend on, and runs nothing.
_WITH_DEPENDENCIES = frozenset({"useEffect", "useLayoutEffect", "useCallback", "useMemo", "useImperativeHandle"})


def bindings_named(document: Document, name: str) -> list[ScopedName]:
    """Return what declares a name anywhere in a file, each declaration once."""
    found: dict[int, ScopedName] = {}
    for node in _named(document, name):
        binding = lookup(document, node)
        if binding is not None:
            found[binding.node.start_byte] = binding
    return [found[start] for start in sorted(found)]


def references(document: Document, binding: ScopedName) -> list[Node]:
    """Return the uses of a name, its declaration left out; an entry of `export { … }` is one."""
    return [
        node
        for node in _named(document, binding.name)
        if node.start_byte != binding.node.start_byte
        and lookup(document, node) is binding
        and not _declares(binding, node)
    ]


def is_dependency(document: Document, node: Node) -> bool:
    """Return whether a use stands in the list of dependencies of a React hook."""
    array = node.parent
    arguments = array.parent if array is not None and array.type == "array" else None
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    function = field(call, "function") if call is not None else None
    return function is not None and document.text(function).rpartition(".")[2] in _WITH_DEPENDENCIES


def names_in(document: Document, node: Node) -> set[str]:
    """Return every name that stands in a stretch of a program."""
    return {document.text(each) for each in walk(node) if each.type in _NAMES}


def _named(document: Document, name: str) -> Iterator[Node]:
    for node in document.find(*_NAMES, "shorthand_property_identifier_pattern"):
        if document.text(node) == name:
            yield node


def _declares(binding: ScopedName, node: Node) -> bool:
    """Return whether a node is a name in the pattern or the specifier that declares the binding."""
    parent = node.parent
    return (
        parent is not None
        and parent.type in {"import_specifier", "array_pattern", "object_pattern", "pair_pattern"}
        and binding.declaration.start_byte <= node.start_byte < binding.declaration.end_byte
        and (value := field(binding.declaration, "value")) is not None
        and node.start_byte < value.start_byte
    )
