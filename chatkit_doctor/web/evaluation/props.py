"""What a component of JSX is given: its attributes as an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation.composites import Merge
from chatkit_doctor.web.evaluation.values import (
    BooleanValue,
    Entry,
    EntryKind,
    ObjectValue,
    UnknownValue,
    Value,
)
from chatkit_doctor.web.tree import without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation

_CHILDREN = "children"
# React keeps these to itself.
_OWN = frozenset({"key", "ref"})


def props_value(evaluation: Evaluation, document: Document, tag: Node) -> ObjectValue:
    """Return what the opening (or only) tag of a component hands to it."""
    merge = Merge(evaluation.weakened)
    for part in without_comments(tag):
        if part.type == "jsx_expression":
            spread = next(iter(without_comments(part)), None)
            inner = without_comments(spread) if spread is not None and spread.type == "spread_element" else []
            value = evaluation.evaluate(document, inner[0]) if inner else UnknownValue(document, part, "incomplete")
            merge.spread(value, document, part)
        elif part.type == "jsx_attribute" and (entry := _entry(evaluation, document, part)) is not None:
            merge.put(entry)
    if tag.type == "jsx_opening_element" and _CHILDREN not in merge.entries:
        unknown = UnknownValue(document, tag, "children")
        merge.put(Entry(_CHILDREN, EntryKind.PAIR, document, tag, tag, tag, unknown, spread=True))
    return ObjectValue(document, tag, merge.entries, merge.complete)


def _entry(evaluation: Evaluation, document: Document, attribute: Node) -> Entry | None:
    """Return what an attribute is as an entry; none of an object literal, which an edit could write into."""
    key, *rest = without_comments(attribute)
    name = document.text(key)
    if name in _OWN:
        return None
    written = rest[0] if rest else attribute
    value: Value = BooleanValue(document, attribute, truth=True)
    if written.type == "jsx_expression":
        inner = without_comments(written)
        written = inner[0] if inner else written
        value = evaluation.evaluate(document, written)
    elif rest:
        value = evaluation.evaluate(document, written)
    return Entry(name, EntryKind.PAIR, document, attribute, key, written, value, spread=True)
