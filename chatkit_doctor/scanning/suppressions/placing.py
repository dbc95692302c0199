"""Ignore comments put where they work: each place is tried on the text before it is offered."""

from __future__ import annotations

import ast
import tomllib
import warnings
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit, Finding
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.records import dataclass, replace
from chatkit_doctor.scanning.fixer.changes import Change, applied
from chatkit_doctor.scanning.suppressions.ignores import FileIgnores
from chatkit_doctor.scanning.suppressions.languages import commented
from chatkit_doctor.scanning.suppressions.places import Place, places
from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document

if TYPE_CHECKING:
    from chatkit_doctor.scanning.suppressions.comments import CommentedSource

Findings = Mapping[int, Sequence[Finding]]
"""Findings of one file by the line on which they start."""

Places = Mapping[int, Place]
"""A place for each of some lines."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text's ignore comments, and what is left of it without any comment."""

    ignores: FileIgnores
    code: object


def ignoring_edits(source: Source, findings: Findings) -> dict[int, Edit]:
    """Return by line the edit that hides its findings; a line for whose comment no place is sound has none.

    The lines are tried together, the best place of each first: reading a file anew for each would take too long.
    """
    before = _read(source)
    left = {line: places(before.ignores, on_line) for line, on_line in findings.items()}
    edits: dict[int, Edit] = {}
    while left:
        tried = {line: place for line, offered in left.items() if (place := next(offered, None)) is not None}
        sound = _sound(before, findings, tried)
        edits |= {line: tried[line].edit for line in sound}
        left = {line: left[line] for line in tried if line not in sound}
    return edits


def _sound(before: _Reading, findings: Findings, tried: Places) -> Collection[int]:
    """Return the lines whose comments are read as such, hide what they should, and leave the code as it is."""
    tried = dict(_apart(tried))
    if not tried:
        return ()
    after, hidden = _tried(before.ignores.source, findings, tried)
    if len(hidden) < len(tried):
        return _sound(before, findings, {line: tried[line] for line in hidden})
    if after.code == before.code:
        return hidden
    lines = list(tried)
    middle = len(lines) // 2
    halves = (lines[:middle], lines[middle:]) if middle else ()
    return [line for half in halves for line in _sound(before, findings, {line: tried[line] for line in half})]


def _apart(tried: Places) -> Iterator[tuple[int, Place]]:
    """Yield the places whose edits do not overlap one before, in the order of the text."""
    end = 0
    for line, place in sorted(tried.items(), key=lambda each: (each[1].edit.at.start, each[1].edit.at.end)):
        if place.edit.at.start >= end:
            yield line, place
            end = place.edit.at.end


def _tried(source: Source, findings: Findings, tried: Places) -> tuple[_Reading, list[int]]:
    """Return the text with comments at places in their order, and the lines whose own comment hides all on them."""
    edits = (place.edit for place in tried.values())
    changes = [Change(edit.at.start, edit.at.end, edit.text) for edit in edits]
    starts = [change.start for change in changes]
    shifts = list(accumulate((len(change.text) - (change.end - change.start) for change in changes), initial=0))
    after = _read(Source(source.path, applied(source.text, changes)))

    def hides(comment_start: int, finding: Finding) -> bool:
        shift = shifts[bisect_right(starts, finding.at.start)]
        at = after.ignores.source.location(finding.at.start + shift, finding.at.end + shift)
        hiding = after.ignores.hiding(replace(finding, at=at))
        return any(ignore.directive.comment.start == comment_start for ignore, _ in hiding)

    comment_starts = {
        line: place.comment_start + shift for (line, place), shift in zip(tried.items(), shifts[:-1], strict=True)
    }
    return after, [line for line, start in comment_starts.items() if all(hides(start, each) for each in findings[line])]


def _read(source: Source) -> _Reading:
    document = Document(source) if kind_of(source.path.name) is FileKind.WEB else None
    found = commented(source, lambda _: document)
    return _Reading(FileIgnores(found), _code(found, document))


def _code(found: CommentedSource, document: Document | None) -> object:
    """Return what two texts have in common that differ in comments only."""
    text = found.source.text
    match kind_of(found.source.path.name):
        case FileKind.PYTHON:
            return _python(text)
        case FileKind.MANIFEST if found.source.path.suffix == ".toml":
            return _toml(text)
        case _:
            return found.code.split(), document.error_count if document is not None else 0


def _python(text: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _toml(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        return None
