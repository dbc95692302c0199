"""The handlers that ChatKit tells which thread is open, and what they do with its id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web import events
from chatkit_doctor.contracts.web import handlers as handler_names
from chatkit_doctor.contracts.web_names import EVENT_PREFIX, THREAD_EVENT, THREAD_HANDLER, is_handler
from chatkit_doctor.frontend.options.literals import literal_options
from chatkit_doctor.frontend.threads.storage import Storage, StorageCall
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import Evaluator
from chatkit_doctor.web.evaluation.values import Entry, FunctionValue, ObjectValue, Value
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import field, is_within, walk
from chatkit_doctor.words import nearest

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_CALLS = 3
_MAX_HOPS = 4
_LOGS = regex(r"console\s*\??\.\s*\w+")
_SETTER_HOOKS = regex(r"(?:\w+\.)?use(?:State|Reducer)")
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})


@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    """A handler of changes of the open thread; `at` is the option's name or the event's at `addEventListener`."""

    at: Location
    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class Save:
    """A storage call with a known key by which a handler keeps the id of the open thread.

    function, handler: the nodes of the function that saves, and of the handler, which may be the same.
    call_site: where the handler calls the function that saves; None where the handler does it itself.
    """

    call: StorageCall
    key: str
    function: Node
    handler: Node
    call_site: tuple[Document, Node] | None


def option_handler(entry: Entry) -> Handler:
    """Return the handler that an option holds."""
    return Handler(entry.key_location, entry.value)


def handlers(app: App, evaluator: Evaluator) -> Iterator[Handler]:
    """Yield the handlers of a project, given as an option or added as listeners."""
    for _, options in literal_options(app):
        if THREAD_HANDLER in options.entries:
            yield option_handler(options.entries[THREAD_HANDLER])
    yield from listeners(app, evaluator)


def listeners(app: App, evaluator: Evaluator, *, misnamed: bool = False) -> Iterator[Handler]:
    """Yield what is added as a listener of the event; misnamed: or of one that is meant to be it and never comes."""
    for document in app.documents():
        for call in document.find("call_expression"):
            arguments = call_arguments(call)
            function = field(call, "function")
            method = field(function, "property") if function is not None else None
            if len(arguments) < 2 or method is None or document.text(method) != "addEventListener":
                continue
            name = string_text(document, arguments[0]) or ""
            if name == THREAD_EVENT or (misnamed and _is_meant(name)):
                yield Handler(document.location(arguments[0]), evaluator.evaluate(document, arguments[1]))


def heard_by(options: ObjectValue) -> Entry | None:
    """Return the handler of changes of the thread among options, or one that is meant to be it and never called."""
    if THREAD_HANDLER in options.entries:
        return options.entries[THREAD_HANDLER]
    known = handler_names()
    unknown = (name for name in options.entries if is_handler(name) and name not in known)
    misnamed = next((name for name in unknown if nearest(name, known) == THREAD_HANDLER), None)
    return options.entries[misnamed] if misnamed is not None else None


def _is_meant(name: str) -> bool:
    sent = events()
    if name in sent or not name:
        return False
    is_near = name.startswith(EVENT_PREFIX) and nearest(name, sent) == THREAD_EVENT
    return is_near or f"{EVENT_PREFIX}{name}" == THREAD_EVENT


def saves(storage: Storage, handler: Handler) -> tuple[Save, ...]:
    """Return how a handler keeps the id: itself, or in the project's functions that it hands the id to."""
    if not isinstance(handler.value, FunctionValue):
        return ()
    # Several rules ask, and go through all that the handler says.
    known = storage.app.derive(_known_saves)
    key = (handler.value.document, handler.value.node.id)
    if key not in known:
        known[key] = tuple(_saves(storage, handler.value))
    return known[key]


def _known_saves(_: App) -> dict[tuple[Document, int], tuple[Save, ...]]:
    return {}


def _saves(storage: Storage, handler: FunctionValue) -> Iterator[Save]:
    for function, call_site in _functions(storage.evaluator, handler):
        for call in storage.within(function.document, function.node):
            if call.method != "setItem" or call.key is None or len(call.arguments) < 2:
                continue
            if comes_from_parameter(function.document, call.arguments[1]):
                yield Save(call, call.key, function.node, handler.node, call_site)


def only_for_the_moment(evaluator: Evaluator, value: Value, depth: int = 0) -> bool:
    """Return whether a handler surely keeps no id over a reload: it takes none, or logs it and sets state with it."""
    if not isinstance(value, FunctionValue) or depth > _MAX_CALLS:
        return False
    document = value.document
    if depth == 0 and _takes_nothing(document, value.node):
        return True
    for node in walk(value.node):
        if node.type in {"new_expression", "augmented_assignment_expression"}:
            return False
        if node.type == "assignment_expression" and not _is_local_assignment(document, node):
            return False
        function = field(node, "function") if node.type == "call_expression" else None
        if function is None or _LOGS.fullmatch(document.text(function)) or is_state_setter(document, function):
            continue
        if not only_for_the_moment(evaluator, evaluator.evaluate(document, function), depth + 1):
            return False
    return True


def _takes_nothing(document: Document, function: Node) -> bool:
    parameters = field(function, "parameters")
    if parameters is None or parameters.named_children:
        return False
    return all(document.text(each) != "arguments" for each in walk(function) if each.type == "identifier")


def is_state_setter(document: Document, node: Node) -> bool:
    """Return whether a name is what `useState` gives to set the state of a component."""
    binding = lookup(document, node) if node.type in _NAMES else None
    made = field(binding.declaration, "value") if binding is not None and binding.path == (1,) else None
    function = field(made, "function") if made is not None and made.type == "call_expression" else None
    return function is not None and _SETTER_HOOKS.fullmatch(document.text(function)) is not None


def comes_from_parameter(document: Document, node: Node, hops: int = 0) -> bool:
    """Return whether an expression is made of a parameter of the function it stands in, maybe through variables."""
    for each in walk(node):
        binding = lookup(document, each) if each.type in _NAMES else None
        if binding is None:
            continue
        if binding.kind is ScopedKind.PARAMETER:
            return True
        initial = field(binding.declaration, "value") if binding.kind is not ScopedKind.IMPORT else None
        if initial is None or is_within(node, initial) or hops >= _MAX_HOPS:
            continue
        if comes_from_parameter(document, initial, hops + 1):
            return True
    return False


def _functions(
    evaluator: Evaluator, handler: FunctionValue
) -> Iterator[tuple[FunctionValue, tuple[Document, Node] | None]]:
    """Yield a handler, and the project's functions that it hands a parameter of its own."""
    yield handler, None
    document = handler.document
    for node in walk(handler.node):
        function = field(node, "function") if node.type == "call_expression" else None
        if function is None or not any(comes_from_parameter(document, each) for each in call_arguments(node)):
            continue
        called = evaluator.evaluate(document, function)
        if isinstance(called, FunctionValue) and called.node != handler.node:
            yield called, (document, node)


def _is_local_assignment(document: Document, assignment: Node) -> bool:
    """Return whether an assignment goes to a variable or a React ref, not to `location.hash` or `document.cookie`."""
    left = field(assignment, "left")
    if left is None or left.type == "identifier":
        return left is not None
    name = field(left, "property") if left.type == "member_expression" else None
    return name is not None and document.text(name) == "current"
