"""The addresses that a page may ask for a session: what they come to, and how they are written elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.cleaning.references import bindings_named
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.scopes import ScopedKind, ScopedName, lookup
from chatkit_doctor.web.tree import ancestors, field, is_within, walk, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.migrate.texts import Texts
    from chatkit_doctor.web.document import Document

NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_MOST_HOPS = 5
# What needs no brackets where it takes the place of a name.
_ATOMS = frozenset(
    {"string", "template_string", "call_expression", "member_expression", "identifier", "parenthesized_expression"}
)
_WRAPPERS = frozenset({"parenthesized_expression", "as_expression", "non_null_expression", "satisfies_expression"})


def is_visible(document: Document, binding: ScopedName, api: Node) -> bool:
    """Return whether a name can be used where an `api` stands: no function has it to itself."""
    return all(is_within(api, each) for each in functions_around(document, binding.declaration))


def expressed(document: Document, node: Node, api: Node, hops: int = _MOST_HOPS) -> str | None:
    """Return an expression as it can be written where an `api` stands, with the constants that are not known there."""
    at = document.location(node)
    text, position = "", at.start
    for each in walk(node):
        if each.type == "await_expression":
            return None
        binding = lookup(document, each) if each.type in NAMES else None
        if binding is None or is_visible(document, binding, api) or is_within(binding.declaration, node):
            continue
        value = _constant(binding)
        inner = expressed(document, value, api, hops - 1) if value is not None and hops else None
        if value is None or inner is None or each.type != "identifier":
            return None
        is_plain = each.id == node.id or value.type in _ATOMS
        place = document.location(each)
        text += document.source.text[position : place.start] + (inner if is_plain else f"({inner})")
        position = place.end
    return text + document.source.text[position : at.end]


def choice_of(document: Document, url: Node, hops: int = _MOST_HOPS) -> Node | None:
    """Return the conditional expression that an address comes from; None for any other address."""
    if url.type in _WRAPPERS:
        return choice_of(document, url.named_children[0], hops)
    if url.type == "ternary_expression":
        return url
    binding = lookup(document, url) if url.type == "identifier" else None
    value = _constant(binding) if binding is not None else None
    return choice_of(document, value, hops - 1) if value is not None and hops else None


def branches_of(one: Node, other: Node) -> Node | None:
    """Return the innermost `if` that runs one of two calls where its condition holds, and else the other."""
    for each in ancestors(one):
        consequence, alternative = field(each, "consequence"), field(each, "alternative")
        if each.type != "if_statement" or consequence is None or not is_within(one, consequence):
            continue
        if alternative is not None and is_within(other, alternative):
            return each
        ends = any(inner.type in {"return_statement", "throw_statement"} for inner in walk(consequence))
        block = each.parent
        if alternative is None and ends and block is not None and is_within(other, block):
            return each if other.start_byte > each.end_byte else None
    return None


def literals_of(texts: Texts, document: Document, node: Node, hops: int = _MOST_HOPS) -> Iterator[str]:
    """Yield the texts that an address may be, or may end with."""
    plain = string_text(document, node)
    if plain is not None:
        yield plain
        return
    if node.type == "template_string":
        last = without_comments(node)[-1:]
        if last and last[0].type == "string_fragment":
            yield document.text(last[0])
    elif node.type in NAMES and hops:
        yield from _named(texts, document, document.text(node), hops - 1)
    for each in _parts(node):
        yield from literals_of(texts, document, each, hops)


def asks(addresses: Iterable[str], path: str) -> bool:
    """Return whether one of some addresses is that of a route, which may be known without what stands before it."""
    wanted = path.rstrip("/")
    return any(each.partition("?")[0].rstrip("/").endswith(wanted) for each in addresses) if wanted else False


def _constant(binding: ScopedName) -> Node | None:
    is_whole = binding.kind is ScopedKind.CONST and binding.path == ()
    return field(binding.declaration, "value") if is_whole else None


def _parts(node: Node) -> list[Node]:
    """Return the parts of an expression that may be, or may end, an address."""
    if node.type in {"binary_expression", "arguments"} or node.type in _WRAPPERS:
        return without_comments(node)
    fields = {"ternary_expression": ("consequence", "alternative"), "call_expression": ("arguments",)}
    return [part for name in fields.get(node.type, ()) if (part := field(node, name)) is not None]


def _named(texts: Texts, document: Document, name: str, hops: int) -> Iterator[str]:
    for binding in bindings_named(document, name)[:1]:
        if binding.kind is ScopedKind.IMPORT and binding.imported is not None:
            other = Resolver(texts).document(document.path, binding.imported.specifier)
            if other is not None and hops:
                yield from _named(texts, other, binding.imported.imported, hops - 1)
            continue
        values = [field(binding.declaration, "value"), *(node for each in binding.writes for node in each.values)]
        for value in values:
            if value is not None:
                yield from literals_of(texts, document, value, hops)
