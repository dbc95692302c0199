"""TOML files with the places of their keys and strings.

Values come from the standard library, which also judges whether the file is valid; what follows only walks over text
that is known to be so.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import ManifestError, refuse_conflict
from chatkit_doctor.project.manifests.spans import ENDLESS_NUMBER, PlacedValues, clause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.project.manifests.spans import KeyPath
    from chatkit_doctor.source import Location, Source

# A dotted key of so many parts is an attack: each makes a table, and a path as long as what came before it.
_ENDLESS_KEY = regex(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){100}""")


def read_toml(source: Source) -> PlacedValues:
    """Parse a TOML file. Raises ManifestError."""
    refuse_conflict(source)
    if _ENDLESS_KEY.search(source.text):
        raise ManifestError(source.path, 1, "it is nested too deeply")
    try:
        values = tomllib.loads(source.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        line = _line_of(error) or source.line_count
        raise ManifestError(source.path, line, f"it is not valid TOML: {clause(error)}") from None
    except ValueError:
        raise ManifestError(source.path, 1, ENDLESS_NUMBER) from None
    except RecursionError:
        raise ManifestError(source.path, 1, "it is nested too deeply") from None
    document = PlacedValues(source, values)
    _Toml(document).walk()
    return document


def _line_of(error: tomllib.TOMLDecodeError) -> int | None:
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else None


class _Toml:
    """One walk over valid TOML that notes the places of keys and strings."""

    def __init__(self, found: PlacedValues) -> None:
        self._found = found
        self._tokens = [match for match in _TOML_TOKEN.finditer(found.source.text) if not match["skipped"]]
        self._next = 0
        self._lengths: dict[KeyPath, int] = {}

    def walk(self) -> None:
        table: KeyPath = ()
        while self._next < len(self._tokens):
            if self._mark("\n"):
                continue
            table = self._header() if self._mark("[") else self._pair(table)

    def _header(self) -> KeyPath:
        is_array = self._mark("[")
        path: KeyPath = ()
        for name, at in self._dotted("]"):
            path = (*path, name)
            self._found.keys.setdefault(path, at)
            if path in self._lengths and not (is_array and self._peek("]")):
                path = (*path, self._lengths[path] - 1)
        if is_array:
            self._mark("]")
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = (*path, self._lengths[path] - 1)
        return path

    def _pair(self, table: KeyPath) -> KeyPath:
        """Read `key = value` and return the table that it stands in."""
        path = table
        for name, at in self._dotted("="):
            path = (*path, name)
            self._found.keys[path] = at
        self._value(path)
        return table

    def _dotted(self, end: str) -> Iterator[tuple[str, Location]]:
        """Yield the parts of a dotted key with their places, up to and over a closing mark."""
        while not self._mark(end):
            token = self._take()
            if token["mark"] is None:
                at = self._place(token)
                yield (at.text if token["string"] is None else tomllib.loads(f"key = {token[0]}")["key"]), at

    def _value(self, path: KeyPath) -> None:
        if self._mark("["):
            self._array(path)
        elif self._mark("{"):
            while not self._mark("}"):
                if not (self._mark(",") or self._mark("\n")):
                    self._pair(path)
        else:
            token = self._take()
            if token["string"] is not None:
                self._found.strings[path] = self._place(token)
            while self._peek() and self._tokens[self._next]["mark"] not in {",", "]", "}", "\n"}:
                self._take()

    def _array(self, path: KeyPath) -> None:
        index = 0
        while not self._mark("]"):
            if self._mark(","):
                index += 1
            elif not self._mark("\n"):
                self._value((*path, index))

    def _peek(self, mark: str | None = None) -> bool:
        """Return whether there is a next token, and whether it is the mark."""
        if self._next >= len(self._tokens):
            return False
        return mark is None or self._tokens[self._next]["mark"] == mark

    def _mark(self, mark: str) -> bool:
        """Step over the next token if it is the mark."""
        found = self._peek(mark)
        self._next += found
        return found

    def _take(self) -> re.Match[str]:
        self._next += 1
        return self._tokens[self._next - 1]

    def _place(self, token: re.Match[str]) -> Location:
        if token["string"] is None:
            return self._found.source.location(token.start(), token.end())
        quotes = 3 if token[0][:3] in {'"""', "'''"} else 1
        return self._found.source.location(token.start() + quotes, token.end() - quotes)


_TOML_TOKEN = regex(
    r'''(?P<skipped>[ \t\r]+|\#[^\n]*)
    | (?P<string>"""(?s:\\.|[^\\])*?"{3,5}(?!") | \'\'\'(?s:.)*?'{3,5}(?!') | "(?:[^"\\\n]|\\.)*" | '[^'\n]*')
    | (?P<mark>[\[\]{}=,.\n])
    | (?P<bare>[A-Za-z0-9_+\-:]+|.)''',
    re.VERBOSE,
)
