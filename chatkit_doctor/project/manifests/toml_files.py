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
from chatkit_doctor.project.manifests.spans import ENDLESS_NUMBER, KeySpans, PlacedValues, clause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.project.manifests.spans import KeyPath
    from chatkit_doctor.source import Source

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
    return PlacedValues(source, values, lambda source: _Toml(source.text).walk())


def _line_of(error: tomllib.TOMLDecodeError) -> int | None:
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else None


class _Toml:
    """One walk over valid TOML that notes the places of keys and strings. It recurses nowhere, however deep that is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = KeySpans()
        self._lengths: dict[KeyPath, int] = {}
        self._tokens = self._read()
        # What comes next: a mark, "string", "bare", or "" at the end; and where it stands.
        self._kind, self._start, self._end = next(self._tokens)

    def _read(self) -> Iterator[tuple[str, int, int]]:
        for match in _TOML_TOKEN.finditer(self._text):
            kind = match.lastgroup
            if kind != "skipped":
                yield match[0] if kind == "mark" else kind or "", match.start(), match.end()
        while True:
            yield "", len(self._text), len(self._text)

    def walk(self) -> KeySpans:
        table: KeyPath = ()
        while self._kind:
            if self._mark("\n"):
                continue
            if self._mark("["):
                table = self._header()
            else:
                self._value(self._key(table))
        return self._found

    def _header(self) -> KeyPath:
        is_array = self._mark("[")
        path: KeyPath = ()
        for name, span in self._dotted("]"):
            path = (*path, name)
            self._found.keys.setdefault(path, span)
            if path in self._lengths and not (is_array and self._kind == "]"):
                path = (*path, self._lengths[path] - 1)
        if is_array:
            self._mark("]")
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = (*path, self._lengths[path] - 1)
        return path

    def _key(self, path: KeyPath) -> KeyPath:
        """Read a key up to its value and return its path."""
        for name, span in self._dotted("="):
            path = (*path, name)
            self._found.keys[path] = span
        return path

    def _dotted(self, end: str) -> Iterator[tuple[str, tuple[int, int]]]:
        """Yield the parts of a dotted key with their places, up to and over a closing mark."""
        while not self._mark(end) and self._kind:
            kind, start, stop = self._kind, self._start, self._end
            self._step()
            if kind == "string":
                yield _unquoted(self._text[start:stop]), self._inside(start, stop)
            elif kind == "bare":
                yield self._text[start:stop], (start, stop)

    def _value(self, path: KeyPath) -> None:
        # The lists and inline tables around the place: their paths, and how many of a list came before; -1 for tables.
        around: list[tuple[KeyPath, int]] = []
        while True:
            if self._mark("["):
                around.append((path, 0))
            elif self._mark("{"):
                around.append((path, -1))
            else:
                self._scalar(path)
            while around and self._kind:
                outer, index = around[-1]
                if self._mark(","):
                    around[-1] = (outer, index if index < 0 else index + 1)
                elif self._mark("]" if index >= 0 else "}"):
                    around.pop()
                elif not self._mark("\n"):
                    path = (*outer, index) if index >= 0 else self._key(outer)
                    break
            else:
                return

    def _scalar(self, path: KeyPath) -> None:
        if self._kind == "string":
            self._found.strings[path] = self._inside(self._start, self._end)
        self._step()
        while self._kind and self._kind not in ",]}\n":
            self._step()

    def _mark(self, mark: str) -> bool:
        """Step over what comes next if it is the mark."""
        if self._kind != mark:
            return False
        self._step()
        return True

    def _step(self) -> None:
        self._kind, self._start, self._end = next(self._tokens)

    def _inside(self, start: int, end: int) -> tuple[int, int]:
        """Return where the text of a string stands, without its quotes."""
        quotes = 3 if self._text[start : start + 3] in {'"""', "'''"} else 1
        return start + quotes, end - quotes


def _unquoted(key: str) -> str:
    return str(tomllib.loads(f"key = {key}")["key"]) if "\\" in key else key[1:-1]


_TOML_TOKEN = regex(
    r'''(?P<skipped>[ \t\r]+|\#[^\n]*)
    | (?P<string>"""(?s:\\.|[^\\])*?"{3,5}(?!") | \'\'\'(?s:.)*?'{3,5}(?!') | "(?:[^"\\\n]|\\.)*" | '[^'\n]*')
    | (?P<mark>[\[\]{}=,.\n])
    | (?P<bare>[A-Za-z0-9_+\-:]+|.)''',
    re.VERBOSE,
)
