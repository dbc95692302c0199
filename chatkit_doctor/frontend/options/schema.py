"""Compares an option's value with the type that ChatKit gives it: what is unknown, missing or wrong in it.

What the evaluation could not tell is taken to be right, and an object that may have more keys lacks none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.schema import Array, Literals, ObjectType, Record, Schema, Union, Unknown
from chatkit_doctor.frontend.options.branches import HandedOver, counting
from chatkit_doctor.frontend.options.values import accepts
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.truth import truthiness
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    Entry,
    EnvironmentValue,
    ObjectValue,
    TemplateValue,
    UndefinedValue,
    Value,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document

OptionPath = tuple[str, ...]
ITEM = "[]"


class Fault(StrEnum):
    """What can be wrong. MIXED and SHAPELESS are of a union: keys of two of its objects, keys of none."""

    UNKNOWN = "unknown key"
    MISSING = "missing key"
    WRONG = "wrong value"
    MIXED = "mixed shapes"
    SHAPELESS = "no shape"


@dataclass(frozen=True, slots=True)
class Shared:
    """Data that options take in and others read too, so that it is not the data that is wrong.

    at: where the options take it in.
    text: the data as it is written there.
    count: how often the same problem is in it.
    """

    at: Location
    text: str
    count: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class OptionProblem:
    """One thing that is wrong.

    path: the names of the keys down to it, `[]` for an item of an array; the key itself for UNKNOWN and MISSING.
    value: the wrong value; for an unknown or missing key the object that has or lacks it.
    schema: the type of that value.
    entry: what has the unknown key, or holds the value; None for an item of an array and at the top.
    required: whether a wrong value is one that must be there.
    trail: what holds it, from the options on: the entries of the objects around it.
    shared: of one in data that others read too, where the options take the data in.
    """

    fault: Fault
    path: OptionPath
    value: Value
    schema: Schema
    entry: Entry | None = None
    required: bool = False
    trail: tuple[Entry, ...] = ()
    shared: Shared | None = None

    @property
    def written_at(self) -> tuple[Document, Node]:
        """Return where the problem is written: an unknown key, else the value."""
        if self.fault is Fault.UNKNOWN and self.entry is not None:
            return self.entry.document, self.entry.key
        return self.value.document, self.value.node

    @property
    def name(self) -> str:
        """Return the key that it is about."""
        return next((each for each in reversed(self.path) if each != ITEM), "")

    @property
    def is_conditional(self) -> bool:
        """Return whether a condition decides, as the program runs, if the options have the problem."""
        around = self.trail if self.entry is None or self.entry in self.trail else (*self.trail, self.entry)
        return any(entry.optional or len(entry.value.alternatives) > 1 for entry in around)

    @property
    def place(self) -> str:
        """Return the path as people write it: `composer.tools[].icon`."""
        return written_path(self.path)

    @property
    def above(self) -> str:
        """Return the path of what has or lacks the key; "" for the options themselves."""
        return written_path(self.path[:-1])

    @property
    def known_keys(self) -> tuple[str, ...]:
        """Return the keys that ChatKit knows at an unknown key's place."""
        return tuple(key for shape in objects_of(self.schema) for key in shape.keys)

    @property
    def free_keys(self) -> list[str]:
        """Return those of them that are not written there."""
        taken = self.value.entries if isinstance(self.value, ObjectValue) else {}
        return [key for key in self.known_keys if key not in taken]


def fits_key(problem: OptionProblem, name: str) -> bool:
    """Return whether what an unknown key holds may stand under another name; all may where none of the schema is it."""
    types = [shape.keys[name].type for shape in objects_of(problem.schema) if name in shape.keys]
    held = problem.entry.value if problem.entry is not None else None
    return not types or (held is not None and any(not list(problems(held, each)) for each in types))


@dataclass(frozen=True, slots=True)
class _Holder:
    """Where a value stands: the path to it, what holds it, and whether it must be there."""

    path: OptionPath = ()
    entry: Entry | None = None
    required: bool = True
    inside: ObjectValue | ArrayValue | None = None
    trail: tuple[Entry, ...] = ()
    uses: tuple[HandedOver, ...] = ()

    @property
    def places(self) -> Iterator[tuple[Document, Node]]:
        """Yield the nodes within which a value is written in place."""
        if self.entry is not None:
            yield self.entry.document, self.entry.value_node
        if self.inside is not None:
            yield self.inside.document, self.inside.node

    def key(self, name: str, entry: Entry, inside: ObjectValue, *, required: bool = False) -> _Holder:
        """Return where the value of a key of an object that stands here stands."""
        return _Holder((*self.path, name), entry, required, inside, (*self.trail, entry), self.uses)

    def item(self, inside: ArrayValue) -> _Holder:
        """Return where an item of an array that stands here stands."""
        return _Holder((*self.path, ITEM), None, required=True, inside=inside, trail=self.trail, uses=self.uses)


