"""JSON files with the places of their keys and strings.

Values come from the standard library, which also judges whether the file is valid; what follows only walks over text
that is known to be so.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import ManifestError, refuse_conflict
from chatkit_doctor.project.manifests.spans import ENDLESS_NUMBER, KeySpans, PlacedValues, clause
from chatkit_doctor.web.formats.jsonc import plain_json

if TYPE_CHECKING:
    from chatkit_doctor.project.manifests.spans import KeyPath
    from chatkit_doctor.source import Source


def read_json(source: Source) -> PlacedValues:
    """Parse a JSON file whose top is an object. Raises ManifestError."""
    return PlacedValues(source, load_json(source), _places)


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


def _places(source: Source) -> KeySpans:
    """Return where keys and strings stand in valid JSON. It recurses nowhere, however deep that is."""
    found = KeySpans()
    # The objects and lists around the place: the path, and of a list how many came before, of an object the last key.
    around: list[tuple[KeyPath, int | str | None]] = []
    for token in _JSON_TOKEN.finditer(source.text):
        mark = token["mark"]
        path, at = around[-1] if around else ((), None)
        here = (*path, at) if around and at is not None else path
        if mark in {"}", "]"}:
            around.pop()
        elif mark == ",":
            around[-1] = (path, at + 1 if isinstance(at, int) else None)
        elif mark == "{":
            around.append((here, None))
        elif mark == "[":
            around.append((here, 0))
        elif token["string"] is None:
            continue
        elif around and at is None:
            around[-1] = (path, json.loads(token["string"]))
            found.keys[*path, around[-1][1] or ""] = token.start() + 1, token.end() - 1
        else:
            found.strings[here] = token.start() + 1, token.end() - 1
    return found


_JSON_TOKEN = regex(r'(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[{}\[\],:])|[^\s{}\[\],:"]+')
