"""Types of the web options, as a tree that a check can walk beside an object literal."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

HOLE = "${string}"


@dataclass(frozen=True, slots=True)
class Primitive:
    """`string`, `number`, `boolean`, `null` or `undefined`."""

    name: str


@dataclass(frozen=True, slots=True)
class Literals:
    """One of some strings, numbers or booleans. `name`: of the type that lists them, if it has one."""

    values: tuple[str | int | float | bool, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A string of a form, such as `lucide:${string}`."""

    pattern: str

    def matches(self, value: str) -> bool:
        """Return whether a string has the form."""
        start, _, end = self.pattern.partition(HOLE)
        return len(value) >= len(start) + len(end) and value.startswith(start) and value.endswith(end)


@dataclass(frozen=True, slots=True)
class Array:
    """A list of one kind of element."""

    element: Schema


@dataclass(frozen=True, slots=True)
class Record:
    """An object with any keys and one kind of value."""

    value: Schema


@dataclass(frozen=True, slots=True)
class Function:
    """A function, with the names of its parameters."""

    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Union:
    """One of several types, which are themselves no unions. `name`: of the union, if it has one."""

    members: tuple[Schema, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A type that options do not hold as a literal, by its text."""

    text: str


@dataclass(frozen=True)
class ObjectType:
    """An object with known keys. `name`: of the type, or its place in one: `HeaderOption.title`."""

    name: str
    keys: Mapping[str, Key] = field(hash=False)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Return the names of the keys that must be there."""
        return tuple(name for name, key in self.keys.items() if key.required)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an object. first, last: since which release it exists, and until which; last None if it still does."""

    type: Schema
    required: bool
    first: str
    last: str | None


Schema = Primitive | Literals | Template | Array | Record | Function | Union | Unknown | ObjectType
