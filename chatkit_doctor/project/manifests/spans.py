"""A parsed file with the places of its keys and strings, which the parsers of TOML and JSON do not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatkit_doctor.project.manifests.model import ManifestError
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatkit_doctor.source import Location, Source

KeyPath = tuple[str | int, ...]
ENDLESS_NUMBER = "it holds a number of more than 4,300 digits"
"""What Python's parsers refuse beyond what their formats forbid: a clause in a sentence."""


@dataclass(slots=True)
class KeySpans:
    """Where keys and strings (without quotes) stand in a file, by their paths in it, as offsets of both ends."""

    keys: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    strings: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class PlacedValues:
    """A parsed file: its values, and the places of keys and strings in it.

    find: finds the places, which is asked for once, and only where somebody wants one: most files ask for none.
    """

    source: Source
    values: dict[str, Any]
    find: Callable[[Source], KeySpans]
    found: KeySpans | None = None

    @property
    def places(self) -> KeySpans:
        """Return where everything stands."""
        if self.found is None:
            self.found = self.find(self.source)
        return self.found

    def table(self, *path: str) -> dict[str, Any]:
        """Return the table at a path, an empty one where there is none."""
        value: Any = self.values
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def key_at(self, path: KeyPath) -> Location:
        """Return the place of a key, or of the nearest one around it."""
        keys = self.places.keys
        while path and path not in keys:
            path = path[:-1]
        return self.source.location(*(keys[path] if path else (0, 0)))

    def string_at(self, path: KeyPath) -> Location:
        """Return the place of a string, or of the key that leads to it."""
        span = self.places.strings.get(path)
        return self.source.location(*span) if span is not None else self.key_at(path)

    def error(self, path: KeyPath, reason: str) -> ManifestError:
        """Return an error about the value at a path."""
        return ManifestError(self.source.path, self.string_at(path).first.line, reason)


def clause(error: ValueError) -> str:
    """Return what a parser says is wrong, as a clause in a sentence."""
    message = getattr(error, "msg", None) or str(error).partition(" (at ")[0]
    return message[:1].lower() + message[1:]
