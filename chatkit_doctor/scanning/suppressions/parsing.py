"""What a comment tells the doctor, from its text alone: `chatkit-doctor: ignore[CK301, CK302] reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.suppressions.comments import Comment
from chatkit_doctor.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = "chatkit-doctor:"
LINE = "ignore"
FILE = "ignore-file"


@dataclass(frozen=True, slots=True)
class Word:
    """A code or a name in the brackets, as written, by offsets in the text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Directive:
    """What one comment tells the doctor, by offsets in the text.

    comment: the comment, or its part where a line holds several: `# noqa  # chatkit-doctor: …`.
    start, end: from the mark up to the brackets, or all that is said where there are none.
    verb: the word behind the mark, "" for none.
    words: what the brackets list.
    brackets: where their inside is; None where there are none.
    is_closed: whether the brackets, if any, are closed.
    """

    comment: Comment
    start: int
    end: int
    verb: str
    words: tuple[Word, ...] = ()
    brackets: tuple[int, int] | None = None
    is_closed: bool = True


def directives(text: str, comments: Iterable[Comment]) -> Iterator[Directive]:
    """Yield what the comments of a text tell the doctor; prose that only begins with its name tells it nothing."""
    for comment in comments:
        if MARK not in text[comment.inner_start : comment.inner_end]:
            continue
        for part in _parts(text, comment):
            directive = _directive(text, part)
            if directive is not None:
                yield directive


def _parts(text: str, comment: Comment) -> Iterator[Comment]:
    """Yield the comments that a line comment holds one behind the other, or a block comment as it is."""
    opening = text[comment.start : comment.inner_start]
    if opening not in _NEXT:
        yield comment
        return
    nexts = (match.start() for match in _NEXT[opening].finditer(text, comment.inner_start, comment.inner_end))
    for start, end in pairwise([comment.start, *nexts, comment.end]):
        end_of_words = start + len(text[start:end].rstrip())
        yield Comment(start, end_of_words, start + len(opening), end_of_words)


def _directive(text: str, comment: Comment) -> Directive | None:
    head = _HEAD.match(text, comment.inner_start, comment.inner_end)
    if head is None:
        return None
    verb, start = head["verb"] or "", head.start("mark")
    if (head["open"] is None or head["gap"]) and not _is_meant(verb):
        return None
    if head["open"] is None:
        end = comment.inner_start + len(text[comment.inner_start : comment.inner_end].rstrip())
        return Directive(comment, start, end, verb)
    inside = head.end()
    close = text.find("]", inside, comment.inner_end)
    end = comment.inner_end if close < 0 else close
    words = tuple(Word(match[0], *match.span()) for match in _WORD.finditer(text, inside, end))
    is_closed = close >= 0
    return Directive(comment, start, end + is_closed, verb, words, (inside, end), is_closed)


def _is_meant(verb: str) -> bool:
    """Return whether a word without brackets is meant to ignore something, as one would tell another tool."""
    word = verb.lower()
    if _OTHER_TOOLS.fullmatch(word):
        return True
    return nearest(word, (LINE, FILE)) is not None


# A number behind the sign is an issue's, and stays in the reason.
_NEXT = {"#": re.compile(r"(?<=\s)#(?!\d)"), "//": re.compile(r"(?<=\s)//")}
_HEAD = regex(rf"[\s*]*+(?P<mark>{MARK})[ \t]*+(?P<verb>[A-Za-z][\w-]*+)?(?P<gap>[ \t]*+)(?P<open>\[)?")
_WORD = regex(r"[^\s,*](?:[^,\r\n]*[^\s,])?")
_OTHER_TOOLS = regex(r"(?:disable|enable|noqa|nosec|nolint|off|skip|suppress|allow|expect)(?:-[a-z-]+)?|ck\d+")
