"""The files that are open in the editor, with the texts that they have there, which need not be saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lsprotocol import types

from chatkit_doctor.lsp.texts.addresses import path_of
from chatkit_doctor.lsp.texts.positions import Positions
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Source

_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Buffer:
    """One state of one open file, never changed.

    uri: as the editor names it. source: its text, without a byte order mark.
    has_bom: whether the editor's text begins with one. is_saved: whether nothing was typed since it was read or saved.
    """

    uri: str
    version: int
    source: Source
    has_bom: bool
    is_saved: bool

    @property
    def path(self) -> Path:
        """Return the file."""
        return self.source.path


class Buffers:
    """The open files by their URIs; those that are no files of a file system are left out."""

    def __init__(self) -> None:
        self.positions = Positions()
        self._known: dict[str, Buffer] = {}

    def __iter__(self) -> Iterator[Buffer]:
        return iter(list(self._known.values()))

    def get(self, uri: str) -> Buffer | None:
        """Return an open file, None where it is not open here."""
        return self._known.get(uri)

    def by_path(self) -> dict[Path, Buffer]:
        """Return the open files by their paths."""
        return {buffer.path: buffer for buffer in self._known.values()}

    def open(self, document: types.TextDocumentItem) -> Buffer | None:
        """Take in a file that was opened; None for one that is left out."""
        path = path_of(document.uri)
        if path is None:
            return None
        buffer = _buffer(document.uri, document.version, path, document.text, is_saved=True)
        self._known[document.uri] = buffer
        return buffer

    def change(
        self, document: types.VersionedTextDocumentIdentifier, changes: Iterable[types.TextDocumentContentChangeEvent]
    ) -> Buffer | None:
        """Take in what was typed, change by change; None for a file that is left out."""
        buffer = self._known.get(document.uri)
        if buffer is None:
            return None
        for change in changes:
            text = change.text
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = (self.offset(buffer, each) for each in (change.range.start, change.range.end))
                before = buffer.source.text
                mark = _MARK if buffer.has_bom else ""
                text = f"{mark}{before[:start]}{text}{before[max(start, end) :]}"
            buffer = _buffer(document.uri, document.version, buffer.path, text, is_saved=False)
        self._known[document.uri] = buffer
        return buffer

    def save(self, uri: str) -> Buffer | None:
        """Note that a file was saved; None for one that is left out."""
        buffer = self._known.get(uri)
        if buffer is None:
            return None
        saved = Buffer(uri, buffer.version, buffer.source, buffer.has_bom, is_saved=True)
        self._known[uri] = saved
        return saved

    def close(self, uri: str) -> Buffer | None:
        """Let go of a file and return what it held; None for one that was left out."""
        return self._known.pop(uri, None)

    def offset(self, buffer: Buffer, position: types.Position) -> int:
        """Return the offset in a buffer's text that a position of the editor means."""
        return self.positions.offset(buffer.source, position, after_bom=buffer.has_bom)


def _buffer(uri: str, version: int, path: Path, text: str, *, is_saved: bool) -> Buffer:
    has_bom = text.startswith(_MARK)
    return Buffer(uri, version, Source(path, _whole(text.removeprefix(_MARK))), has_bom, is_saved)


def _whole(text: str) -> str:
    """Return a text that can be encoded: JSON may hold halves of characters, which no file can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
