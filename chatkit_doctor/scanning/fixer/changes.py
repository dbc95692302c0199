"""The algebra of edits: made comparable, tested for conflicts, chosen and applied. Text in, text out."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

from chatkit_doctor.finding import Edit, Finding
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Source

_BARE_LINE_FEED = regex(r"(?<!\r)\n")


class Change(NamedTuple):
    """An edit of one known text, by offsets, in the line ends of the file."""

    start: int
    end: int
    text: str


Changes = Mapping[Path, tuple[Change, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A fix that may be made: the finding it mends, its title, and all that it changes, by file."""

    finding: Finding
    title: str
    changes: Changes


class BadEditError(Exception):
    """The edits of a fix cannot be meant: they overlap each other, or are not of the text as it is."""


def changes_of(edits: Iterable[Edit], sources: Mapping[Path, Source]) -> Changes:
    """Return the edits of one fix as changes by file, without those that change nothing.

    sources: the files as they are now, every edited one among them. Raises BadEditError.
    """
    by_path: dict[Path, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.at.path, []).append(edit)
    changes = {path: tuple(_in_file(of_file, sources[path])) for path, of_file in by_path.items()}
    return {path: of_file for path, of_file in changes.items() if of_file}


def choose(offers: Iterable[Offer]) -> tuple[list[Offer], list[Offer]]:
    """Split offers into those that can be made at once, the earlier ones first, and those that have to wait.

    Fixes that touch wait too: two of them know nothing of each other, and what both would put at one place
    has an order that only one of them can get right. Where both make the same change, it is made once.
    """
    chosen: list[Offer] = []
    waiting: list[Offer] = []
    taken: dict[Path, _Taken] = {}
    for offer in offers:
        if any(path in taken and taken[path].conflicts(mine) for path, mine in offer.changes.items()):
            waiting.append(offer)
            continue
        chosen.append(offer)
        for path, mine in offer.changes.items():
            taken.setdefault(path, _Taken()).add(mine)
    return chosen, waiting


def combined(offers: Iterable[Offer]) -> dict[Path, list[Change]]:
    """Return the changes of offers that go together, by file, each once, in the order of the text."""
    changes: dict[Path, set[Change]] = {}
    for offer in offers:
        for path, of_file in offer.changes.items():
            changes.setdefault(path, set()).update(of_file)
    return {path: sorted(of_file) for path, of_file in changes.items()}


def applied(text: str, changes: Sequence[Change]) -> str:
    """Return a text with sorted changes made that do not overlap."""
    pieces: list[str] = []
    position = 0
    for change in changes:
        pieces += (text[position : change.start], change.text)
        position = change.end
    return "".join([*pieces, text[position:]])


def _in_file(edits: list[Edit], source: Source) -> Iterator[Change]:
    for edit in edits:
        if edit.at.source.text != source.text:
            raise BadEditError(f"an edit of {source.path.name} is made for another text of the file")
        if not 0 <= edit.at.start <= edit.at.end <= len(source.text):
            raise BadEditError(f"an edit of {source.path.name} reaches out of the file")
    # The order of insertions at one place is the one they were given in: sorted() is stable.
    in_order = sorted(edits, key=_span)
    for one, other in pairwise(in_order):
        if other.at.start < one.at.end:
            raise BadEditError(f"two edits of {source.path.name} overlap")
    for (start, end), group in groupby(in_order, key=_span):
        text = "".join([edit.text for edit in group])
        if "\n" in text:
            text = _BARE_LINE_FEED.sub(source.newline, text)
        if text != source.text[start:end]:
            yield Change(start, end, text)


def _span(edit: Edit) -> tuple[int, int]:
    return edit.at.start, edit.at.end


class _Taken:
    """The changes of one text that are chosen: in order, without overlaps."""

    def __init__(self) -> None:
        self._in_order: list[Change] = []
        self._known: set[Change] = set()

    def conflicts(self, mine: Iterable[Change]) -> bool:
        """Return whether a change touches one of these and is none of them."""
        for one in mine:
            if one in self._known:
                continue
            # Of those that start no later than this one ends, the last one reaches furthest.
            at = bisect_right(self._in_order, one.end, key=_start)
            if at and self._in_order[at - 1].end >= one.start:
                return True
        return False

    def add(self, mine: Iterable[Change]) -> None:
        """Take changes among these, each once."""
        for one in mine:
            if one not in self._known:
                self._known.add(one)
                insort(self._in_order, one)


def _start(change: Change) -> int:
    return change.start
