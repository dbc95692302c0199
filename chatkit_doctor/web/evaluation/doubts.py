"""What is known of a variable that code may change before it is used, and may not: under a condition, or elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.records import replace
from chatkit_doctor.web.evaluation.composites import merged_value
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    Choice,
    FunctionValue,
    ObjectValue,
    RefValue,
    UnknownValue,
    Value,
    choice,
)
from chatkit_doctor.web.scopes import ScopedKind, lookup, parameters_of
from chatkit_doctor.web.tree import field, without_comments
from chatkit_doctor.web.writes import Steps, Write, WriteKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation
    from chatkit_doctor.web.scopes import ScopedName

# Functions of packages that change what they are given first.
_CHANGERS = frozenset({"merge", "assign", "assignIn", "extend", "defaults", "defaultsDeep", "set", "unset", "update"})
_UNFOLLOWED = "may be changed"


def doubted(
    evaluation: Evaluation, document: Document, binding: ScopedName, value: Value | None, unsure: Sequence[Write]
) -> Value:
    """Return what a variable can hold that changes may have been made to; value: None where it is declared empty."""
    can_be = [value] if value is not None else []
    for write in unsure:
        if write.is_of_name:
            is_plain = write.kind is WriteKind.SET and write.values
            unknown = UnknownValue(document, binding.node, "assigned to later")
            can_be.append(evaluation.evaluate(document, write.values[0]) if is_plain else unknown)
    if not can_be:
        return UnknownValue(document, binding.node, "declared without a value")
    whole = choice(document, binding.node, tuple(can_be))
    of_members = [write for write in unsure if not write.is_of_name]
    return without(evaluation, whole, of_members) if of_members else whole


def changed_by_functions(evaluation: Evaluation, document: Document, binding: ScopedName, value: Value) -> Value:
    """Return what is known of a variable's object or array after the functions that it is handed to."""
    if not isinstance(value, ObjectValue | ArrayValue):
        return value
    changes: list[Write] = []
    for function, index, argument in document.derive(_handed_over).get(binding, ()):
        changes += _changes_by(evaluation, document, function, index, argument)
    return without(evaluation, value, changes) if changes else value


def without(evaluation: Evaluation, value: Value, changes: Sequence[Write]) -> Value:
    """Return a value without what its members held that changes set, which may be anything, and take away."""
    value = evaluation.weakened(value)
    for write in changes:
        if write.path:
            value = _forgotten(value, write.path, is_removal=write.kind is WriteKind.REMOVE)
        elif write.kind is WriteKind.MERGE and isinstance(value, ObjectValue):
            unknown = UnknownValue(value.document, value.node, _UNFOLLOWED)
            merged = merged_value(evaluation, value.document, value.node, (value, unknown))
            value = merged if isinstance(merged, ObjectValue) else value
    return value


def _forgotten(value: Value, path: Steps, *, is_removal: bool) -> Value:
    if not path:
        return UnknownValue(value.document, value.node, _UNFOLLOWED)
    step, rest = path[0], path[1:]
    match value:
        case Choice():
            options = tuple(_forgotten(each, path, is_removal=is_removal) for each in value.options)
            return replace(value, options=options)
        case RefValue() if step == value.step:
            return replace(value, inner=_forgotten(value.inner, rest, is_removal=is_removal))
        case ObjectValue() if (entry := value.entries.get(str(step))) is not None:
            others = {name: each for name, each in value.entries.items() if each is not entry}
            if is_removal and not rest:
                return replace(value, entries=others)
            inner = _forgotten(entry.value, rest, is_removal=is_removal)
            return replace(value, entries={**value.entries, entry.name: replace(entry, value=inner)})
        case ArrayValue(items=items) if isinstance(step, int) and step < len(items):
            inner = _forgotten(items[step], rest, is_removal=is_removal)
            return replace(value, items=(*items[:step], inner, *items[step + 1 :]))
    return value


def _handed_over(document: Document) -> dict[ScopedName, list[tuple[Node, int, Node]]]:
    """Return the calls that a variable is handed to as it is: callee, place among the arguments, identifier."""
    found: dict[ScopedName, list[tuple[Node, int, Node]]] = {}
    for call in document.find("call_expression"):
        function, arguments = field(call, "function"), field(call, "arguments")
        for index, argument in enumerate(without_comments(arguments) if arguments is not None else ()):
            if function is None or argument.type != "identifier":
                continue
            if (binding := lookup(document, argument)) is not None:
                found.setdefault(binding, []).append((function, index, argument))
    return found


def _changes_by(
    evaluation: Evaluation, document: Document, function: Node, index: int, argument: Node
) -> Iterator[Write]:
    """Yield the changes that a function makes, or may make, in what it is given."""
    root = field(function, "object") or function
    binding = lookup(document, root) if root.type == "identifier" else None
    if binding is None or (binding.kind is ScopedKind.IMPORT and function.type == "member_expression"):
        called = document.text(field(function, "property") or function)
        if called in _CHANGERS and index == 0 and document.text(root) != "Object":
            yield Write(WriteKind.MERGE, argument, (), function)
        return
    if binding.kind is ScopedKind.PARAMETER:
        return
    value = evaluation.evaluate(document, function)
    if isinstance(value, UnknownValue) and binding.kind is ScopedKind.IMPORT:
        if binding.imported is not None and binding.imported.imported in _CHANGERS and index == 0:
            yield Write(WriteKind.MERGE, argument, (), function)
        return
    parameters = parameters_of(value.node) if isinstance(value, FunctionValue) else []
    if index < len(parameters):
        name = parameters[index]
        inner = lookup(value.document, name) if name.type == "identifier" else None
        yield from (write for write in (inner.writes if inner is not None else ()) if not write.is_of_name)
