"""New texts as edits of the old ones: only the lines that differ, so that marks and cursors stay where they are."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

from lsprotocol import types

from chatkit_doctor.lsp.texts.addresses import uri_of
from chatkit_doctor.lsp.texts.buffers import Buffer
from chatkit_doctor.lsp.texts.positions import Positions
from chatkit_doctor.reports.matching import Matcher
from chatkit_doctor.source import Source


def workspace_edit(
    changed: Mapping[Path, tuple[Source, str]],
    open_files: Mapping[Path, Buffer],
    positions: Positions,
    *,
    versioned: bool,
) -> types.WorkspaceEdit:
    """Return the edits that turn texts into others.

    changed: by file what it holds and what it is to hold. versioned: whether the editor takes edits of versions, with
    which it can tell that a file has moved on.
    """
    edits = {
        path: _text_edits(source, text, open_files.get(path), positions) for path, (source, text) in changed.items()
    }
    uris = {path: open_files[path].uri if path in open_files else uri_of(path) for path in changed}
    if not versioned:
        return types.WorkspaceEdit(changes={uris[path]: found for path, found in edits.items()})
    documents = []
    for path, found in edits.items():
        version = open_files[path].version if path in open_files else None
        document = types.OptionalVersionedTextDocumentIdentifier(uris[path], version)
        documents.append(types.TextDocumentEdit(document, [*found]))
    return types.WorkspaceEdit(document_changes=[*documents])


def _text_edits(source: Source, text: str, buffer: Buffer | None, positions: Positions) -> list[types.TextEdit]:
    after_bom = buffer.has_bom if buffer is not None else False
    return [
        types.TextEdit(positions.range(source.location(start, end), after_bom=after_bom), new)
        for start, end, new in changes(source.text, text)
    ]


def changes(before: str, after: str) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches of a text that are replaced, by their offsets, each with what takes its place."""
    old, new = _lines(before), _lines(after)
    first = _in_common(old, new)
    last = min(_in_common(old[::-1], new[::-1]), len(old) - first, len(new) - first)
    old_middle, new_middle = old[first : len(old) - last], new[first : len(new) - last]
    starts = list(accumulate(map(len, old), initial=0))
    for kind, one, other, new_one, new_other in Matcher(old_middle, new_middle, autojunk=False).get_opcodes():
        if kind != "equal":
            yield _narrowed(before, starts[first + one], starts[first + other], "".join(new_middle[new_one:new_other]))


def _narrowed(text: str, start: int, end: int, new: str) -> tuple[int, int, str]:
    """Return a replacement without what it begins and ends with in common; no line end is taken apart."""
    old = text[start:end]
    head = _in_common(old, new)
    if head and old[head - 1] == "\r":
        head -= 1
    tail = min(_in_common(old[::-1], new[::-1]), len(old) - head, len(new) - head)
    if tail and old[len(old) - tail] == "\n":
        tail -= 1
    return start + head, end - tail, new[head : len(new) - tail]


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many members two texts or lists begin with that are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _lines(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))
