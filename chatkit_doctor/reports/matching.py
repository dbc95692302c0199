"""Which lines two texts have in common, in time that grows with what was changed and not with its square."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher

# Up to so many lines difflib says it alone; it takes seconds for some thousand changes in as many lines.
_FEW = 2_000


class Matcher(SequenceMatcher[str]):
    """A `SequenceMatcher` that parts long texts at lines which stand once in both, and compares what lies between."""

    def __init__(self, old: Sequence[str], new: Sequence[str], *, autojunk: bool = True) -> None:
        super().__init__(None, "", "", autojunk=autojunk)
        self._lines = (old, new)
        if len(old) + len(new) <= 2 * _FEW:
            self.set_seqs(old, new)

    def get_matching_blocks(self) -> list[Match]:
        """Return the stretches that are the same, in their order, with an empty one at the end."""
        old, new = self._lines
        if len(old) + len(new) <= 2 * _FEW:
            return super().get_matching_blocks()
        return [*_joined(_blocks(old, new)), Match(len(old), len(new), 0)]


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Match]:
    """Yield the stretches that are the same, each between two lines that stand once in both, or one of these."""
    at, its = 0, 0
    for one, other in [*_anchors(old, new), (len(old), len(new))]:
        yield from _between(old[at:one], new[its:other], at, its)
        if one < len(old):
            yield Match(one, other, 1)
        at, its = one + 1, other + 1


def _between(old: Sequence[str], new: Sequence[str], at: int, its: int) -> Iterator[Match]:
    first = _in_common(old, new)
    last = min(_in_common(old[::-1], new[::-1]), len(old) - first, len(new) - first)
    if first:
        yield Match(at, its, first)
    middle, its_middle = old[first : len(old) - last], new[first : len(new) - last]
    # Where nothing tells the lines apart, nobody could say which of them are the same ones.
    if middle and its_middle and len(middle) + len(its_middle) <= 2 * _FEW:
        for found in SequenceMatcher(None, middle, its_middle).get_matching_blocks()[:-1]:
            yield Match(at + first + found.a, its + first + found.b, found.size)
    if last:
        yield Match(at + len(old) - last, its + len(new) - last, last)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the lines that stand once in both texts, as many as there are in one order: by old and new numbers."""
    counts, its_counts = Counter(old), Counter(new)
    places = {line: at for at, line in enumerate(new) if its_counts[line] == 1}
    pairs = [(at, places[line]) for at, line in enumerate(old) if counts[line] == 1 and line in places]
    # The longest rising series, by the least end of one of each length.
    ends: list[int] = []
    chains: list[int] = []
    before: list[int] = []
    for index, (_, other) in enumerate(pairs):
        length = bisect_left(ends, other)
        before.append(chains[length - 1] if length else -1)
        ends[length : length + 1] = [other]
        chains[length : length + 1] = [index]
    found: list[tuple[int, int]] = []
    index = chains[-1] if chains else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _joined(blocks: Iterator[Match]) -> Iterator[Match]:
    """Yield stretches, those as one that follow each other in both texts."""
    start = Match(0, 0, 0)
    for each in blocks:
        if (start.a + start.size, start.b + start.size) == (each.a, each.b):
            start = Match(start.a, start.b, start.size + each.size)
            continue
        if start.size:
            yield start
        start = each
    if start.size:
        yield start


def _in_common(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, its) in pairs if mine != its), min(len(one), len(other)))
