"""Comparisons of an event's `type`, in a listener, with what no event that it hears has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.events.sources import Receiver, receivers
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.taken import around, taken
from chatkit_doctor.web.tree import field, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

_TYPE = ("type",)
_EQUAL = frozenset({"===", "=="})
_UNEQUAL = frozenset({"!==", "!="})


@dataclass(frozen=True, slots=True, eq=False)
class ImpossibleEvent:
    """A comparison that comes out the same for every event. event: the only type there is; written: the text."""

    document: Document
    node: Node
    event: str
    written: str
    is_never_true: bool


def impossible_events(app: App) -> Iterator[ImpossibleEvent]:
    """Yield the comparisons, tests left out. A listener that has a name may hear other events as well."""
    for receiver in receivers(app):
        document = receiver.function.document
        if not receiver.name and receiver.is_written_here and not app.is_test_or_story(document.path):
            yield from _in_listener(receiver, document)


def _in_listener(receiver: Receiver, document: Document) -> Iterator[ImpossibleEvent]:
    for use in taken(document, receiver.function.node):
        if use.path != _TYPE or use.is_pattern:
            continue
        for node, literal, is_never_true in _compared(around(use.node)):
            written = string_text(document, literal)
            if written is not None and written != receiver.event:
                yield ImpossibleEvent(document, node, receiver.event, written, is_never_true)


def _compared(value: Node) -> Iterator[tuple[Node, Node, bool]]:
    """Yield what a value is compared with: the comparison, the literal, and whether it asks if both are the same."""
    holder = value.parent
    if holder is None:
        return
    if holder.type == "binary_expression":
        operator = field(holder, "operator")
        other = next((each for each in (field(holder, "left"), field(holder, "right")) if each and each != value), None)
        if operator is not None and other is not None and operator.type in _EQUAL | _UNEQUAL:
            yield holder, other, operator.type in _EQUAL
    # `switch (event.type)`: the value stands in parentheses, which `around` has gone through.
    elif holder.type == "switch_statement" and (body := field(holder, "body")) is not None:
        for case in without_comments(body):
            literal = field(case, "value")
            if case.type == "switch_case" and literal is not None:
                yield literal, literal, True
