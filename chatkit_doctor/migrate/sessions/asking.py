"""How a page asked for its sessions: the address, and what it sent along that says who has signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.cleaning.references import bindings_named
from chatkit_doctor.migrate.sessions.addresses import NAMES, branches_of, choice_of, expressed, literals_of
from chatkit_doctor.migrate.sessions.sent import entries_of, needed_before, sent_with
from chatkit_doctor.records import dataclass, replace
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.scopes import ScopedKind, ScopedName
from chatkit_doctor.web.tree import field, is_within, walk, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.migrate.texts import Texts
    from chatkit_doctor.web.document import Document

_MOST_HOPS = 5
_ASKS = re.compile(r"(?:^|\.)(?:\$?fetch|ofetch|fetchWithAuth|authFetch|apiFetch)$|\baxios(?:\.post)?$|\.post$")


@dataclass(frozen=True, slots=True)
class Asking:
    """One request for a session.

    url: the expression of its address, literal: that as a text where it is a plain one. headers: names and values, or
    "" and an expression that gives several. credentials: an expression, "" for none. before: the statements that the
    values need. is_whole: whether all that was sent could be read; the address alone can be used where not.
    addresses: what the address may be, or may end with. choice: where there are two of them.
    """

    url: str
    literal: str | None
    headers: list[tuple[str, str]]
    credentials: str
    before: list[str]
    is_whole: bool
    addresses: tuple[str, ...] = ()
    choice: AskingChoice | None = None


@dataclass(frozen=True, slots=True)
class AskingChoice:
    """Two requests, one of which is made. condition: the expression that says which, as it can be written at `api`."""

    condition: str
    yes: Asking
    no: Asking


@dataclass(frozen=True, slots=True)
class _Request:
    """A call that asks for a session: where it stands, its address and its options."""

    document: Document
    call: Node
    url: Node
    options: Node | None


def asking_of(texts: Texts, document: Document, api: Node, entry: Node) -> Asking | None:
    """Return how the function of a `getClientSecret` asks for a session; None where that cannot be read from here.

    api: where the answer is to be written. entry: its `getClientSecret`, or what stands for all of it.
    """
    first = _first_requests(texts, document, entry)
    if not first:
        return None
    found = first[0]
    addresses = tuple(dict.fromkeys(text for each in first for text in literals_of(texts, each.document, each.url)))
    if found.document.path == document.path:
        choice = _choice(texts, first, api)
        if choice is not None:
            url = f"{choice.condition} ? {choice.yes.url} : {choice.no.url}"
            is_whole = choice.yes.is_whole and choice.no.is_whole
            return replace(choice.yes, url=url, literal=None, is_whole=is_whole, addresses=addresses, choice=choice)
    asking = _asking(texts, document, found, found.url, api)
    return replace(asking, addresses=addresses) if asking is not None else None


def asked_addresses(texts: Texts, document: Document, entry: Node) -> list[str]:
    """Return every address that the function of a `getClientSecret` may ask for a first secret."""
    first = _first_requests(texts, document, entry)
    return list(dict.fromkeys(text for each in first for text in literals_of(texts, each.document, each.url)))


def asking_functions(texts: Texts, document: Document, entry: Node) -> Iterator[tuple[Document, Node]]:
    """Yield the functions that ask for a session, each with its file."""
    found = {each.call.id: each for each in _requests(texts, document, entry, _MOST_HOPS)}
    for each in found.values():
        yield from ((each.document, function) for function in functions_around(each.document, each.call)[:1])


def _first_requests(texts: Texts, document: Document, entry: Node) -> list[_Request]:
    """Return the requests for a first secret: some ask elsewhere for one that goes on from the one they have."""
    every = list({each.call.id: each for each in _requests(texts, document, entry, _MOST_HOPS)}.values())
    return [each for each in every if "refresh" not in each.document.text(each.url)] or every[:1]


def _choice(texts: Texts, requests: list[_Request], api: Node) -> AskingChoice | None:
    """Return the choice between two addresses, by a conditional expression or by an `if` around two calls."""
    first = requests[0]
    node = choice_of(first.document, first.url)
    ways: list[tuple[_Request, Node | None]]
    if node is not None:
        ways = [(first, field(node, "consequence")), (first, field(node, "alternative"))]
    elif len(requests) == 2 and requests[1].document.path == first.document.path:
        node = branches_of(first.call, requests[1].call)
        ways = [(each, each.url) for each in requests]
    test = field(node, "condition") if node is not None else None
    if node is None or test is None:
        return None
    inner = test.named_children[0] if test.type == "parenthesized_expression" else test
    condition = expressed(first.document, inner, api)
    yes, no = (_asking(texts, first.document, request, url, api) if url is not None else None for request, url in ways)
    if condition is None or yes is None or no is None or yes.addresses == no.addresses:
        return None
    is_loose = inner.type in {"binary_expression", "ternary_expression", "arrow_function"}
    return AskingChoice(f"({condition})" if is_loose else condition, yes, no)


def _asking(texts: Texts, document: Document, request: _Request, url: Node, api: Node) -> Asking | None:
    asked_in = request.document
    literal = string_text(asked_in, url) if url.type == "string" else None
    if asked_in.path != document.path and literal is None:
        return None
    text = expressed(asked_in, url, api)
    if text is None:
        return None
    addresses = tuple(literals_of(texts, asked_in, url))
    headers, credentials = sent_with(asked_in, request.options)
    if asked_in.path != document.path:
        return Asking(text, literal, [], "", [], is_whole=not headers and not credentials, addresses=addresses)
    values = [node for _, node in headers] + ([credentials] if credentials is not None else [])
    before = needed_before(asked_in, request.call, values, api)
    if before is None:
        return Asking(text, literal, [], "", [], is_whole=False, addresses=addresses)
    written = [(name, asked_in.text(node)) for name, node in headers]
    said = asked_in.text(credentials) if credentials else ""
    return Asking(text, literal, written, said, before, is_whole=True, addresses=addresses)


def _requests(texts: Texts, document: Document, node: Node, hops: int) -> Iterator[_Request]:
    """Yield the requests in a piece of a program, and then those in what it names."""
    for each in walk(node):
        if each.type == "call_expression" and (arguments := _asked(document, each)) is not None:
            yield _Request(document, each, *arguments)
    if hops == 0:
        return
    for each in walk(node):
        if each.type not in NAMES:
            continue
        for binding in bindings_named(document, document.text(each))[:1]:
            yield from _behind(texts, document, binding, node, hops - 1)


def _behind(texts: Texts, document: Document, binding: ScopedName, node: Node, hops: int) -> Iterator[_Request]:
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
        entries = entries_of(document, given[0])
        return (entries["url"], given[0]) if "url" in entries else None
    if not _ASKS.search(name):
        return None
    if name.endswith(".post") or name == "axios.post":
        return (given[0], given[2] if len(given) > 2 else None) if "axios" in name else None
    return given[0], given[1] if len(given) > 1 else None
