"""The expressions behind an expression: what its names stand for, through constants, imports and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.modules.exported import export_chain
from chatkit_doctor.web.scopes import ScopedKind, ScopedName, lookup
from chatkit_doctor.web.tree import FUNCTIONS, field, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.modules.resolve import Resolver

_NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_VARIABLES = frozenset({ScopedKind.CONST, ScopedKind.LET, ScopedKind.VAR})
_MOST = 300


def expressions_behind(resolver: Resolver, document: Document, node: Node) -> Iterator[tuple[Document, Node]]:
    """Yield an expression, and those that its names stand for, each once; parameters and state stand for nothing.

    Of a function that the value is made of or that makes it, the names in what it requests are followed, no others.
    """
    pending: list[tuple[Document, Node]] = [(document, node)]
    seen: set[tuple[Document, int]] = set()
    while pending and len(seen) < _MOST:
        where, current = pending.pop()
        if (where, current.id) in seen:
            continue
        seen.add((where, current.id))
        yield where, current
        for each in _names(where, current):
            pending.extend(_stands_for(resolver, where, each))


def _names(document: Document, root: Node) -> Iterator[Node]:
    """Yield the names that a value is made of, and those of what its functions request."""
    body = field(root, "body") if root.type in FUNCTIONS else None
    for node in walk(body or root, prune=FUNCTIONS):
        if node.type in _NAMES:
            yield node
        elif node.type in FUNCTIONS:
            for call in walk(node):
                function = field(call, "function") if call.type == "call_expression" else None
                requested = call_arguments(call)[:1] if function is not None and _is_fetch(document, function) else []
                yield from (each for argument in requested for each in walk(argument) if each.type in _NAMES)


def _is_fetch(document: Document, function: Node) -> bool:
    return document.text(function).rpartition(".")[2] == "fetch"


def _stands_for(resolver: Resolver, document: Document, name: Node) -> Iterator[tuple[Document, Node]]:
    binding = lookup(document, name)
    if binding is None:
        return
    if binding.kind in _VARIABLES:
        value = field(binding.declaration, "value")
        if value is not None:
            yield document, value
    elif binding.kind is ScopedKind.FUNCTION and binding.declaration.type in FUNCTIONS:
        yield document, binding.declaration
    elif binding.kind is ScopedKind.IMPORT:
        yield from _imported(resolver, document, binding)


def _imported(resolver: Resolver, document: Document, binding: ScopedName) -> Iterator[tuple[Document, Node]]:
    imported = binding.imported
    module = resolver.document(document.path, imported.specifier) if imported is not None else None
    if module is None or imported is None:
        return
    for where, export in export_chain(resolver, module, imported.imported):
        if export.value is not None:
            yield where, export.value
            return
