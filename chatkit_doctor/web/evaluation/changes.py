"""What a variable holds where it is used, after all that was done to it since its declaration.

A change that is a statement of the block of the declaration, before the use, is made in any case. Of any other nobody
knows whether it comes before the use; see `doubts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.records import replace
from chatkit_doctor.web.evaluation.composites import items_of, merged_value
from chatkit_doctor.web.evaluation.doubts import doubted
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    Choice,
    Entry,
    EntryKind,
    ObjectValue,
    RefValue,
    UnknownValue,
    Value,
    choice,
)
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field
from chatkit_doctor.web.writes import Steps, Write, WriteKind

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation
    from chatkit_doctor.web.scopes import ScopedName

_BLOCKS = frozenset({"statement_block", "program"})
# People write a dozen times to one variable. Each change makes its object anew, so where there are very many they are
# not followed one by one, and nothing is sure of what they change.
_MOST_WRITES = 500


def written(
    evaluation: Evaluation, document: Document, binding: ScopedName, first: Value | None, at: Node | None
) -> Value:
    """Return what a variable that was written to holds at a node; at the end of its block where that is None.

    first: what it is declared with, None where that is nothing.
    """
    if len(binding.writes) > _MOST_WRITES:
        return doubted(evaluation, document, binding, first, binding.writes)
    home = _home(binding)
    sure: list[Write] = []
    unsure: list[Write] = []
    for write in binding.writes:
        is_step = home is not None and _is_statement_of(write.node, home)
        if is_step and (at is None or write.node.end_byte <= at.start_byte):
            sure.append(write)
        elif not is_step or at is None or home is None or _function(at) != _function(home):
            unsure.append(write)
    value = first
    for write in sorted(sure, key=lambda each: each.node.start_byte):
        value = _after(evaluation, document, value, write)
    return doubted(evaluation, document, binding, value, unsure)


def _home(binding: ScopedName) -> Node | None:
    """Return the block whose statements follow a declaration: of a parameter the function's body."""
    declaration = binding.declaration
    if declaration.type == "variable_declarator":
        return next((each for each in ancestors(declaration) if each.type in _BLOCKS), None)
    function = _function(declaration)
    body = field(function, "body") if function is not None else None
    return body if body is not None and body.type in _BLOCKS else None


def _function(node: Node) -> Node | None:
    return next((each for each in ancestors(node) if each.type in FUNCTIONS), None)


def _is_statement_of(node: Node, block: Node) -> bool:
    statement = node.parent
    return statement is not None and statement.type == "expression_statement" and statement.parent == block


def _after(evaluation: Evaluation, document: Document, value: Value | None, write: Write) -> Value | None:
    """Return what a change that is surely made leaves; None where there is still nothing."""
    if write.is_of_name:
        is_plain = write.kind is WriteKind.SET and write.values
        unknown = UnknownValue(document, write.node, "assigned to later")
        return evaluation.evaluate(document, write.values[0]) if is_plain else unknown
    if value is None:
        return None
    return (
        evaluation.weakened(value) if write.path is None else _applied(evaluation, document, value, write.path, write)
    )


def _applied(evaluation: Evaluation, document: Document, value: Value, path: Steps, write: Write) -> Value:
    """Return a value after a change of what is at a path in it."""
    if not path:
        return _changed(evaluation, document, value, write)
    step, rest = path[0], path[1:]
    match value:
        case Choice():
            options = tuple(_applied(evaluation, document, each, path, write) for each in value.options)
            return choice(value.document, value.node, options)
        case RefValue() if step == value.step:
            return replace(value, inner=_inside(evaluation, document, value.inner, rest, write))
        case ObjectValue():
            return _with_entry(evaluation, document, value, str(step), rest, write)
        case ArrayValue(items=items) if isinstance(step, int) and step < len(items):
            inner = _inside(evaluation, document, items[step], rest, write)
            return replace(value, items=(*items[:step], inner, *items[step + 1 :]))
    return evaluation.weakened(value)


def _inside(evaluation: Evaluation, document: Document, value: Value, rest: Steps, write: Write) -> Value:
    """Return what a place holds after a change of it, or of something in it."""
    if not rest and write.kind is WriteKind.SET and write.values:
        return evaluation.evaluate(document, write.values[0])
    return _applied(evaluation, document, value, rest, write)


def _with_entry(
    evaluation: Evaluation, document: Document, owner: ObjectValue, name: str, rest: Steps, write: Write
) -> Value:
    entry = owner.entries.get(name)
    if not rest and write.kind is WriteKind.REMOVE:
        return replace(owner, entries={key: each for key, each in owner.entries.items() if key != name})
    if not rest and write.kind is WriteKind.SET and write.values:
        value = evaluation.evaluate(document, write.values[0])
        # An assignment is no member of the literal, which an edit could take out.
        made = Entry(name, EntryKind.PAIR, document, write.node, _key(write), write.values[0], value, spread=True)
        return replace(owner, entries={**owner.entries, name: made})
    if entry is None:
        return replace(owner, complete=False)
    inner = _inside(evaluation, document, entry.value, rest, write)
    return replace(owner, entries={**owner.entries, name: replace(entry, value=inner)})


def _key(write: Write) -> Node:
    left = field(write.node, "left") or write.node
    return field(left, "property") or field(left, "index") or left


def _changed(evaluation: Evaluation, document: Document, value: Value, write: Write) -> Value:
    """Return what becomes of an object that is merged into, and of an array that is added to."""
    if write.kind is WriteKind.MERGE and isinstance(value, ObjectValue):
        parts = [value, *(evaluation.evaluate(document, each) for each in write.values)]
        merged = merged_value(evaluation, document, write.node, parts)
        if not isinstance(merged, ObjectValue):
            return merged
        own = {name: each for name, each in value.entries.items() if merged.entries[name].value is each.value}
        return replace(value, entries={**merged.entries, **own}, complete=merged.complete)
    if write.kind is WriteKind.ADD and isinstance(value, ArrayValue):
        items, complete = items_of(evaluation, document, write.values)
        return replace(value, items=(*value.items, *items), complete=value.complete and complete)
    return evaluation.weakened(value)
