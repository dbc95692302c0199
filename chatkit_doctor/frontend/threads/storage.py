"""Where a page keeps values over a reload: the calls of localStorage and sessionStorage in a project, by key."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.values import StringValue
from chatkit_doctor.web.tree import field, is_within

if TYPE_CHECKING:
    from tree_sitter import Node

_METHODS = frozenset({"getItem", "setItem", "removeItem", "clear"})
# What goes through the keys: it hands on no storage, and what is read or removed then has a key that cannot be told.
_COUNTS = frozenset({"key"})
_LENGTH = "length"
_STORAGES = frozenset({"localStorage", "sessionStorage"})
_NEEDLES = (b"Storage",)
# `useLocalStorage` and its like, whose package does the reading and writing.
_STORAGE_HOOK = regex(r"(?:\w+\.)?use\w*Storage\w*")
# A function by the name of which others call it; React calls components, and hooks may be called by packages.
_WORD = regex(r"\w+")
_HELPER = regex(r"(?!use[A-Z])[a-z]\w*")
_IS_DEFAULT = regex(r"export\s+default\b")
_DECLARED = frozenset({"function_declaration", "generator_function_declaration"})
# What only asks whether there is a storage.
_QUESTIONS = frozenset({"unary_expression", "if_statement", "binary_expression"})


@dataclass(frozen=True, slots=True, eq=False)
class StorageCall:
    """One call on a storage object.

    receiver: the text of the storage (`localStorage`, `window.sessionStorage`).
    method: getItem, setItem, removeItem or clear.
    key: what names the value; None where it cannot be told.
    """

    document: Document
    node: Node
    receiver: str
    method: str
    key: str | None
    arguments: tuple[Node, ...]


class Storage:
    """What all web files of a project do with the storage, those that do not mention ChatKit included."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._calls: dict[Document, list[StorageCall]] = {}
        self._known: dict[tuple[str, str], list[StorageCall]] = {}
        self.evaluator = app.evaluator

    def within(self, document: Document, node: Node | None = None) -> Iterator[StorageCall]:
        """Yield the calls in a document, or in a part of it."""
        if document not in self._calls:
            every = (self._storage_call(document, call) for call in document.find("call_expression"))
            self._calls[document] = [each for each in every if each is not None]
        calls = self._calls[document]
        if node is not None:
            # They stand in the order of the text.
            first = bisect_left(calls, node.start_byte, key=lambda each: each.node.start_byte)
            last = bisect_left(calls, node.end_byte, key=lambda each: each.node.start_byte)
            calls = [each for each in calls[first:last] if is_within(each.node, node)]
        yield from calls

    def calls(self, method: str, key: str) -> list[StorageCall]:
        """Return the calls of a method that are for a key, or for one that cannot be told and so may be for it."""
        if (method, key) not in self._known:
            by_key = self._by_method.get(method, {})
            found = sorted([*by_key.get(key, ()), *by_key.get(None, ())], key=lambda each: each[0])
            self._known[method, key] = [call for _, call in found]
        return self._known[method, key]

    def reads(self, key: str) -> list[StorageCall]:
        """Return the calls that may read a key; those of tests and of functions that nothing calls are left out."""
        return [call for call in self.calls("getItem", key) if call.key is None or not self._is_idle(call)]

    @cached_property
    def is_handed_on(self) -> bool:
        """Return whether the storage is used in ways that these calls do not show: by an alias, a library, an index."""
        return any(_hands_on(document) for document in self._documents)

    @cached_property
    def _by_method(self) -> dict[str, dict[str | None, list[tuple[int, StorageCall]]]]:
        """Return the calls, with their numbers, by method and key."""
        found: dict[str, dict[str | None, list[tuple[int, StorageCall]]]] = {}
        every = (call for document in self._documents for call in self.within(document))
        for number, call in enumerate(every):
            found.setdefault(call.method, {}).setdefault(call.key, []).append((number, call))
        return found

    @cached_property
    def _documents(self) -> list[Document]:
        paths = (path for path in self.app.web_paths() if self.app.mentions(path, _NEEDLES))
        return [document for path in paths if (document := self.app.document(path)) is not None]

    def _is_idle(self, call: StorageCall) -> bool:
        """Return whether a call stands in a test, or in a helper whose name nothing else but tests mentions."""
        if self.app.is_test_or_story(call.document.path):
            return True
        name = _helper_around(call)
        if name is None or call.document.derive(_words)[name] > 1:
            return False
        pattern = re.compile(rb"\b" + name.encode() + rb"\b")
        others = (path for path in self.app.web_paths() if path != call.document.path)
        return not any(
            self.app.mentions_pattern(path, pattern) for path in others if not self.app.is_test_or_story(path)
        )

    def _storage_call(self, document: Document, call: Node) -> StorageCall | None:
        function = field(call, "function")
        owner = field(function, "object") if function is not None else None
        name = field(function, "property") if function is not None else None
        if owner is None or name is None or document.text(name) not in _METHODS or not _is_storage(document, owner):
            return None
        arguments = call_arguments(call)
        value = self.evaluator.evaluate(document, arguments[0]) if arguments else None
        key = value.text if isinstance(value, StringValue) else None
        return StorageCall(document, call, document.text(owner), document.text(name), key, tuple(arguments))


def _words(document: Document) -> Counter[str]:
    return Counter(match[0] for match in _WORD.finditer(document.source.text))


def _helper_around(call: StorageCall) -> str | None:
    """Return the name of the outermost function around a call; None for components, hooks and default exports."""
    outermost = next(reversed(functions_around(call.document, call.node)), None)
    holder = outermost.parent if outermost is not None and outermost.type not in _DECLARED else outermost
    name = field(holder, "name") if holder is not None else None
    if holder is None or name is None or _IS_DEFAULT.match(call.document.text(holder.parent or holder)):
        return None
    text = call.document.text(name)
    return text if _HELPER.fullmatch(text) else None


def _is_storage(document: Document, node: Node) -> bool:
    name = field(node, "property") if node.type == "member_expression" else node
    return name is not None and document.text(name) in _STORAGES


def _hands_on(document: Document) -> bool:
    for node in document.find("identifier", "property_identifier"):
        if document.text(node) in _STORAGES and not _is_plain_use(document, node):
            return True
    return any(
        (function := field(call, "function")) is not None and _STORAGE_HOOK.fullmatch(document.text(function))
        for call in document.find("call_expression")
    )


def _is_plain_use(document: Document, name: Node) -> bool:
    """Return whether a storage is named to call one of its methods, or to ask whether it is there or what it counts."""
    node = name
    parent = node.parent
    while parent is not None and (
        (parent.type == "member_expression" and field(parent, "property") == node)
        or parent.type in {"parenthesized_expression", "non_null_expression"}
    ):
        node, parent = parent, parent.parent
    if parent is None:
        return False
    if parent.type == "member_expression":
        method = field(parent, "property")
        is_called = parent.parent is not None and parent.parent.type == "call_expression"
        member = document.text(method) if method is not None else ""
        return member in _METHODS | _COUNTS if is_called else member == _LENGTH
    return parent.type in _QUESTIONS
