"""Evaluation of object and array literals and enums: spreads merged in order, conditions kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.records import replace
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    BooleanValue,
    Choice,
    Entry,
    EntryKind,
    FalsyValue,
    FunctionValue,
    NullValue,
    NumberValue,
    ObjectValue,
    RefValue,
    StringValue,
    UndefinedValue,
    UnknownValue,
    Value,
    choice,
)
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field, first_of, returned_nodes, without_comments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation

_NOTHING_TO_SPREAD = (NullValue, UndefinedValue, FalsyValue, BooleanValue, NumberValue)


class Merge:
    """An object in the making: entries in order, later ones over earlier ones."""

    def __init__(self, weakened: Callable[[Value], Value]) -> None:
        self._weakened = weakened
        self.entries: dict[str, Entry] = {}
        self.complete = True

    def put(self, entry: Entry) -> None:
        """Take in an entry, over an earlier one of its name."""
        earlier = self.entries.get(entry.name)
        if earlier is not None and entry.optional:
            value = choice(entry.document, entry.node, (earlier.value, entry.value))
            entry = replace(entry, value=value, optional=earlier.optional)
        self.entries[entry.name] = entry

    def spread(self, value: Value, document: Document, node: Node) -> None:
        """Take in all entries of a value; one that is not known may replace everything written before it."""
        alternatives = [each for each in value.alternatives if isinstance(each, ObjectValue)]
        empty = [each for each in value.alternatives if isinstance(each, _NOTHING_TO_SPREAD)]
        unknown = len(alternatives) + len(empty) < len(value.alternatives)
        if unknown or not all(each.complete for each in alternatives):
            self.complete = False
            self.entries = {name: self._replaceable(entry, document, node) for name, entry in self.entries.items()}
        for name in dict.fromkeys(name for each in alternatives for name in each.entries):
            found = [each.entries[name] for each in alternatives if name in each.entries]
            sure = len(found) == len(value.alternatives) and not any(each.optional for each in found)
            merged = choice(document, node, tuple(each.value for each in found))
            self.put(replace(found[0], value=merged, optional=not sure, spread=True))

    def _replaceable(self, entry: Entry, document: Document, node: Node) -> Entry:
        if any(isinstance(each, UnknownValue) for each in entry.value.alternatives):
            return entry
        other = UnknownValue(document, node, "replaced by a later spread")
        return replace(entry, value=choice(entry.document, entry.node, (self._weakened(entry.value), other)))


def object_value(evaluation: Evaluation, document: Document, node: Node) -> Value:
    """Return the value of an object literal."""
    merge = Merge(evaluation.weakened)
    for member in without_comments(node):
        if member.type == "spread_element":
            inner = without_comments(member)
            value = evaluation.evaluate(document, inner[0]) if inner else UnknownValue(document, member, "incomplete")
            merge.spread(value, document, member)
        elif (entry := _entry(evaluation, document, member)) is not None:
            merge.put(entry)
        elif not _is_setter(member):
            merge.complete = False
    return ObjectValue(document, node, merge.entries, merge.complete)


def merged_value(evaluation: Evaluation, document: Document, node: Node, parts: Iterable[Value]) -> Value:
    """Return the object that `Object.assign` makes of its arguments."""
    merge = Merge(evaluation.weakened)
    for part in parts:
        merge.spread(part, document, node)
    return ObjectValue(document, node, merge.entries, merge.complete)


def array_value(evaluation: Evaluation, document: Document, node: Node) -> Value:
    """Return the value of an array literal; one that spreads an array that can be several can be several itself."""
    members = without_comments(node)
    is_whole = not any(child.is_error for child in node.children)
    only = without_comments(members[0]) if len(members) == 1 and members[0].type == "spread_element" else []
    spread = evaluation.evaluate(document, only[0]) if only else None
    if spread is not None and len(spread.alternatives) > 1:
        made = (
            ArrayValue(document, node, each.items, each.complete) if isinstance(each, ArrayValue) else each
            for each in spread.alternatives
        )
        return choice(spread.document, spread.node, tuple(made))
    items, complete = items_of(evaluation, document, members)
    return ArrayValue(document, node, items, complete and is_whole)


def items_of(evaluation: Evaluation, document: Document, members: Iterable[Node]) -> tuple[tuple[Value, ...], bool]:
    """Return the items that the members of an array, or arguments, stand for, and whether these are all."""
    items: list[Value] = []
    complete = True
    for member in members:
        if member.type != "spread_element":
            items.append(evaluation.evaluate(document, member))
            continue
        inner = without_comments(member)
        spread = evaluation.evaluate(document, inner[0]) if inner else UnknownValue(document, member, "incomplete")
        for each in spread.alternatives:
            items.extend(each.items if isinstance(each, ArrayValue) else ())
        complete &= isinstance(spread, ArrayValue) and spread.complete
    return tuple(items), complete


def enum_value(evaluation: Evaluation, document: Document, node: Node) -> Value:
    """Return a TypeScript enum as an object of its members."""
    body = field(node, "body")
    entries: dict[str, Entry] = {}
    for member in without_comments(body) if body is not None else ():
        key = field(member, "name") or member
        initial = field(member, "value")
        name = key_text(document, key)
        if name is not None:
            unset = UnknownValue(document, member, "numbered by its place")
            value = evaluation.evaluate(document, initial) if initial is not None else unset
            entries[name] = Entry(name, EntryKind.PAIR, document, member, key, initial or member, value)
    return ObjectValue(document, node, entries)


def entry_value(owner: ObjectValue, name: str, document: Document, node: Node) -> Value:
    """Return what an object holds under a name."""
    entry = owner.entries.get(name)
    if entry is None:
        missing = UndefinedValue(document, node)
        return missing if owner.complete else UnknownValue(document, node, "member of an incomplete object")
    if not entry.optional:
        return entry.value
    return choice(document, node, (entry.value, UndefinedValue(document, node)))


def rest_value(value: Value, taken: frozenset[str], document: Document, node: Node) -> Value:
    """Return what is left of an object without some names."""
    left: list[Value] = []
    for each in value.alternatives:
        if isinstance(each, ObjectValue):
            entries = {name: entry for name, entry in each.entries.items() if name not in taken}
            left.append(replace(each, entries=entries))
        else:
            left.append(UnknownValue(document, node, "rest of something unknown"))
    return choice(document, node, tuple(left))


class Weakener:
    """Makes the values that are known when some of a value may have been changed since.

    It keeps what it made: values share parts, and a part that is reached on many ways must not be copied for each.
    """

    def __init__(self) -> None:
        self._made: dict[Value, Value] = {}

    def __call__(self, value: Value) -> Value:
        """Return a value without any promise of completeness in it."""
        if value not in self._made:
            made = self._weakened(value)
            self._made[value] = made
            self._made[made] = made
        return self._made[value]

    def _weakened(self, value: Value) -> Value:
        match value:
            case ObjectValue():
                entries = {name: replace(entry, value=self(entry.value)) for name, entry in value.entries.items()}
                return replace(value, entries=entries, complete=False)
            case ArrayValue():
                return replace(value, items=tuple(map(self, value.items)), complete=False)
            case Choice():
                options = tuple(map(self, value.options))
                return replace(value, options=options, direct=frozenset(map(self, value.direct)))
            case RefValue():
                return replace(value, inner=self(value.inner))
        return value


def _entry(evaluation: Evaluation, document: Document, member: Node) -> Entry | None:
    match member.type:
        case "pair":
            key, value = field(member, "key"), field(member, "value")
            name = _key_name(evaluation, document, key) if key is not None else None
            if key is None or value is None or name is None:
                return None
            known = evaluation.evaluate(document, value)
            return Entry(name, EntryKind.PAIR, document, member, key, value, known)
        case "shorthand_property_identifier":
            known = evaluation.evaluate(document, member)
            return Entry(document.text(member), EntryKind.SHORTHAND, document, member, member, member, known)
        case "method_definition":
            return _method_entry(evaluation, document, member)
    return None


def _method_entry(evaluation: Evaluation, document: Document, member: Node) -> Entry | None:
    key = field(member, "name")
    name = _key_name(evaluation, document, key) if key is not None else None
    if key is None or name is None or _is_setter(member):
        return None
    if not any(child.type == "get" for child in member.children):
        return Entry(name, EntryKind.METHOD, document, member, key, member, FunctionValue(document, member))
    results = tuple(evaluation.evaluate(document, each) for each in returned_nodes(member))
    known = choice(document, member, results) if results else UnknownValue(document, member, "getter")
    return Entry(name, EntryKind.GETTER, document, member, key, member, known)


def _key_name(evaluation: Evaluation, document: Document, key: Node) -> str | None:
    if (plain := key_text(document, key)) is not None or key.type != "computed_property_name":
        return plain
    inner = first_of(key, "identifier", "member_expression", "template_string")
    value = evaluation.evaluate(document, inner) if inner is not None else None
    return value.text if isinstance(value, StringValue) else None


def _is_setter(member: Node) -> bool:
    return member.type == "method_definition" and any(child.type == "set" for child in member.children)
