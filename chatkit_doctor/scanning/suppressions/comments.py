"""The comments of one file, whatever its language: where each stands, and where none can stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.source import Source

LineRange = tuple[int, int]
"""The first and the last of some lines, from 1."""


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, by offsets in the text.

    start, end: with its delimiters, and in JSX with the braces around it.
    inner_start, inner_end: what is said, without the delimiters.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int


@dataclass(frozen=True, slots=True)
class CommentLayout:
    """What a language's reader tells of a file.

    comments: in the order of the text.
    code_start: where the first code begins, headers such as a docstring or a doctype left out.
    unbroken: lines that hang together, so that no comment can stand between them.
    texts: those of them in which none is to be written: from Python 3.12 on one can stand inside an f-string, where
    older ones refuse the file for it.
    """

    comments: tuple[Comment, ...] = ()
    code_start: int = 0
    unbroken: tuple[LineRange, ...] = ()
    texts: tuple[LineRange, ...] = ()


class CommentedSource:
    """A file's text with its comments, and what they share their lines with."""

    def __init__(self, source: Source, layout: CommentLayout) -> None:
        self.source = source
        self.layout = layout

    @cached_property
    def code(self) -> str:
        """Return the text with blanks for comments, as long as the text."""
        pieces: list[str] = []
        position = 0
        for comment in self.layout.comments:
            if comment.start < position:
                continue
            pieces += (self.source.text[position : comment.start], _NOT_LINE_END.sub(" ", self._text(comment)))
            position = comment.end
        return "".join([*pieces, self.source.text[position:]])

    def _text(self, comment: Comment) -> str:
        return self.source.text[comment.start : comment.end]

    def lines_of(self, start: int, end: int) -> LineRange:
        """Return the lines of a stretch of the text."""
        return self.source.position(start).line, self.source.position(max(start, end - 1)).line

    def has_code(self, line: int) -> bool:
        """Return whether a line holds anything else than comments."""
        start, end = self.source.line_start(line), self.source.line_start(line + 1)
        return bool(self.code[start:end].strip())

    def stands_alone(self, comment: Comment) -> bool:
        """Return whether there are only comments on a comment's lines."""
        return not any(map(self.has_code, self.lines_of(comment.start, comment.end)))

    def line_below(self, comment: Comment) -> int:
        """Return the line under a comment, or under the lines of comments that follow it."""
        line = self.lines_of(comment.start, comment.end)[1] + 1
        passed = []
        while line not in self._below and line in self._comment_lines and not self.has_code(line):
            passed.append(line)
            line += 1
        found = self._below.get(line, line)
        # What the lines on the way lead to is the same, so that no line is looked at twice.
        self._below.update(dict.fromkeys(passed, found))
        return found

    @cached_property
    def _below(self) -> dict[int, int]:
        return {}

    def hanging_with(self, line: int) -> Iterator[LineRange]:
        """Yield the lines that hang together with a line, innermost first, itself alone before all."""
        yield line, line
        around = (each for each in self.layout.unbroken if each[0] <= line <= each[1])
        yield from sorted(around, key=lambda each: each[1] - each[0])

    @cached_property
    def _comment_lines(self) -> frozenset[int]:
        spans = (self.lines_of(comment.start, comment.end) for comment in self.layout.comments)
        return frozenset(line for first, last in spans for line in range(first, last + 1))


_NOT_LINE_END = regex(r"[^\r\n]")