def problems(
    value: Value, schema: Schema, path: OptionPath = (), uses: Iterable[HandedOver] = ()
) -> Iterator[OptionProblem]:
    """Yield all that is wrong with a value of a type, outside in; each part that it can be is looked at.

    uses: where the value is handed over, for the guards that stand before.
    """
    yield from _value_problems(value, schema, _Holder(path, uses=tuple(uses)))


def key_problems(owner: ObjectValue, name: str, schema: Schema, uses: Iterable[HandedOver]) -> Iterator[OptionProblem]:
    """Yield all that is wrong with what an object at the top holds under a name, which it has."""
    entry = owner.entries[name]
    yield from _value_problems(entry.value, schema, _Holder(uses=tuple(uses)).key(name, entry, owner))


def faulty(value: Value, schema: Schema, uses: Iterable[HandedOver]) -> list[Value]:
    """Return those of the values that something can be that are wrong and that no guard can have shut out."""
    holder = _Holder(uses=tuple(uses))
    found = {each: bool(list(_alternative_problems(each, value, schema, holder))) for each in value.alternatives}
    wrong = [each for each, is_wrong in found.items() if is_wrong]
    fitting = [each for each, is_wrong in found.items() if not is_wrong and truthiness(each) is not False]
    return counting(wrong, fitting, value, [use[-1] for use in holder.uses], holder.uses)


def written_path(path: OptionPath) -> str:
    """Return a path as people write it: `composer.tools[].icon`."""
    return ".".join(path).replace(f".{ITEM}", ITEM)


def objects_of(schema: Schema) -> tuple[ObjectType, ...]:
    """Return the objects with known keys that a type allows."""
    return tuple(each for each in members_of(schema) if isinstance(each, ObjectType))


def members_of(schema: Schema) -> tuple[Schema, ...]:
    """Return the types that a type is one of."""
    return schema.members if isinstance(schema, Union) else (schema,)


def _value_problems(value: Value, schema: Schema, holder: _Holder) -> Iterator[OptionProblem]:
    if any(isinstance(member, Unknown) for member in members_of(schema)):
        return
    found = {each: list(_alternative_problems(each, value, schema, holder)) for each in value.alternatives}
    wrong = [each for each in value.alternatives if found[each]]
    fitting = [each for each in value.alternatives if not found[each] and _may_fit(each, schema)]
    for each in counting(wrong, fitting, value, holder.places, holder.uses) if wrong else ():
        yield from found[each]


def _alternative_problems(value: Value, whole: Value, schema: Schema, holder: _Holder) -> Iterator[OptionProblem]:
    """Yield what is wrong with one of the values that something can be."""
    if _is_refused(value, whole, schema, holder):
        yield _wrong(value, schema, holder)
    elif isinstance(value, ObjectValue):
        yield from _object_problems(value, schema, holder)
    elif isinstance(value, ArrayValue):
        yield from _array_problems(value, schema, holder)


def _is_refused(value: Value, whole: Value, schema: Schema, holder: _Holder) -> bool:
    """Return whether a value is of a kind that the type does not take, whatever is in it."""
    members = members_of(schema)
    if isinstance(value, UndefinedValue):
        # Of several values one may be undefined where it is never used, so only a sure one counts.
        return holder.required and value is whole
    if isinstance(value, ObjectValue):
        return not any(isinstance(member, ObjectType | Record) for member in members)
    if isinstance(value, ArrayValue):
        return not any(isinstance(member, Array) for member in members)
    return not any(accepts(member, value) for member in members)


def _may_fit(value: Value, schema: Schema) -> bool:
    """Return whether a value that is not refused may be right: a variable of the environment only where text is."""
    if not isinstance(value, EnvironmentValue):
        return True
    any_text = TemplateValue(value.document, value.node, prefix="", suffix="")
    return any(accepts(member, any_text) for member in members_of(schema))


def _wrong(value: Value, schema: Schema, holder: _Holder) -> OptionProblem:
    return OptionProblem(Fault.WRONG, holder.path, value, schema, holder.entry, holder.required, holder.trail)


def _array_problems(value: ArrayValue, schema: Schema, holder: _Holder) -> Iterator[OptionProblem]:
    array = next((member for member in members_of(schema) if isinstance(member, Array)), None)
    if array is None:
        return
    for item in value.items:
        yield from _value_problems(item, array.element, holder.item(value))


