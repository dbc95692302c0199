"""JSON files with the places of their keys and strings.

Values come from the standard library, which also judges whether the file is valid; what follows only walks over text
that is known to be so.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import ManifestError, refuse_conflict
from chatkit_doctor.project.manifests.spans import ENDLESS_NUMBER, PlacedValues, clause
from chatkit_doctor.web.formats.jsonc import plain_json

if TYPE_CHECKING:
    from chatkit_doctor.project.manifests.spans import KeyPath
    from chatkit_doctor.source import Location, Source


def read_json(source: Source) -> PlacedValues:
    """Parse a JSON file whose top is an object. Raises ManifestError."""
    document = PlacedValues(source, load_json(source))
    _Json(document).walk()
    return document


def load_json(source: Source) -> dict[str, Any]:
    """Return the object that a JSON file holds, without places. Raises ManifestError."""
    refuse_conflict(source)
    return _loads(source, source.text)


def load_jsonc(source: Source) -> dict[str, Any]:
    """Return the object that a file of JSON with comments and trailing commas holds. Raises ManifestError."""
    refuse_conflict(source)
    return _loads(source, plain_json(source.text))


def _loads(source: Source, text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        line = source.position(min(error.pos, len(source.text))).line
        raise ManifestError(source.path, line, f"it is not valid JSON: {clause(error)}") from None
    except ValueError:
        raise ManifestError(source.path, 1, ENDLESS_NUMBER) from None
    except RecursionError:
        raise ManifestError(source.path, 1, "it is nested too deeply") from None
    if not isinstance(values, dict):
        raise ManifestError(source.path, 1, "it holds no JSON object")
    return values


class _Json:
    """One walk over valid JSON that notes the places of keys and strings."""

    def __init__(self, found: PlacedValues) -> None:
        self._found = found
        self._tokens = _JSON_TOKEN.finditer(found.source.text)

    def walk(self) -> None:
        self._value(next(self._tokens), ())

    def _value(self, token: re.Match[str], path: KeyPath) -> None:
        if token["mark"] == "{":
            self._object(path)
        elif token["mark"] == "[":
            self._array(path)
        elif token["string"] is not None:
            self._found.strings[path] = self._inside(token)

    def _object(self, path: KeyPath) -> None:
        for token in self._tokens:
            if token["mark"] == "}":
                return
            if token["string"] is None:
                continue
            inner = (*path, json.loads(token["string"]))
            self._found.keys[inner] = self._inside(token)
            next(self._tokens)
            self._value(next(self._tokens), inner)

    def _array(self, path: KeyPath) -> None:
        index = 0
        for token in self._tokens:
            if token["mark"] == "]":
                return
            if token["mark"] == ",":
                index += 1
            else:
                self._value(token, (*path, index))

    def _inside(self, token: re.Match[str]) -> Location:
        return self._found.source.location(token.start() + 1, token.end() - 1)


_JSON_TOKEN = regex(r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[{}\[\],:])|[^\s{}\[\],:"]+')
