"""What a fix changes, as small hunks of old and new lines."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from operator import attrgetter
from pathlib import Path

from chatkit_doctor.finding import Edit
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Source

# Edits this few lines apart are shown together.
_APART = 2
_CONTEXT = 1


@dataclass(frozen=True, slots=True)
class Changed:
    """A line of a hunk.

    kind: "-" removed, "+" added, " " kept. number: in the new text for added, else in the old.
    differs_at: the first character (from 0) that its counterpart does not share.
    """

    kind: str
    number: int
    text: str
    differs_at: int = 0


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring changes in one file."""

    path: Path
    lines: tuple[Changed, ...]

    @property
    def old_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the lines that are in the old text; empty for the start of an empty file."""
        return tuple(line.number for line in self.lines if line.kind != "+")


def hunks(edits: Sequence[Edit]) -> Iterator[Hunk]:
    """Yield what edits change, by path and place, with a line of context around."""
    in_order = sorted(edits, key=lambda edit: edit.at.order)
    for path, of_file in groupby(in_order, key=attrgetter("at.path")):
        shift = 0
        for group in _neighbours(list(of_file)):
            found = list(_compared(path, group, shift))
            yield from found
            shift += sum({"+": 1, "-": -1, " ": 0}[line.kind] for hunk in found for line in hunk.lines)


def _neighbours(edits: list[Edit]) -> Iterator[list[Edit]]:
    group = edits[:1]
    for edit in edits[1:]:
        if edit.at.first.line - group[-1].at.last.line <= _APART:
            group.append(edit)
        else:
            yield group
            group = [edit]
    yield group


def _compared(path: Path, edits: list[Edit], shift: int) -> Iterator[Hunk]:
    """Yield the hunks of neighbouring edits; `shift` is how many lines the file's earlier hunks have added."""
    source = edits[0].at.source
    first = max(edits[0].at.first.line - _CONTEXT, 1)
    last = min(edits[-1].at.last.line + _CONTEXT, source.line_count)
    start, end = source.line_start(first), source.line_start(last + 1)
    old = _lines(source.text[start:end])
    new = _lines(_applied(source, edits, start, end))
    from chatkit_doctor.reports.matching import Matcher

    for group in Matcher(old, new, autojunk=False).get_grouped_opcodes(_CONTEXT):
        yield Hunk(path, tuple(line for opcode in group for line in _changed(opcode, old, new, (first, first + shift))))


def _applied(source: Source, edits: list[Edit], start: int, end: int) -> str:
    pieces = []
    for edit in edits:
        pieces += [source.text[start : edit.at.start], edit.text]
        start = edit.at.end
    return "".join([*pieces, source.text[start:end]])


def _changed(
    opcode: tuple[str, int, int, int, int], old: list[str], new: list[str], first: tuple[int, int]
) -> Iterator[Changed]:
    """Yield the lines of one of difflib's opcodes; `first` are the numbers of the first old and new line."""
    tag, old_low, old_high, new_low, new_high = opcode
    if tag == "equal":
        yield from (Changed(" ", first[0] + index, old[index]) for index in range(old_low, old_high))
        return
    shared = [_shared(*pair) for pair in zip(old[old_low:old_high], new[new_low:new_high], strict=False)]
    yield from _one_sided("-", old[old_low:old_high], first[0] + old_low, shared)
    yield from _one_sided("+", new[new_low:new_high], first[1] + new_low, shared)


def _one_sided(kind: str, lines: list[str], number: int, shared: list[int]) -> Iterator[Changed]:
    for index, (line, differs_at) in enumerate(zip_longest(lines, shared[: len(lines)], fillvalue=0)):
        yield Changed(kind, number + index, str(line), int(differs_at))


def _shared(one: str, other: str) -> int:
    """Return how many characters two lines share at their start."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lines(text: str) -> list[str]:
    """Return the lines without their ends, which are those that a Source counts."""
    return [line.rstrip("\n") for line in io.StringIO(text, newline=None)]
