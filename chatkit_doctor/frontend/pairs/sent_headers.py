"""The headers that a page adds to its requests to ChatKit's server, in a `fetch` of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import API
from chatkit_doctor.frontend.options.literals import objects
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.values import FunctionValue, ObjectValue
from chatkit_doctor.web.literals import key_text, string_text
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import field, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_FETCH = "fetch"
_HEADERS = "headers"
_TOKEN = regex(r"[A-Za-z][A-Za-z0-9-]*")
_SETTERS = frozenset({"set", "append"})


@dataclass(frozen=True, slots=True, eq=False)
class SentHeader:
    """One header, as the page writes its name, and where."""

    document: Document
    node: Node
    name: str


def sent_headers(options: ObjectValue) -> Iterator[SentHeader]:
    """Yield the headers that the `fetch` of a set of options writes by name."""
    for api in objects(options.get(API)):
        entry = api.entries.get(_FETCH)
        if entry is not None and isinstance(entry.value, FunctionValue):
            yield from _written(entry.value.document, entry.value.node)


def _written(document: Document, function: Node) -> Iterator[SentHeader]:
    for node in walk(function):
        if node.type == "pair":
            key, value = field(node, "key"), field(node, "value")
            if key is not None and value is not None and key_text(document, key) == _HEADERS:
                yield from _of_object(document, value)
        elif node.type == "call_expression":
            called = field(node, "function")
            owner, method = (field(called, "object"), field(called, "property")) if called is not None else (None, None)
            arguments = call_arguments(node)
            is_set = method is not None and document.text(method) in _SETTERS and len(arguments) == 2
            if is_set and owner is not None and _is_headers(document, owner):
                yield from _named(document, arguments[0], string_text(document, arguments[0]))


def _is_headers(document: Document, owner: Node) -> bool:
    """Return whether an expression is a list of headers: made as one, or the `headers` of something."""
    if owner.type == "member_expression":
        return document.text(field(owner, "property") or owner) == _HEADERS
    binding = lookup(document, owner) if owner.type == "identifier" else None
    made = field(binding.declaration, "value") if binding is not None else None
    return made is not None and document.text(made).startswith("new Headers(")


def _of_object(document: Document, value: Node) -> Iterator[SentHeader]:
    for pair in value.named_children if value.type == "object" else ():
        key = field(pair, "key") if pair.type == "pair" else None
        if key is not None:
            yield from _named(document, key, key_text(document, key))


def _named(document: Document, node: Node, name: str | None) -> Iterator[SentHeader]:
    if name is not None and _TOKEN.fullmatch(name):
        yield SentHeader(document, node, name)
