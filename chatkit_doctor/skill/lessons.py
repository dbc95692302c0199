"""What never to write, rule by rule, and what to write instead: the rule pages' own lines, before and after the fix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache

from chatkit_doctor.finding import Severity
from chatkit_doctor.pages.catalogue import Page, pages
from chatkit_doctor.pages.markers import split_marker
from chatkit_doctor.records import dataclass

_LONGEST = 140
_COMMENT = ("#", "//", "/*", "<!--")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A rule in a line. bad, good: a line of code and what takes its place; both "" where no line alone says it."""

    page: Page
    bad: str = ""
    good: str = ""


@dataclass(frozen=True, slots=True)
class _Block:
    kind: str
    labels: frozenset[str]
    lines: Sequence[str]


def lessons(*severities: Severity) -> list[Lesson]:
    """Return a lesson for each rule about code that has one of the severities."""
    return [each for each in _all() if each.page.severity in severities]


@cache
def _all() -> tuple[Lesson, ...]:
    return tuple(_lesson(page) for page in pages().values() if page.meta["area"] != "doctor")


def _lesson(page: Page) -> Lesson:
    # What is wrong with two sides that do not fit is in neither line alone.
    found = _changed_lines(list(_blocks(page.body))) if page.meta["area"] != "pairs" else iter(())
    bad, good = next(found, ("", ""))
    return Lesson(page, bad, good)


def _changed_lines(blocks: Sequence[_Block]) -> Iterator[tuple[str, str]]:
    """Yield the marked lines of bad blocks that a fix changes into one other, each with that."""
    fixed = {block.labels: block.lines for block in blocks if block.kind == "fixed"}
    for block in blocks:
        if block.kind != "bad" or block.labels not in fixed:
            continue
        after = fixed[block.labels]
        before, markers = zip(*map(split_marker, block.lines), strict=True)
        for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag == "replace" and end - start == new_end - new_start == 1 and markers[start]:
                bad, good = before[start].strip(), after[new_start].strip()
                if not good.startswith(_COMMENT) and max(len(bad), len(good)) <= _LONGEST:
                    yield bad, good


def _blocks(body: str) -> Iterator[_Block]:
    """Yield the blocks of a page that are cases."""
    lines = iter(body.split("\n"))
    for line in lines:
        if not line.startswith("```"):
            continue
        inside = []
        for each in lines:
            if each == "```":
                break
            inside.append(each)
        _, *words = line.split(" ")
        if words:
            yield _Block(words[0], frozenset(word for word in words[1:] if not word.startswith("target=")), inside)
