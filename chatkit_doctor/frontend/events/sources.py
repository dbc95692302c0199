"""The functions of an app that ChatKit calls: handlers among the hook's options, and listeners of the element."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.element import details
from chatkit_doctor.contracts.web import handlers
from chatkit_doctor.contracts.web_names import EVENT_PREFIX
from chatkit_doctor.frontend.options.problems import checked_options
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.values import FunctionValue, Value
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

_LISTEN = "addEventListener"
_SENDS = regex(r"Event\(\s*['\"`](chatkit\.[\w.]+)['\"`]")


@dataclass(frozen=True, slots=True, eq=False)
class Receiver:
    """One function that ChatKit calls.

    event: the event, whose detail is what it is about. name: the handler, "" for a listener.
    document, written: the expression that is given for it. function: what that is.
    """

    event: str
    name: str
    document: Document
    written: Node
    function: FunctionValue

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the names in the detail of the event."""
        return details()[self.event]

    @property
    def detail(self) -> tuple[str, ...]:
        """Return how the detail is reached from the argument: a handler of the hook gets it, a listener the event."""
        return () if self.name else ("detail",)

    @property
    def is_written_here(self) -> bool:
        """Return whether the function has no name by which others can call it."""
        node = self.function.node
        is_here = self.function.document is self.document and self.written.start_byte <= node.start_byte
        return is_here and node.end_byte <= self.written.end_byte


def receivers(app: App) -> tuple[Receiver, ...]:
    """Return the functions that ChatKit surely calls with one of its events, each once, to an app with web files."""
    return app.derive(_receivers) if app.has_web_files else ()


def _receivers(app: App) -> tuple[Receiver, ...]:
    found: dict[tuple[Document, int, str], Receiver] = {}
    for each in (*_handlers(app), *_listeners(app)):
        found.setdefault((each.function.document, each.function.node.start_byte, each.event), each)
    return tuple(found.values())


def _handlers(app: App) -> Iterator[Receiver]:
    known = handlers()
    for site, options in checked_options(app):
        for name in sorted(known.keys() & options.entries.keys()) if site.hook else ():
            entry = options.entries[name]
            function = _function(entry.value)
            if function is not None and known[name] in details():
                yield Receiver(known[name], name, entry.document, entry.value_node, function)


def _listeners(app: App) -> Iterator[Receiver]:
    sent = {name for each in app.documents() for name in _SENDS.findall(each.source.text)}
    for document in app.documents():
        if EVENT_PREFIX not in document.source.text or _LISTEN not in document.source.text:
            continue
        for call in document.find("call_expression"):
            arguments, event = call_arguments(call), _listened_to(document, call)
            if event is None or event in sent or event not in details():
                continue
            function = _function(app.evaluator.evaluate(document, arguments[1]))
            if function is not None:
                yield Receiver(event, "", document, arguments[1], function)


def _listened_to(document: Document, call: Node) -> str | None:
    function, arguments = field(call, "function"), call_arguments(call)
    method = field(function, "property") if function is not None else None
    if method is None or len(arguments) < 2 or document.text(method) != _LISTEN:
        return None
    return string_text(document, arguments[0])


def _function(value: Value) -> FunctionValue | None:
    return value if isinstance(value, FunctionValue) else None
