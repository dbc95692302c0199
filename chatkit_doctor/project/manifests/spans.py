"""TOML and JSON files with the places of their keys and strings, which tomllib and json do not tell.

Values come from the standard library, which also judges whether the file is valid; what follows here only
walks over text that is known to be so.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chatkit_doctor.project.manifests.model import ManifestError, refuse_conflict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.source import Location, Source

Key = tuple[str | int, ...]

# A dotted key of so many parts is an attack: each makes a table, and a path as long as what came before it.
_ENDLESS_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){100}""")


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its values, and by their paths in it the places of keys and of strings, without quotes."""

    source: Source
    values: dict[str, Any]
    keys: dict[Key, Location] = field(default_factory=dict)
    strings: dict[Key, Location] = field(default_factory=dict)

    def table(self, *path: str) -> dict[str, Any]:
        """Return the table at a path, an empty one where there is none."""
        value: Any = self.values
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value if isinstance(value, dict) else {}

    def key_at(self, path: Key) -> Location:
        """Return the place of a key, or of the nearest one around it."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys[path] if path else self.source.location(0, 0)

    def string_at(self, path: Key) -> Location:
        """Return the place of a string, or of the key that leads to it."""
        return self.strings.get(path) or self.key_at(path)

    def error(self, path: Key, reason: str) -> ManifestError:
        """Return an error about the value at a path."""
        return ManifestError(self.source.path, self.string_at(path).first.line, reason)


