"""One file as read: its path, text, encoding and line ends, and places in it.

Offsets are counted in characters of `text`, which keeps the line ends as they are in the file; lines and
columns count from 1. `Source.encode` turns edited text back into bytes as the file had them.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass


class UnreadableSourceError(Exception):
    """A file cannot be taken as text. `reason` is one clause for a person, `line` is where, or 1."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class PassingError(UnreadableSourceError):
    """A file is not taken in for what lies outside of it: the files before it, the machine. Next time it may be."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file for people: line and column from 1, the column in characters."""

    line: int
    column: int


class Source:
    """The text of one file, never changed after it was read.

    path: absolute, as the scan came to it (symlinks are not resolved).
    text: decoded, without a byte order mark, with its own line ends.
    """

    def __init__(self, path: Path, text: str, *, encoding: str = "utf-8", bom: bytes = b"") -> None:
        self.path = path
        self.text = text
        self.encoding = encoding
        self.bom = bom

    def __repr__(self) -> str:
        return f"Source({str(self.path)!r})"

    @classmethod
    def from_bytes(cls, path: Path, data: bytes) -> Source:
        """Decode a file's bytes: by its BOM, by the encoding that Python or HTML declares in them, else as UTF-8.

        Raises UnreadableSourceError for binary data and for bytes that are not of the encoding.
        """
        for mark, encoding in _BOMS:
            if data.startswith(mark):
                return cls(path, _decode(data[len(mark) :], encoding), encoding=encoding, bom=mark)
        if b"\0" in data:
            line = data[: data.index(b"\0")].count(b"\n") + 1
            raise UnreadableSourceError("it holds NUL bytes, so it is not text", line)
        encoding = _declared_encoding(path, data)
        return cls(path, _decode(data, encoding), encoding=encoding)

    def encode(self, text: str) -> bytes:
        """Return `text` as the file's bytes. Raises UnicodeEncodeError where its encoding lacks a character."""
        return self.bom + text.encode(self.encoding)

    @cached_property
    def newline(self) -> str:
        """Return the file's line end: the one that its first line has, or a line feed."""
        first = self.text.find("\n")
        return "\r\n" if first > 0 and self.text[first - 1] == "\r" else "\n"

    @cached_property
    def _line_starts(self) -> list[int]:
        # Python and tree-sitter end a line at \n, \r\n and a lone \r alike, so str.splitlines (which also
        # splits at form feeds and Unicode separators) would give other numbers.
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    @property
    def line_count(self) -> int:
        """Return how many lines the text has; an empty text has one."""
        return len(self._line_starts)

    def line(self, number: int) -> str:
        """Return the text of a line (from 1) without its end."""
        starts = self._line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def line_start(self, number: int) -> int:
        """Return the offset of a line's (from 1) first character; past the last line, the text's end."""
        starts = self._line_starts
        return starts[number - 1] if number <= len(starts) else len(self.text)

    def position(self, offset: int) -> Position:
        """Return the line and column of an offset."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def offset_of_utf8(self, line: int, column: int) -> int:
        """Return the offset of a line (from 1) and a column in UTF-8 bytes (from 0), as `ast` counts."""
        start = self.line_start(line)
        text = self.text[start : self.line_start(line + 1)]
        if text.isascii():
            return start + column
        return start + len(text.encode()[:column].decode(errors="ignore"))

    def location(self, start: int, end: int) -> Location:
        """Return the place from one offset up to another."""
        return Location(self, start, end)


@dataclass(frozen=True, slots=True)
class Location:
    """A stretch of a source, by offsets in characters, the end exclusive."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> Path:
        """Return the path of the source."""
        return self.source.path

    @property
    def text(self) -> str:
        """Return the characters at this place."""
        return self.source.text[self.start : self.end]

    @property
    def order(self) -> tuple[str, int, int]:
        """Return what places are sorted by: path, then start, then end."""
        return str(self.path), self.start, self.end

    @property
    def first(self) -> Position:
        """Return the line and column of the first character."""
        return self.source.position(self.start)

    @property
    def last(self) -> Position:
        """Return the line and column behind the last character."""
        return self.source.position(self.end)


def outside(places: Iterable[int], spans: Iterable[tuple[int, int]]) -> list[int]:
    """Return the places in a text that are in none of some spans, of which none lies in another."""
    ordered = sorted(spans)
    starts = [start for start, _ in ordered]
    # Of the spans that begin no later, the last one reaches furthest.
    return [each for each in places if (count := bisect_right(starts, each)) == 0 or ordered[count - 1][1] <= each]


def relative_path(path: Path, folder: Path) -> str:
    """Return a path as people are told it: relative to a folder, with `/`; whole where it is on another drive."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return path.as_posix()


_LINE_END = regex(r"\r\n|\r|\n")

_META_CHARSET = regex(rb"""<meta\s[^<>]*?charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
# PEP 263's comment.
_PYTHON_CODING = regex(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)
# HTML's own limit, in bytes.
_META_WITHIN = 1024

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableSourceError(f"byte {error.start} is not valid {encoding}", line) from None
    except (UnicodeError, LookupError):
        # The likes of idna and hex, which are no encodings of a text.
        raise UnreadableSourceError(f"it cannot be decoded as {encoding}") from None


def _declared_encoding(path: Path, data: bytes) -> str:
    match path.suffix.lower():
        case ".py" | ".pyi":
            return _python_encoding(data)
        case ".html" | ".htm":
            return _html_encoding(data)
        case _:
            return "utf-8"


def _python_encoding(data: bytes) -> str:
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        raise UnreadableSourceError(str(error)) from None
    except (UnicodeError, LookupError):
        # From Python 3.14 on the first lines are decoded here as well.
        declared = _PYTHON_CODING.search(data)
        raise UnreadableSourceError(f"it cannot be decoded as {declared[1].decode() if declared else 'text'}") from None


def _html_encoding(data: bytes) -> str:
    """Return what a page's <meta> says; UTF-8 where it says nothing that is known, as for any UTF in a <meta>."""
    declared = _META_CHARSET.search(data, 0, _META_WITHIN)
    name = declared[1].decode().lower() if declared else "utf-8"
    try:
        return "utf-8" if name.startswith("utf") else codecs.lookup(name).name
    except LookupError:
        return "utf-8"
