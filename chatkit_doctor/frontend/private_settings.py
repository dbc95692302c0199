"""What frameworks keep on the server: SvelteKit's private variables, and Nuxt's configuration beside `public`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import field, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

RUNTIME_CONFIG = "useRuntimeConfig()"
_PRIVATE_MODULE = regex(r"\$env/(?:static|dynamic)/private$")
_NUXT = frozenset({"#imports", "#app", "nuxt/app"})
# What of the configuration reaches the page.
_SHOWN = frozenset({"public", "app"})


def private_reads(document: Document, root: Node, framework: str) -> Iterator[tuple[Node, str, str]]:
    """Yield where code reads what the page never gets: the node, what it is read from, and the name.

    framework: what makes the page, for a name such as `useRuntimeConfig` is anybody's elsewhere.
    """
    text = document.source.text
    if framework == "SvelteKit" and "$env/" in text:
        yield from _of_modules(document, root)
    if framework == "Nuxt" and "useRuntimeConfig" in text:
        yield from _of_configuration(document, root)


def _of_modules(document: Document, root: Node) -> Iterator[tuple[Node, str, str]]:
    for node in walk(root):
        binding = lookup(document, node) if node.type == "identifier" else None
        if binding is None or binding.kind is not ScopedKind.IMPORT or binding.imported is None:
            continue
        module = binding.imported.specifier
        if _PRIVATE_MODULE.search(module):
            parent = node.parent
            is_member = parent is not None and parent.type == "member_expression"
            name = field(parent, "property") if is_member and parent is not None else None
            yield node, module, document.text(name) if name is not None else binding.imported.imported


def _of_configuration(document: Document, root: Node) -> Iterator[tuple[Node, str, str]]:
    for node in walk(root):
        path = _path_in_configuration(document, node)
        if path is not None and path not in _SHOWN:
            yield node, RUNTIME_CONFIG, path


def _path_in_configuration(document: Document, node: Node) -> str | None:
    """Return the name of the entry of the configuration that an expression is; None where it is something else."""
    if node.type == "member_expression":
        owner, name = field(node, "object"), field(node, "property")
        is_whole = owner is not None and name is not None and _kept_at(document, owner) == ()
        return document.text(name) if is_whole and name is not None else None
    if node.type not in {"identifier", "shorthand_property_identifier"}:
        return None
    path = _kept_at(document, node)
    return str(path[0]) if path else None


def _kept_at(document: Document, node: Node) -> tuple[str | int, ...] | None:
    """Return what path of the configuration an expression is, () for all of it; None where it is something else."""
    if node.type == "call_expression":
        return () if _is_configuration(document, node) else None
    binding = lookup(document, node) if node.type in {"identifier", "shorthand_property_identifier"} else None
    if binding is None or binding.writes or binding.rest is not None or binding.path is None:
        return None
    made = field(binding.declaration, "value")
    is_it = made is not None and _is_configuration(document, made)
    return tuple(binding.path) if is_it else None


def _is_configuration(document: Document, call: Node) -> bool:
    """Return whether a call is that of Nuxt's composable, which needs no import; a function of the app's own is not."""
    function = field(call, "function")
    if function is None or document.text(call) != RUNTIME_CONFIG:
        return False
    binding = lookup(document, function)
    return binding is None or (binding.imported is not None and binding.imported.specifier in _NUXT)
