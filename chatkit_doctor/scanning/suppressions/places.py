"""The places where an ignore comment might hide what stands on a line, the best first. None is tried here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit, Finding
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.suppressions.parsing import LINE, MARK
from chatkit_doctor.web.languages import MARKUP_SUFFIXES

if TYPE_CHECKING:
    from chatkit_doctor.scanning.suppressions.ignores import FileIgnores
    from chatkit_doctor.source import Source


@dataclass(frozen=True, slots=True)
class Place:
    """An edit that may write a comment, and where the comment then starts, by an offset that knows no other edit."""

    edit: Edit
    comment_start: int


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How a language writes comments.

    line: what opens one that runs to the end of its line. blanks: what stands before it behind code.
    block: what opens and closes another, for where a line comment is text; "" for none.
    """

    line: str
    blanks: str
    block: tuple[str, str] = ("", "")


def places(ignores: FileIgnores, findings: Sequence[Finding]) -> Iterator[Place]:
    """Yield the places for a comment about findings that start on one line."""
    codes = {finding.code for finding in findings}
    yield from _merging(ignores, findings, codes)
    words = f"{MARK} {LINE}[{', '.join(sorted(codes))}]"
    syntax = _syntax(ignores.source)
    first = findings[0].at.first.line
    last = max(ignores.commented.lines_of(finding.at.start, finding.at.end)[1] for finding in findings)
    for line in dict.fromkeys([first, last]):
        yield from _behind(ignores, line, words, syntax)
    yield from _above(ignores, first, words, syntax)
    for start, end in ignores.commented.hanging_with(first):
        yield from _behind(ignores, end, words, syntax)
        yield from _above(ignores, start, words, syntax)


def _merging(ignores: FileIgnores, findings: Sequence[Finding], codes: set[str]) -> Iterator[Place]:
    """Yield the lists of comments that are about the line already, with the codes in them."""
    lines = [ignores.lines_of(finding) for finding in findings]
    for ignore in ignores.ignores:
        directive = ignore.directive
        if ignore.is_of_file or not ignore.is_sound or directive.brackets is None:
            continue
        if all(map(ignore.is_about, lines)):
            words = {word.text for word in directive.words} | codes
            at = ignores.source.location(*directive.brackets)
            yield Place(Edit(at, ", ".join(sorted(words))), directive.comment.start)


def _behind(ignores: FileIgnores, line: int, words: str, syntax: _Syntax) -> Iterator[Place]:
    source, text = ignores.source, ignores.source.line(line)
    is_in_text = any(start <= line < end for start, end in ignores.commented.layout.texts)
    # Behind a backslash that continues the line, nothing can stand.
    if not is_in_text and not text.endswith("\\"):
        at = source.line_start(line) + len(text)
        edit = Edit(source.location(at, at), f"{syntax.blanks}{syntax.line} {words}")
        yield Place(edit, at + len(syntax.blanks))


def _above(ignores: FileIgnores, line: int, words: str, syntax: _Syntax) -> Iterator[Place]:
    if any(start < line <= end for start, end in ignores.commented.layout.texts):
        return
    source = ignores.source
    at, text = source.line_start(line), source.line(line)
    indent = text[: len(text) - len(text.lstrip())]
    for opening, closing in ((syntax.line, ""), syntax.block):
        if opening:
            comment = f"{indent}{opening} {words}{closing}{source.newline}"
            yield Place(Edit(source.location(at, at), comment), at + len(indent))


def _syntax(source: Source) -> _Syntax:
    if kind_of(source.path.name) is not FileKind.WEB:
        return _Syntax("#", "  ")
    suffix = source.path.suffix.lower()
    if suffix == ".php":
        # A comment of HTML's would be printed by code.
        return _Syntax("//", " ")
    is_markup = suffix in MARKUP_SUFFIXES
    return _Syntax("//", " ", ("<!--", " -->") if is_markup else ("{/*", " */}"))
