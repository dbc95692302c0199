"""Where a web file puts ChatKit on a page: the hook, the React component, the element in markup and in code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import COMPONENT, HOOK, TAG
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.markup import Element, elements
from chatkit_doctor.web.modules.imports import ImportKind, imports
from chatkit_doctor.web.modules.origins import origin
from chatkit_doctor.web.modules.resolve import Resolver
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

_REACT = regex(r"(?:^|/)@openai/chatkit-react(?:$|@)")
# Where the component and the hook are imported from by mistake as well: a package of types, which has neither.
_MEANT = regex(r"(?:^|/)@openai/chatkit(?:-react)?(?:$|[@/])")
_OPENING = regex(rf"<{TAG}[\s>]")
_CREATORS = frozenset({"createElement", "h", "jsx", "jsxs"})
_MARKUP_CALLS = frozenset({"insertAdjacentHTML", "write", "html", "parseFromString", "raw"})
_MARKUP_MEMBERS = frozenset({"innerHTML", "outerHTML", "template", "__html"})


@dataclass(frozen=True, slots=True, eq=False)
class Mount:
    """One place. `shown` is what stays blank, as a message names it; `at` is what to mark."""

    document: Document
    at: Location
    shown: str


def is_mounted(app: App) -> bool:
    """Return whether some file of an app, and no test of it, mounts ChatKit."""
    documents = (each for each in app.documents() if not app.is_test_or_story(each.path))
    return any(True for each in documents for _ in mounts(app.resolver, each))


def mounts(resolver: Resolver, document: Document) -> Iterator[Mount]:
    """Yield the places of a document where ChatKit is mounted, elements before calls."""
    yield from _elements(resolver, document)
    yield from _calls(resolver, document)
    for node in document.find("string", "template_string"):
        if TAG in (text := document.text(node)) and _is_markup(text) and _becomes_markup(document, node):
            yield Mount(document, document.location(node), f"<{TAG}>")
    for each in imports(document):
        if each.kind is ImportKind.DYNAMIC and _REACT.search(each.specifier):
            yield Mount(document, document.location(each.node), "<ChatKit>")


def _is_markup(text: str) -> bool:
    """Return whether a text holds an element from its beginning to its end."""
    opening = _OPENING.search(text)
    return opening is not None and text.find(f"</{TAG}>", opening.end()) >= 0


def _elements(resolver: Resolver, document: Document) -> Iterator[Mount]:
    for element in elements(document):
        if element.name.lower() == TAG or (element.is_jsx and _is_component(resolver, element)):
            start = element.location.start
            yield Mount(document, document.source.location(start, start + 1 + len(element.name)), f"<{element.name}>")


def _is_component(resolver: Resolver, element: Element) -> bool:
    name = field(element.tag, "name")
    return name is not None and _react_name(resolver, element.document, name) == COMPONENT


def _react_name(resolver: Resolver, document: Document, node: Node) -> str | None:
    """Return the name under which @openai/chatkit-react exports what an expression stands for, or is meant to."""
    found = origin(resolver, document, node)
    return found.name if found is not None and _MEANT.search(found.specifier) else None


def _calls(resolver: Resolver, document: Document) -> Iterator[Mount]:
    for call in document.find("call_expression"):
        function, arguments = field(call, "function"), call_arguments(call)
        if function is None or function.type not in {"identifier", "member_expression"}:
            continue
        called = document.text(field(function, "property") or function)
        if called in _CREATORS and arguments:
            made = string_text(document, arguments[0])
            if made == TAG or (made is None and _react_name(resolver, document, arguments[0]) == COMPONENT):
                yield Mount(document, document.location(arguments[0]), f"<{made or 'ChatKit'}>")
        elif _react_name(resolver, document, function) == HOOK:
            yield Mount(document, document.location(function), "the chat of useChatKit()")


def _becomes_markup(document: Document, text: Node) -> bool:
    """Return whether a text is handed to something that makes elements of it."""
    parent = text.parent
    if parent is not None and parent.type == "arguments":
        parent = parent.parent
    match parent.type if parent is not None else "":
        case "call_expression":
            return _last_name(document, parent, "function") in _MARKUP_CALLS
        case "assignment_expression":
            return _last_name(document, parent, "left") in _MARKUP_MEMBERS
        case "pair":
            return _last_name(document, parent, "key") in _MARKUP_MEMBERS
    return False


def _last_name(document: Document, parent: Node | None, part: str) -> str:
    node = field(parent, part) if parent is not None else None
    if node is None:
        return ""
    return document.text(field(node, "property") or node).strip("\"'")
