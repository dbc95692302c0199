"""How findings about options name types, values and keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from chatkit_doctor.checks.absence import severity_of_absence
from chatkit_doctor.contracts.published import NPM_PACKAGES
from chatkit_doctor.contracts.schema import (
    HOLE,
    Array,
    Function,
    Literals,
    ObjectType,
    Primitive,
    Record,
    Schema,
    Template,
)
from chatkit_doctor.contracts.web import options_schema
from chatkit_doctor.contracts.web_names import API, THEME
from chatkit_doctor.finding import SeenAs, Severity
from chatkit_doctor.frontend.options.schema import ITEM, OptionProblem, members_of
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import ObjectValue, Value
from chatkit_doctor.words import joined, shortened

_REFUSED = "so ChatKit refuses the options and draws nothing"
_REFUSED_WITH_IT = "so with it ChatKit refuses the options and draws nothing"
_MANY = 10
# Options that are one of several types, a text or one of two kinds of object.
_OF_SEVERAL_SHAPES = frozenset({API, THEME})
_MAX_DEPTH = 6
_PRIMITIVES = {"string": "a string", "number": "a number", "boolean": "true or false"}


def severity(app: App, path: Path) -> Severity | None:
    """Return warning where an app's release is newer than the known ones, None for the rule's own severity."""
    return severity_of_absence(app, path, *NPM_PACKAGES)


def refused(problem: OptionProblem | None) -> str:
    """Return what becomes of options with a problem, which under a condition they may not have."""
    return _REFUSED_WITH_IT if problem is not None and problem.is_conditional else _REFUSED


def described(schema: Schema) -> str:
    """Return a type in words: `'light' or 'dark'`, `an object with text and highContrast`."""
    return " or ".join(dict.fromkeys(filter(None, map(_member, members_of(schema)))))


def written(value: Value) -> str:
    """Return a value as the file has it, cut where it is long."""
    return shortened(value.location.text)


def label_of(problem: OptionProblem | None, label: str) -> str:
    """Return a label for the place of a problem: the given one, or that the data there is shared."""
    shared = problem.shared if problem is not None else None
    if shared is None:
        return label
    times = f", {shared.count} times in it" if shared.count > 1 else ""
    return f"{label}{times}; other code reads this data too"


def help_of(problem: OptionProblem | None, told: str) -> str:
    """Return what to do: the given text, or to map the data where other code reads it too."""
    if problem is None or problem.shared is None:
        return told
    return f"hand ChatKit a copy of {shortened(problem.shared.text)} in its own shape, since other code reads it too"


def unknown_key_seen_as(problem: OptionProblem) -> SeenAs:
    """Return what ChatKit says of a key that it does not know: the key by name where the object has no other of them.

    What it says of a key in one of several shapes, such as those of `theme`, is not known.
    """
    above, owner = problem.path[:-1], problem.value
    if len(above) > 0 and above[0] in _OF_SEVERAL_SHAPES:
        return SeenAs("refused")
    others = set(owner.entries).difference(problem.known_keys) if isinstance(owner, ObjectValue) else {problem.name}
    return SeenAs("key", {"key": problem.name}) if others <= {problem.name} else SeenAs("refused")


def needed(schema: Schema) -> str:
    """Return what to write for a type: of objects the keys they cannot do without, of many values the first."""
    return " or ".join(dict.fromkeys(filter(None, map(_needed, members_of(schema)))))


def few(values: Sequence[str], last: str = "or") -> str:
    """Return a few values as code in a sentence."""
    return joined([repr(each) for each in values], last)


def texts_of(schema: Schema) -> list[str]:
    """Return the texts that a type lists as its values."""
    literals = (each for member in members_of(schema) if isinstance(member, Literals) for each in member.values)
    return [each for each in literals if isinstance(each, str)]


def is_long(schema: Schema) -> bool:
    """Return whether a type lists more values than a sentence holds."""
    return len(texts_of(schema)) > _MANY


def other_homes(name: str) -> Iterator[str]:
    """Yield the places of the options that do have a key of a name, as paths."""
    yield from (".".join(path) for path in _paths_by_name().get(name, ()))


def keys_of(schemas: Sequence[ObjectType]) -> str:
    """Return the keys of objects as a list."""
    return joined(dict.fromkeys(key for schema in schemas for key in schema.keys))


@cache
def _paths_by_name() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for path in _paths(options_schema(), ()):
        found.setdefault(path[-1], []).append(path)
    return found


def _paths(schema: Schema, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if len(path) > _MAX_DEPTH:
        return
    for member in members_of(schema):
        if isinstance(member, Array):
            yield from _paths(member.element, (*path[:-1], f"{path[-1]}{ITEM}"))
        if not isinstance(member, ObjectType):
            continue
        for key, found in member.keys.items():
            yield (*path, key)
            yield from _paths(found.type, (*path, key))


def _member(schema: Schema) -> str:
    match schema:
        case Primitive(name=name):
            return _PRIMITIVES.get(name, name)
        case Literals():
            return _literals(schema)
        case Template(pattern=pattern):
            return f"{pattern.replace(HOLE, '…')}"
        case Array(element=element):
            return f"an array, each item {described(element)}" if isinstance(element, Primitive) else "an array"
        case ObjectType():
            return f"an object with {keys_of((schema,))}"
    return {Record: "an object", Function: "a function"}.get(type(schema), "")


def _needed(schema: Schema) -> str:
    match schema:
        case ObjectType(required=names) if names:
            return f"{{ {', '.join(names)} }}"
        case Literals(values=values) if len(values) > _MANY:
            return f"such as {values[0]!r}"
        case Template():
            return ""
    return _member(schema)


def _literals(schema: Literals) -> str:
    values = schema.values
    if all(isinstance(each, int) for each in values) and len(values) > 2:
        return f"a whole number from {min(values)} to {max(values)}"
    if len(values) > _MANY:
        return f"one of {len(values)} names"
    return joined([repr(each) for each in values], "or")
