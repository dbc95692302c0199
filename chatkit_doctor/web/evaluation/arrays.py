"""What the methods of arrays give for the items that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.functions import arguments_of, result
from chatkit_doctor.web.evaluation.truth import truthiness
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    FunctionValue,
    NumberValue,
    UnknownValue,
    Value,
    choice,
)
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation

# Each is evaluated on its own.
_MOST_ITEMS = 60
_MOST_CHOICES = 16


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of a method of an array; `node` is its callee."""

    evaluation: Evaluation
    document: Document
    node: Node
    source: ArrayValue
    arguments: list[Node]

    @property
    def first(self) -> Value:
        """Return the first argument."""
        if not self.arguments:
            return UnknownValue(self.document, self.node, "no argument")
        return self.evaluation.evaluate(self.document, self.arguments[0])

    def made(self, items: Iterable[Value], *, complete: bool) -> ArrayValue:
        """Return an array that the call makes."""
        return ArrayValue(self.document, self.node, tuple(items), complete)

    def part(self, items: Iterable[Value], *, complete: bool) -> ArrayValue:
        """Return an array of items of the source, which is where they are written."""
        return ArrayValue(self.source.document, self.source.node, tuple(items), complete)


def method_value(evaluation: Evaluation, document: Document, function: Node, arguments: list[Node]) -> Value | None:
    """Return what a call of an array's method gives; None for other methods, and of what is no array."""
    owner, method = field(function, "object"), field(function, "property")
    name = document.text(method) if method is not None else ""
    handler = _METHODS.get(name)
    if owner is None or handler is None:
        return None
    source = evaluation.evaluate(document, owner)
    if any(isinstance(each, ArrayValue) for each in source.alternatives):
        made = (
            handler(_Call(evaluation, document, function, each, arguments)) if isinstance(each, ArrayValue) else each
            for each in source.alternatives
        )
        return choice(source.document, source.node, tuple(made))
    # Of an array that is not known, what is made of any item is.
    unknown = ArrayValue(document, function, (UnknownValue(document, function, "an item"),), complete=False)
    return handler(_Call(evaluation, document, function, unknown, arguments)) if name in _MAPPERS else None


def mapped(evaluation: Evaluation, document: Document, node: Node, source: ArrayValue, mapper: Value) -> Value:
    """Return the array of what a function gives for each item."""
    if not isinstance(mapper, FunctionValue):
        return UnknownValue(document, node, "mapped by something unknown")
    items = [
        result(evaluation, mapper, document, node, (each, NumberValue(document, node, index), source))
        for index, each in enumerate(source.items[:_MOST_ITEMS])
    ]
    return ArrayValue(document, node, tuple(items), source.complete and len(source.items) <= _MOST_ITEMS)


def _map(call: _Call) -> Value:
    return mapped(call.evaluation, call.document, call.node, call.source, call.first)


def _flat_map(call: _Call) -> Value:
    made = _map(call)
    return _flattened(call, made) if isinstance(made, ArrayValue) else made


def _flat(call: _Call) -> Value:
    return _flattened(call, call.source)


def _flattened(call: _Call, source: ArrayValue) -> ArrayValue:
    items: list[Value] = []
    complete = source.complete
    for each in source.items:
        items += each.items if isinstance(each, ArrayValue) else (each,)
        complete &= each.complete if isinstance(each, ArrayValue) else not isinstance(each, UnknownValue)
    return call.made(items, complete=complete)


def _concat(call: _Call) -> Value:
    given, are_all = arguments_of(call.evaluation, call.document, call.arguments)
    made = [ArrayValue(call.document, call.node, call.source.items, call.source.complete and are_all)]
    for each in given:
        made = [_with_all(call, known, other) for known in made for other in each.alternatives][:_MOST_CHOICES]
    return choice(call.document, call.node, tuple(made))


def _with_all(call: _Call, known: ArrayValue, added: Value) -> ArrayValue:
    part = _flattened(call, call.made((added,), complete=True))
    return call.made((*known.items, *part.items), complete=known.complete and part.complete)


def _filter(call: _Call) -> Value:
    """Return the items that surely pass; an array without promise to be all, since others may."""
    is_boolean = bool(call.arguments) and call.document.text(call.arguments[0]) == "Boolean"
    passes = call.first
    items: list[Value] = []
    for index, each in enumerate(call.source.items):
        if is_boolean:
            kept = tuple(option for option in each.alternatives if truthiness(option) is not False)
            items += [choice(each.document, each.node, kept)] if kept else []
            continue
        given = (each, NumberValue(call.document, call.node, index), call.source)
        judged = result(call.evaluation, passes, call.document, call.node, given)
        if {truthiness(option) for option in judged.alternatives} == {True}:
            items.append(each)
    return call.part(items, complete=False)


def _slice(call: _Call) -> Value:
    values, _ = arguments_of(call.evaluation, call.document, call.arguments)
    bounds = [int(each.number) for each in values if isinstance(each, NumberValue) and each.number == int(each.number)]
    if len(bounds) != len(call.arguments) or not call.source.complete:
        return call.part(call.source.items, complete=False)
    start, end = bounds[0] if bounds else 0, bounds[1] if len(bounds) > 1 else None
    return call.part(call.source.items[start:end], complete=True)


def _reordered(call: _Call) -> Value:
    return call.part(call.source.items, complete=False)


_MAPPERS = frozenset({"map", "flatMap"})
_METHODS: dict[str, Callable[[_Call], Value]] = {
    "map": _map,
    "flatMap": _flat_map,
    "flat": _flat,
    "concat": _concat,
    "filter": _filter,
    "slice": _slice,
    **dict.fromkeys(("toSorted", "toReversed", "sort", "reverse"), _reordered),
}
