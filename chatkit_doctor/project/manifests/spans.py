"""A parsed file with the places of its keys and strings, which the parsers of TOML and JSON do not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatkit_doctor.project.manifests.model import ManifestError
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from chatkit_doctor.source import Location, Source

KeyPath = tuple[str | int, ...]
ENDLESS_NUMBER = "it holds a number of more than 4,300 digits"
"""What Python's parsers refuse beyond what their formats forbid: a clause in a sentence."""


@dataclass(frozen=True, slots=True)
class PlacedValues:
    """A parsed file: its values, and by their paths in it the places of keys and of strings, without quotes."""

    source: Source
    values: dict[str, Any]
    keys: dict[KeyPath, Location] = field(default_factory=dict)
    strings: dict[KeyPath, Location] = field(default_factory=dict)

    def table(self, *path: str) -> dict[str, Any]:
        """Return the table at a path, an empty one where there is none."""
        value: Any = self.values
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def key_at(self, path: KeyPath) -> Location:
        """Return the place of a key, or of the nearest one around it."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys[path] if path else self.source.location(0, 0)

    def string_at(self, path: KeyPath) -> Location:
        """Return the place of a string, or of the key that leads to it."""
        return self.strings.get(path) or self.key_at(path)

    def error(self, path: KeyPath, reason: str) -> ManifestError:
        """Return an error about the value at a path."""
        return ManifestError(self.source.path, self.string_at(path).first.line, reason)


def clause(error: ValueError) -> str:
    """Return what a parser says is wrong, as a clause in a sentence."""
    message = getattr(error, "msg", None) or str(error).partition(" (at ")[0]
    return message[:1].lower() + message[1:]
