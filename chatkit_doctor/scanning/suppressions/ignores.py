"""The ignore comments of one file: what each is about, which findings it hides, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING

from chatkit_doctor.checks.doctor.invalid_suppression import CODE as INVALID
from chatkit_doctor.checks.doctor.unused_suppression import CODE as UNUSED
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.suppressions.parsing import FILE, LINE, Directive, Word, directives

if TYPE_CHECKING:
    from chatkit_doctor.finding import Finding
    from chatkit_doctor.scanning.suppressions.comments import CommentedSource
    from chatkit_doctor.source import Source

# What the doctor says of ignore comments would go in circles if it could be ignored by the comment itself.
OF_A_FILE_ONLY = frozenset({UNUSED, INVALID})


@dataclass(frozen=True, slots=True, eq=False)
class Ignore:
    """One ignore comment.

    lines: the lines it is about, none for a whole file. is_above: it stands alone above them.
    is_at_top: no code stands before it.
    """

    directive: Directive
    lines: tuple[int, ...]
    is_above: bool
    is_at_top: bool

    @property
    def is_of_file(self) -> bool:
        """Return whether it is about the whole file."""
        return self.directive.verb == FILE

    @property
    def is_sound(self) -> bool:
        """Return whether it can hide anything: its word, its brackets and its place are right."""
        directive = self.directive
        if directive.brackets is None or not directive.is_closed:
            return False
        return directive.verb == LINE or (self.is_of_file and self.is_at_top)

    def code_of(self, word: Word) -> str | None:
        """Return the code that a word in the brackets stands for, None for one that cannot be ignored here."""
        code = known_code(word.text)
        return None if code in OF_A_FILE_ONLY and not self.is_of_file else code

    def is_about(self, lines: LinesOfFinding) -> bool:
        """Return whether it is about a finding on some lines, of whatever rule."""
        if self.is_of_file:
            return True
        about = lines.starts if self.is_above else lines.starts | lines.ends
        return not about.isdisjoint(self.lines)


@dataclass(frozen=True, slots=True)
class LinesOfFinding:
    """Where a comment about a finding can stand: above or on one of `starts`, or behind what is on one of `ends`."""

    starts: frozenset[int]
    ends: frozenset[int]


_OfCode = tuple[list[tuple["Ignore", "Word"]], dict[int, list[tuple["Ignore", "Word"]]]]


class FileIgnores:
    """The ignore comments of a file, in the order of the text."""

    def __init__(self, commented: CommentedSource) -> None:
        self.commented = commented
        found = directives(self.source.text, commented.layout.comments)
        self.ignores = tuple(self._ignore(directive) for directive in found)

    @property
    def source(self) -> Source:
        """Return the file."""
        return self.commented.source

    @cached_property
    def _by_code(self) -> dict[str, _OfCode]:
        """Return the comments about each code, with the word in them: those about the file, and those about a line."""
        table: dict[str, _OfCode] = {}
        for ignore in self.ignores:
            for word in ignore.directive.words if ignore.is_sound else ():
                of_file, of_lines = table.setdefault(ignore.code_of(word) or "", ([], {}))
                if ignore.is_of_file:
                    of_file.append((ignore, word))
                for line in ignore.lines:
                    of_lines.setdefault(line, []).append((ignore, word))
        return table

    def hiding(self, finding: Finding) -> Iterator[tuple[Ignore, Word]]:
        """Yield the comments, and the words in them, of which each alone hides a finding."""
        of_file, of_lines = self._by_code.get(finding.code, ((), {}))
        yield from of_file
        if not of_lines:
            return
        lines = self.lines_of(finding)
        # A comment is about the lines of one statement, which a finding may have several of.
        found = {id(each): each for line in lines.starts | lines.ends for each in of_lines.get(line, ())}
        yield from ((ignore, word) for ignore, word in found.values() if ignore.is_about(lines))

    def lines_of(self, finding: Finding) -> LinesOfFinding:
        """Return the lines of a finding, and of what no comment can come between."""
        first, last = self.commented.lines_of(finding.at.start, finding.at.end)
        around_first, around_last = list(self.commented.hanging_with(first)), self.commented.hanging_with(last)
        return LinesOfFinding(
            frozenset(start for start, _ in around_first),
            frozenset(end for _, end in (*around_first, *around_last)),
        )

    def _ignore(self, directive: Directive) -> Ignore:
        comment = directive.comment
        is_at_top = comment.start < self.commented.layout.code_start
        if directive.verb == FILE:
            return Ignore(directive, (), is_above=False, is_at_top=is_at_top)
        is_above = self.commented.stands_alone(comment)
        on_lines = self.commented.lines_of(comment.start, comment.end)
        lines = (self.commented.line_below(comment),) if is_above else on_lines
        return Ignore(directive, lines, is_above, is_at_top)


def known_code(text: str) -> str | None:
    """Return the code that a code or a rule's name stands for, None for anything else."""
    code = text.upper()
    return code if code in pages() else _codes_by_name().get(text.lower())


@cache
def _codes_by_name() -> dict[str, str]:
    return {page.name: code for code, page in pages().items()}


def codes_starting(text: str) -> Iterable[str]:
    """Return the codes that begin with a text such as `CK3`."""
    return [code for code in pages() if code.startswith(text.upper())]
