"""How a page asked for its sessions: the address, and what it sent along that says who has signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.cleaning.references import bindings_named
from chatkit_doctor.migrate.cleaning.removal import statement_of
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.literals import key_text, string_text
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.scopes import ScopedKind, ScopedName, lookup
from chatkit_doctor.web.tree import field, functions_around, is_within, walk, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.migrate.texts import Texts
    from chatkit_doctor.web.document import Document

_MOST_HOPS = 5
_ASKS = re.compile(r"(?:^|\.)(?:\$?fetch|ofetch|fetchWithAuth|authFetch|apiFetch)$|\baxios(?:\.post)?$|\.post$")
# What speaks of the format of a session's request, and not of who sends it.
_OF_THE_BODY = frozenset({"content-type", "accept", "openai-beta"})
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})


@dataclass(frozen=True, slots=True)
class Asking:
    """One request for a session.

    url: the expression of its address, literal: that as a text where it is a plain one. headers: names and values, or
    "" and an expression that gives several. credentials: an expression, "" for none. before: the statements that the
    values need. is_whole: whether all that was sent could be read; the address alone can be used where not.
    """

    url: str
    literal: str | None
    headers: list[tuple[str, str]]
    credentials: str
    before: list[str]
    is_whole: bool


def asking_of(texts: Texts, document: Document, api: Node, entry: Node) -> Asking | None:
    """Return how the function of a `getClientSecret` asks for a session; None where that cannot be read from here.

    api: where the answer is to be written. entry: its `getClientSecret`, or what stands for all of it.
    """
    every = list(_requests(texts, document, entry, _MOST_HOPS))
    # Some ask first for a secret that goes on from the one they have.
    first = every[0] if every else None
    found = next((each for each in every if "refresh" not in each[0].text(each[2][0])), first)
    if found is None:
        return None
    asked_in, call, (url, options) = found
    literal = string_text(asked_in, url) if url.type == "string" else None
    if asked_in.path != document.path and literal is None:
        return None
    text = _url_text(asked_in, url, api)
    if text is None:
        return None
    headers, credentials = _sent(asked_in, options)
    if asked_in.path != document.path:
        return Asking(text, literal, [], "", [], is_whole=not headers and not credentials)
    values = [node for _, node in headers] + ([credentials] if credentials is not None else [])
    before = _before(asked_in, call, values, api)
    if before is None:
        return Asking(text, literal, [], "", [], is_whole=False)
    written = [(name, asked_in.text(node)) for name, node in headers]
    return Asking(text, literal, written, asked_in.text(credentials) if credentials else "", before, is_whole=True)


def _requests(
    texts: Texts, document: Document, node: Node, hops: int
) -> Iterator[tuple[Document, Node, tuple[Node, Node | None]]]:
    """Yield the requests in a piece of a program, and then those in what it names."""
    for each in walk(node):
        if each.type == "call_expression" and (arguments := _asked(document, each)) is not None:
            yield document, each, arguments
    if hops == 0:
        return
    for each in walk(node):
        if each.type not in _NAMES:
            continue
        for binding in bindings_named(document, document.text(each))[:1]:
            yield from _behind(texts, document, binding, node, hops - 1)


def _behind(
    texts: Texts, document: Document, binding: ScopedName, node: Node, hops: int
) -> Iterator[tuple[Document, Node, tuple[Node, Node | None]]]:
    if binding.kind is ScopedKind.IMPORT and binding.imported is not None:
        other = Resolver(texts).document(document.path, binding.imported.specifier)
        declared = bindings_named(other, binding.imported.imported) if other is not None else []
        if other is not None and declared:
            yield from _requests(texts, other, declared[0].declaration, hops)
    elif not is_within(node, binding.declaration):
        yield from _requests(texts, document, binding.declaration, hops)


def _asked(document: Document, call: Node) -> tuple[Node, Node | None] | None:
    """Return the address and the options of a request; None for any other call."""
    function, arguments = field(call, "function"), field(call, "arguments")
    given = without_comments(arguments) if arguments is not None else []
    if function is None or not given:
        return None
    name = document.text(function)
    if name == "createHostedClientSecret" and given[0].type == "object":
        entries = _entries(document, given[0])
        return (entries["url"], given[0]) if "url" in entries else None
    if not _ASKS.search(name):
        return None
    if name.endswith(".post") or name == "axios.post":
        return (given[0], given[2] if len(given) > 2 else None) if "axios" in name else None
    return given[0], given[1] if len(given) > 1 else None


def _url_text(document: Document, url: Node, api: Node) -> str | None:
    """Return an address as it can be written elsewhere in its file; None where it cannot."""
    for each in walk(url):
        if each.type not in _NAMES:
            continue
        binding = lookup(document, each)
        if binding is None or _is_visible(binding, api):
            continue
        value = field(binding.declaration, "value") or field(binding.declaration, "right")
        if each.id == url.id and value is not None and value.type in {"string", "template_string"}:
            return _url_text(document, value, api)
        return None
    return document.text(url)


def _sent(document: Document, options: Node | None) -> tuple[list[tuple[str, Node]], Node | None]:
    """Return the headers of a request that say who asks, and its credentials."""
    entries = _entries(document, options) if options is not None and options.type == "object" else {}
    return list(_headers(document, entries.get("headers"))), entries.get("credentials")


def _headers(document: Document, value: Node | None) -> Iterator[tuple[str, Node]]:
    if value is None:
        return
    if value.type == "arrow_function" and (body := field(value, "body")) is not None:
        inner = without_comments(body)
        value = inner[0] if body.type == "parenthesized_expression" and inner else body
    if value.type != "object":
        yield "", value
        return
    for each in without_comments(value):
        key, inner_value = field(each, "key"), field(each, "value")
        name = key_text(document, key) if key is not None else None
        if name is not None and inner_value is not None:
            if name.lower() not in _OF_THE_BODY:
                yield name, inner_value
        elif each.type == "spread_element":
            yield "", without_comments(each)[0]
        else:
            yield "", value
            return


def _entries(document: Document, node: Node) -> dict[str, Node]:
    found = {}
    for each in without_comments(node):
        key, value = field(each, "key"), field(each, "value")
        name = key_text(document, key) if key is not None else None
        if name is not None and value is not None:
            found[name] = value
        elif each.type == "shorthand_property_identifier":
            found[document.text(each)] = each
    return found


def _before(document: Document, call: Node, values: list[Node], api: Node) -> list[str] | None:
    """Return the statements that some values need, in order; None where they need what is only known there."""
    statements: dict[int, Node] = {}
    pending = list(values)
    while pending:
        node = pending.pop()
        for each in walk(node):
            binding = lookup(document, each) if each.type in _NAMES else None
            if binding is None or _is_visible(binding, api):
                continue
            declaration = statement_of(binding.declaration)
            if binding.kind not in {ScopedKind.CONST, ScopedKind.LET} or declaration.type != "lexical_declaration":
                return None
            if is_within(call, declaration):
                return None
            if declaration.start_byte not in statements:
                statements[declaration.start_byte] = declaration
                pending.append(declaration)
    for each in _refusals(document, call, list(statements.values())):
        statements[each.start_byte] = each
    return [document.text(statements[start]) for start in sorted(statements)]


def _refusals(document: Document, call: Node, declarations: list[Node]) -> Iterator[Node]:
    """Yield the statements that end the request where there is none of what some declarations are for."""
    parts = (part for each in declarations for part in walk(each))
    names = {document.text(name) for part in parts if (name := field(part, "name")) is not None}
    for declaration in declarations:
        block = declaration.parent
        for each in without_comments(block) if block is not None else ():
            condition = field(each, "condition") if each.type == "if_statement" else None
            if condition is None or each.start_byte > call.start_byte or field(each, "alternative") is not None:
                continue
            asked = {document.text(part) for part in walk(condition) if part.type in _NAMES}
            kinds = {part.type for part in walk(each)}
            if asked and asked <= names and "throw_statement" in kinds and "return_statement" not in kinds:
                yield each


def _is_visible(binding: ScopedName, api: Node) -> bool:
    """Return whether a name can be used where an `api` stands: no function has it to itself."""
    return all(is_within(api, each) for each in functions_around(binding.declaration))
