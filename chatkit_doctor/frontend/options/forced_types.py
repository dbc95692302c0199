"""Where a page's own `fetch` sets the Content-Type of every request, so that uploads go without their boundary.

From the Fetch standard: a request takes the Content-Type of its body, which for FormData names the boundary, only where
its headers have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import API, UPLOAD_STRATEGY
from chatkit_doctor.frontend.options.literals import objects, own_server_options, surely
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.conditions import around, conditions, depends_on
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.evaluation.functions import parameter_nodes
from chatkit_doctor.web.evaluation.values import FunctionValue, StringValue
from chatkit_doctor.web.literals import key_text, string_text
from chatkit_doctor.web.scopes import ScopedName, lookup
from chatkit_doctor.web.tree import field, is_within, walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_FETCH = "fetch"
_HEADERS = "headers"
_BODY = "body"
_NAME = "content-type"
_DIRECT = "direct"
# What a function that thinks of uploads asks for, and what a type with a boundary of its own says.
_KNOWS_UPLOADS = regex(r"\bFormData\b|\bboundary\b")
_DELETES = regex(r"^\s*delete\s|\.\s*delete\s*\(")
_FETCHES = regex(r"(?:(?:window|globalThis|self)\.)?fetch")
_SETTERS = frozenset({"set", "append"})
_PLAIN = frozenset({"string", "template_string"})


@dataclass(frozen=True, slots=True, eq=False)
class ForcedType:
    """One place.

    node: the entry of an object, or the statement. text: the type. init: the name of the request's init.
    """

    document: Document
    node: Node
    text: str
    init: str

    @property
    def is_entry(self) -> bool:
        """Return whether it is an entry of an object, and not a statement of its own."""
        return self.node.type == "pair"


def forced_types(app: App) -> Iterator[ForcedType]:
    """Yield where the `fetch` of options that upload files directly sets one Content-Type for all requests."""
    seen: set[tuple[Document, int]] = set()
    for _, options in own_server_options(app):
        for api in objects(options.get(API)):
            strategy, entry = api.get(UPLOAD_STRATEGY, "type"), surely(api, _FETCH)
            if entry is None or not isinstance(strategy, StringValue) or strategy.text != _DIRECT:
                continue
            function = entry.value
            if not isinstance(function, FunctionValue):
                continue
            for found in _forced(function.document, function.node):
                if (found.document, found.node.start_byte) not in seen:
                    seen.add((found.document, found.node.start_byte))
                    yield found


def _forced(document: Document, function: Node) -> Iterator[ForcedType]:
    parameters = parameter_nodes(function)
    init = _name(parameters[1]) if len(parameters) > 1 else None
    if init is None or _KNOWS_UPLOADS.search(document.text(function)) or _takes_back(document, function):
        return
    seen: set[int] = set()
    asks = _Asks(document, parameters)
    for headers in _headers(document, function, init):
        # Of headers that have a name, what puts a type among them is the same for all requests that get them.
        binding = lookup(document, headers) if headers.type.endswith("identifier") else None
        if binding is not None and binding.node.id in seen:
            continue
        seen.update([binding.node.id] if binding is not None else ())
        for node, value in _written(document, function, headers):
            text = string_text(document, value) if value.type in _PLAIN else None
            if text is not None and _is_for_all(document, function, node, asks):
                yield ForcedType(document, node, text, document.text(init))


def _takes_back(document: Document, function: Node) -> bool:
    """Return whether a function takes a type out of headers again, for some requests then."""
    return any(_DELETES.search(document.text(each)) for each in walk(function) if each.type == "expression_statement")


def _name(parameter: Node) -> Node | None:
    """Return the identifier of a parameter that has a plain name."""
    pattern = field(parameter, "pattern") or field(parameter, "left") or parameter
    return pattern if pattern.type == "identifier" else None


def _headers(document: Document, function: Node, init: Node) -> Iterator[Node]:
    """Yield what is given as headers to the requests that take over all else of the init."""
    binding = lookup(document, init)
    for call in walk(function):
        called = field(call, "function") if call.type == "call_expression" else None
        arguments = call_arguments(call) if called is not None and _FETCHES.fullmatch(document.text(called)) else []
        given = arguments[1] if len(arguments) > 1 else None
        if given is None or given.type != "object" or not _takes_over(document, given, binding):
            continue
        if any(_key(document, each) == _BODY for each in given.named_children):
            continue
        for each in given.named_children:
            key, value = field(each, "key"), field(each, "value")
            if each.type == "shorthand_property_identifier" and document.text(each) == _HEADERS:
                yield each
            elif key is not None and value is not None and key_text(document, key) == _HEADERS:
                yield value


def _key(document: Document, entry: Node) -> str | None:
    key = field(entry, "key")
    return key_text(document, key) if key is not None else document.text(entry)


def _takes_over(document: Document, given: Node, init: ScopedName | None) -> bool:
    spreads = (each.named_children[0] for each in given.named_children if each.type == "spread_element")
    return any(each.type == "identifier" and lookup(document, each) is init for each in spreads)


def _written(document: Document, function: Node, headers: Node) -> Iterator[tuple[Node, Node]]:
    """Yield the entries and statements that put a Content-Type among headers, each with the value."""
    if headers.type == "object":
        yield from _entries(document, headers)
        return
    binding = lookup(document, headers) if headers.type.endswith("identifier") else None
    if binding is None or binding.reassigned or not is_within(binding.node, function):
        return
    made = field(binding.declaration, "value")
    if made is not None and made.type == "new_expression" and (given := call_arguments(made)):
        made = given[0]
    made = unwrapped(made) if made is not None else None
    if made is not None and made.type == "object":
        yield from _entries(document, made)
    for node in walk(function):
        if node.type != "expression_statement" or not node.named_children:
            continue
        value = _set_by(document, node.named_children[0], binding)
        if value is not None:
            yield node, value


def _entries(document: Document, headers: Node) -> Iterator[tuple[Node, Node]]:
    for each in headers.named_children:
        key, value = field(each, "key"), field(each, "value")
        if each.type == "pair" and key is not None and value is not None and _is_type(key_text(document, key)):
            yield each, value


def _set_by(document: Document, node: Node, headers: ScopedName) -> Node | None:
    """Return what an expression sets as the Content-Type of headers; None where it does something else."""
    if node.type == "call_expression":
        called, arguments = field(node, "function"), call_arguments(node)
        owner, method = (field(called, "object"), field(called, "property")) if called is not None else (None, None)
        is_set = method is not None and document.text(method) in _SETTERS and len(arguments) == 2
        name, value = (string_text(document, arguments[0]), arguments[1]) if is_set else (None, None)
    else:
        left, value = field(node, "left"), field(node, "right")
        owner = field(left, "object") if left is not None else None
        index = field(left, "index") if left is not None else None
        name = string_text(document, index) if index is not None else None
    is_theirs = owner is not None and owner.type == "identifier" and lookup(document, owner) is headers
    return value if is_theirs and _is_type(name) else None


def _is_type(name: str | None) -> bool:
    return name is not None and name.lower() == _NAME


class _Asks:
    """Whether conditions ask for a function's parameters: each is before many places."""

    def __init__(self, document: Document, parameters: list[Node]) -> None:
        self._document = document
        self._parameters = parameters
        self._known: dict[int, bool] = {}

    def __contains__(self, condition: Node) -> bool:
        if condition.id not in self._known:
            self._known[condition.id] = depends_on(self._document, condition, self._parameters)
        return self._known[condition.id]


def _is_for_all(document: Document, function: Node, node: Node, asks: _Asks) -> bool:
    """Return whether a place is reached for every request that is sent on, uploads among them."""
    if any(is_within(each.node, function) for each in around(node)) or functions_around(document, node)[0] != function:
        return False
    guards = (each.node for each in conditions(document, node) if is_within(each.node, function))
    return not any(each in asks for each in guards)