def _object_problems(value: ObjectValue, schema: Schema, holder: _Holder) -> Iterator[OptionProblem]:
    shapes = objects_of(schema)
    record = next((member for member in members_of(schema) if isinstance(member, Record)), None)
    if len(shapes) == 1:
        yield from _shape_problems(value, shapes[0], holder)
    elif shapes:
        yield from _union_problems(value, shapes, schema, holder)
    elif record is not None:
        for name, entry in value.entries.items():
            inner = holder.key(name, entry, value)
            yield from _value_problems(entry.value, record.value, inner)


def _shape_problems(value: ObjectValue, shape: ObjectType, holder: _Holder) -> Iterator[OptionProblem]:
    yield from _unknown_keys(value, (shape,), shape, holder)
    for name, key in shape.keys.items():
        entry = value.entries.get(name)
        if entry is not None:
            inner = holder.key(name, entry, value, required=key.required)
            yield from _value_problems(entry.value, key.type, inner)
        elif key.required and value.complete:
            yield _missing(value, name, shape, holder)


def _missing(value: ObjectValue, name: str, schema: Schema, holder: _Holder) -> OptionProblem:
    return OptionProblem(Fault.MISSING, (*holder.path, name), value, schema, holder.entry, trail=holder.trail)


def _unknown_keys(
    value: ObjectValue, shapes: tuple[ObjectType, ...], schema: Schema, holder: _Holder
) -> Iterator[OptionProblem]:
    known = {name for shape in shapes for name in shape.keys}
    for name, entry in value.entries.items():
        if name not in known:
            yield OptionProblem(Fault.UNKNOWN, (*holder.path, name), value, schema, entry, trail=holder.trail)


def _union_problems(
    value: ObjectValue, shapes: tuple[ObjectType, ...], schema: Schema, holder: _Holder
) -> Iterator[OptionProblem]:
    """Yield what is wrong with an object that must be one of several: told apart by a literal, or by their keys."""
    told_by = _discriminant(shapes)
    if told_by is None:
        yield from _keyed_problems(value, shapes, schema, holder)
        return
    entry = value.entries.get(told_by)
    if entry is None:
        if value.complete:
            yield _missing(value, told_by, schema, holder)
        yield from _unknown_keys(value, shapes, schema, holder)
        return
    fitting = tuple(shape for shape in shapes if _fits(entry.value, shape.keys[told_by].type))
    if len(fitting) == 1:
        yield from _shape_problems(value, fitting[0], holder)
        return
    if not fitting:
        inner = holder.key(told_by, entry, value, required=True)
        yield from _value_problems(entry.value, _any_of(shapes, told_by), inner)
    yield from _unknown_keys(value, fitting or shapes, schema, holder)


def _discriminant(shapes: tuple[ObjectType, ...]) -> str | None:
    """Return the required key with another literal in each of some objects."""
    common = (name for name in shapes[0].required if all(name in shape.required for shape in shapes))
    return next((name for name in common if all(isinstance(s.keys[name].type, Literals) for s in shapes)), None)


def _fits(value: Value, schema: Schema) -> bool:
    return any(accepts(schema, each) for each in value.alternatives)


def _any_of(shapes: tuple[ObjectType, ...], name: str) -> Schema:
    types = [shape.keys[name].type for shape in shapes]
    return Literals(tuple(literal for each in types if isinstance(each, Literals) for literal in each.values))


def _keyed_problems(
    value: ObjectValue, shapes: tuple[ObjectType, ...], schema: Schema, holder: _Holder
) -> Iterator[OptionProblem]:
    possible = tuple(shape for shape in shapes if value.entries.keys() & shape.keys.keys())
    # Where each shape is there under a condition only, the conditions may exclude each other.
    is_sure = any(
        name in shape.keys and not entry.optional for name, entry in value.entries.items() for shape in shapes
    )
    if len(possible) > 1 and is_sure:
        yield OptionProblem(Fault.MIXED, holder.path, value, schema, holder.entry, trail=holder.trail)
    elif len(possible) == 1:
        yield from _shape_problems(value, possible[0], holder)
        return
    elif not possible and value.complete:
        yield OptionProblem(Fault.SHAPELESS, holder.path, value, schema, holder.entry, trail=holder.trail)
        return
    yield from _unknown_keys(value, shapes, schema, holder)
    yield from _values_of_known_keys(value, shapes, holder)


def _values_of_known_keys(
    value: ObjectValue, shapes: tuple[ObjectType, ...], holder: _Holder
) -> Iterator[OptionProblem]:
    for shape in shapes:
        for name, entry in value.entries.items():
            if name not in shape.keys:
                continue
            inner = holder.key(name, entry, value)
            yield from _value_problems(entry.value, shape.keys[name].type, inner)