def read_toml(source: Source) -> Document:
    """Parse a TOML file. Raises ManifestError."""
    refuse_conflict(source)
    if _ENDLESS_KEY.search(source.text):
        raise ManifestError(source.path, 1, "it is nested too deeply")
    try:
        values = tomllib.loads(source.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        line = _line_of(error) or source.line_count
        raise ManifestError(source.path, line, f"it is not valid TOML: {_clause(error)}") from None
    except RecursionError:
        raise ManifestError(source.path, 1, "it is nested too deeply") from None
    document = Document(source, values)
    _Toml(document).walk()
    return document


def read_json(source: Source) -> Document:
    """Parse a JSON file whose top is an object. Raises ManifestError."""
    document = Document(source, load_json(source))
    _Json(document).walk()
    return document


def load_json(source: Source) -> dict[str, Any]:
    """Return the object that a JSON file holds, without places. Raises ManifestError."""
    refuse_conflict(source)
    return _loads(source, source.text)


def load_jsonc(source: Source) -> dict[str, Any]:
    """Return the object that a file of JSON with comments and trailing commas holds. Raises ManifestError."""
    refuse_conflict(source)
    return _loads(source, _JSONC_EXTRAS.sub(lambda match: match["string"] or " " * len(match[0]), source.text))


def _loads(source: Source, text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        line = source.position(min(error.pos, len(source.text))).line
        raise ManifestError(source.path, line, f"it is not valid JSON: {_clause(error)}") from None
    except RecursionError:
        raise ManifestError(source.path, 1, "it is nested too deeply") from None
    if not isinstance(values, dict):
        raise ManifestError(source.path, 1, "it holds no JSON object")
    return values


def _clause(error: ValueError) -> str:
    message = getattr(error, "msg", None) or str(error).partition(" (at ")[0]
    return message[:1].lower() + message[1:]


def _line_of(error: tomllib.TOMLDecodeError) -> int | None:
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else None


class _Json:
    """One walk over valid JSON that notes the places of keys and strings."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._tokens = _JSON_TOKEN.finditer(document.source.text)

    def walk(self) -> None:
        self._value(next(self._tokens), ())

    def _value(self, token: re.Match[str], path: Key) -> None:
        if token["mark"] == "{":
            self._object(path)
        elif token["mark"] == "[":
            self._array(path)
        elif token["string"] is not None:
            self._document.strings[path] = self._inside(token)

    def _object(self, path: Key) -> None:
        for token in self._tokens:
            if token["mark"] == "}":
                return
            if token["string"] is None:
                continue
            inner = (*path, json.loads(token["string"]))
            self._document.keys[inner] = self._inside(token)
            next(self._tokens)
            self._value(next(self._tokens), inner)

    def _array(self, path: Key) -> None:
        index = 0
        for token in self._tokens:
            if token["mark"] == "]":
                return
            if token["mark"] == ",":
                index += 1
            else:
                self._value(token, (*path, index))

    def _inside(self, token: re.Match[str]) -> Location:
        return self._document.source.location(token.start() + 1, token.end() - 1)


class _Toml:
    """One walk over valid TOML that notes the places of keys and strings."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._tokens = [match for match in _TOML_TOKEN.finditer(document.source.text) if not match["skipped"]]
        self._next = 0
        self._lengths: dict[Key, int] = {}

    def walk(self) -> None:
        table: Key = ()
        while self._next < len(self._tokens):
            if self._mark("\n"):
                continue
            table = self._header() if self._mark("[") else self._pair(table)

    def _header(self) -> Key:
        is_array = self._mark("[")
        path: Key = ()
        for name, at in self._dotted("]"):
            path = (*path, name)
            self._document.keys.setdefault(path, at)
            if path in self._lengths and not (is_array and self._peek("]")):
                path = (*path, self._lengths[path] - 1)
        if is_array:
            self._mark("]")
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = (*path, self._lengths[path] - 1)
        return path

    def _pair(self, table: Key) -> Key:
        """Read `key = value` and return the table that it stands in."""
        path = table
        for name, at in self._dotted("="):
            path = (*path, name)
            self._document.keys[path] = at
        self._value(path)
        return table

    def _dotted(self, end: str) -> Iterator[tuple[str, Location]]:
        """Yield the parts of a dotted key with their places, up to and over a closing mark."""
        while not self._mark(end):
            token = self._take()
            if token["mark"] is None:
                at = self._place(token)
                yield (at.text if token["string"] is None else tomllib.loads(f"key = {token[0]}")["key"]), at

    def _value(self, path: Key) -> None:
        if self._mark("["):
            self._array(path)
        elif self._mark("{"):
            while not self._mark("}"):
                if not (self._mark(",") or self._mark("\n")):
                    self._pair(path)
        else:
            token = self._take()
            if token["string"] is not None:
                self._document.strings[path] = self._place(token)
            while self._peek() and self._tokens[self._next]["mark"] not in {",", "]", "}", "\n"}:
                self._take()

    def _array(self, path: Key) -> None:
        index = 0
        while not self._mark("]"):
            if self._mark(","):
                index += 1
            elif not self._mark("\n"):
                self._value((*path, index))

    def _peek(self, mark: str | None = None) -> bool:
        """Tell whether there is a next token, and whether it is the mark."""
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
            return self._document.source.location(token.start(), token.end())
        quotes = 3 if token[0][:3] in {'"""', "'''"} else 1
        return self._document.source.location(token.start() + quotes, token.end() - quotes)


_JSON_TOKEN = re.compile(r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[{}\[\],:])|[^\s{}\[\],:"]+')
_JSONC_EXTRAS = re.compile(
    r'(?P<string>"(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*(?s:.*?)\*/|,(?=(?:\s|//[^\n]*|/\*(?s:.*?)\*/)*[}\]])'
)
_TOML_TOKEN = re.compile(
    r'''(?P<skipped>[ \t\r]+|\#[^\n]*)
    | (?P<string>"""(?s:\\.|[^\\])*?"{3,5}(?!") | \'\'\'(?s:.)*?'{3,5}(?!') | "(?:[^"\\\n]|\\.)*" | '[^'\n]*')
    | (?P<mark>[\[\]{}=,.\n])
    | (?P<bare>[A-Za-z0-9_+\-:]+|.)''',
    re.VERBOSE,
)
