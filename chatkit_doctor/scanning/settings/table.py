"""The table of a settings file that holds the settings: its values with their places, and their shapes checked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.settings.model import SettingsError
from chatkit_doctor.words import the_nearest

if TYPE_CHECKING:
    from chatkit_doctor.project.manifests.spans import PlacedValues

SettingPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The settings in a document.

    keys: where the table is in it, () for the whole. Paths given to methods begin behind that.
    """

    document: PlacedValues
    keys: tuple[str, ...]

    def values(self) -> dict[str, Any]:
        """Return the table's values in the order of the file. Raises SettingsError for what is no table."""
        value: Any = self.document.values
        for part in self.keys:
            value = value[part]
        if not isinstance(value, dict):
            raise self.error((), f"{'.'.join(self.keys)} is {kind(value)}, and must be a table")
        return value

    def strings(self, path: SettingPath, value: Any, example: str) -> tuple[str, ...]:
        """Return a list of strings, none empty. Raises SettingsError."""
        wanted = f"and must be a list of strings, such as {dotted(path[-1:])} = [{quoted(example)}]"
        if not isinstance(value, list):
            raise self.error(path, f"{dotted(path)} is {kind(value)}, {wanted}")
        for index, each in enumerate(value):
            if not isinstance(each, str):
                raise self.error((*path, index), f"{dotted(path)} holds {kind(each)}, {wanted}")
            if not each:
                raise self.error((*path, index), f"{dotted(path)} holds an empty string")
        return tuple(value)

    def entries(self, name: str, value: Any, example: str) -> dict[str, Any]:
        """Return the table that a key must be. Raises SettingsError."""
        if not isinstance(value, dict):
            raise self.error((name,), f"{name} is {kind(value)}, and must be a table with entries such as {example}")
        return value

    def error(self, path: SettingPath, reason: str) -> SettingsError:
        """Return an error about the value at a path."""
        at = self.document.string_at((*self.keys, *path))
        return SettingsError(self.document.source.path, reason, at.first.line)

    def lines(self) -> dict[tuple[str, ...], int]:
        """Return the lines of the keys, and of the keys of the tables in them."""
        depth = len(self.keys)
        return {
            tuple(map(str, path[depth:])): self.document.source.position(start).line
            for path, (start, _) in self.document.places.keys.items()
            if path[:depth] == self.keys and len(path) > depth
        }


def kind(value: Any) -> str:
    """Return what TOML calls a value."""
    return next((name for types, name in _KINDS if isinstance(value, types)), "a date or a time")


def quoted(text: str) -> str:
    """Return a string as TOML writes it, cut where it is long."""
    return json.dumps(text if len(text) <= _LONGEST else text[:_LONGEST] + "…", ensure_ascii=False)


def dotted(path: SettingPath) -> str:
    """Return a path of keys as TOML writes it."""
    parts = (str(part) for part in path if isinstance(part, str))
    return ".".join(part if is_bare(part) and len(part) <= _LONGEST else quoted(part) for part in parts)


def nearest_of(given: str, known: Iterable[str], what: str) -> str:
    """Return the clause that names the nearest of a few known words, or all of them where none is near."""
    known = list(known)
    return the_nearest(given, known) or f"the {what} are {', '.join(known)}"


def is_bare(key: str) -> bool:
    """Return whether TOML takes a key without quotes."""
    return _BARE.fullmatch(key) is not None


_BARE = regex(r"[A-Za-z0-9_-]+")
_LONGEST = 80
_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "a boolean"),
    (str, "a string"),
    ((int, float), "a number"),
    (list, "a list"),
    (dict, "a table"),
)
