"""How lists, code and names nearly right are put into a sentence, wherever one is printed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_SURE = 0.75
_LIKELY = 0.6
# To offer a few, for people to choose from, a name may be less like.
_POSSIBLE = 0.55
# What no name is longer than; comparing takes the time of both lengths.
_LONGEST = 80


def joined(words: Iterable[str], last: str = "and") -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    *others, end = words
    return f"{', '.join(others)} {last} {end}" if others else end


def shortened(text: str, limit: int = 40) -> str:
    """Return code on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def last_part(dotted: str) -> str:
    """Return the last part of a dotted name."""
    return dotted.rpartition(".")[2]


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like a name, or None where none is close or two are equally close.

    For what may only speak when there is no doubt: findings and fixes. A candidate that differs in case and
    separators only counts as the same name.
    """
    scored = _scored(name, candidates, _SURE)
    return scored[0][1] if scored and [score for score, _ in scored].count(scored[0][0]) == 1 else None


def nearest_few(name: str, candidates: Iterable[str], most: int = 3) -> list[str]:
    """Return the few candidates most like a name, the best first; none where none is like it at all."""
    return [each for _, each in _scored(name, candidates, _POSSIBLE)[:most]]


def the_nearest(given: str, known: Iterable[str], *, is_sure: bool = False) -> str:
    """Return the clause that names the known word most like one that a person typed, "" where none is near.

    is_sure: whether to name one only where there is no doubt, as `nearest` does.
    """
    likely = [each for _, each in _scored(given, known, _LIKELY)]
    found = nearest(given, likely) if is_sure else next(iter(likely), None)
    return f"the nearest is {found}" if found else ""


def _scored(name: str, candidates: Iterable[str], at_least: float) -> list[tuple[float, str]]:
    """Return the candidates that are like a name, with how much, the most alike first."""
    return list(_known_scores(_plain(name[:_LONGEST]), frozenset(candidates), at_least))


@lru_cache(maxsize=256)
def _known_scores(plain: str, candidates: frozenset[str], at_least: float) -> tuple[tuple[float, str], ...]:
    """Return the same, known for a while: what is wrong in one way is often wrong in many places."""
    from difflib import SequenceMatcher  # only a finding or an error needs it

    matcher = SequenceMatcher(None, "", plain)
    found = []
    shared = dict.fromkeys(map(ord, plain))
    for each, other in _of_fitting_length(candidates, len(plain), at_least):
        # No ratio is above what the letters admit, nor above the quick one.
        together = len(plain) + len(other)
        if together and 2.0 * (len(other) - len(other.translate(shared))) / together < at_least:
            continue
        matcher.set_seq1(other)
        if matcher.quick_ratio() >= at_least:
            found.append((SequenceMatcher(None, plain, other).ratio(), each))
    return tuple(sorted((pair for pair in found if pair[0] >= at_least), reverse=True))


@lru_cache(maxsize=256)
def _of_fitting_length(candidates: frozenset[str], length: int, at_least: float) -> tuple[tuple[str, str], ...]:
    """Return the candidates, with how they are compared, whose lengths admit that they are like one of a length."""
    return tuple(
        (each, other)
        for each, other in _plains(candidates)
        if length + len(other) == 0 or 2.0 * min(length, len(other)) / (length + len(other)) >= at_least
    )


@lru_cache(maxsize=64)
def _plains(candidates: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple((each, _plain(each)) for each in candidates)


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
