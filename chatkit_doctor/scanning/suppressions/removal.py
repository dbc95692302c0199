"""Edits that take codes out of an ignore comment, or the comment away."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit

if TYPE_CHECKING:
    from chatkit_doctor.scanning.suppressions.comments import Comment
    from chatkit_doctor.scanning.suppressions.parsing import Directive, Word
    from chatkit_doctor.source import Source

_BLANKS = " \t"
_MARKUP = ("<!--", "{/*")


def without_words(source: Source, directive: Directive, gone: Collection[Word]) -> Edit:
    """Return the edit that takes words out of the brackets; with the last of them the comment goes."""
    gone = frozenset(gone)
    left = [word.text for word in directive.words if word not in gone]
    if not left or directive.brackets is None:
        return without_comment(source, directive.comment)
    return Edit(source.location(*directive.brackets), ", ".join(left))


def without_comment(source: Source, comment: Comment) -> Edit:
    """Return the edit that removes a comment: with its line where it has that to itself, else with blanks around it."""
    first, last = source.position(comment.start).line, source.position(max(comment.start, comment.end - 1)).line
    line_start, after_line = source.line_start(first), source.line_start(last + 1)
    before = source.text[line_start : comment.start]
    behind = source.text[comment.end : after_line].rstrip("\r\n")
    if not before.strip() and not behind.strip():
        return Edit(source.location(line_start, after_line), "")
    if not before.strip():
        blanks = len(behind) - len(behind.lstrip(_BLANKS))
        return Edit(source.location(comment.start, comment.end + blanks), "")
    start = line_start + len(before.rstrip(_BLANKS))
    if not behind.strip():
        return Edit(source.location(start, comment.end + len(behind)), "")
    # Words of code on both sides must not grow together; in markup a comment between two letters is no blank.
    is_glued = start == comment.start and source.text.startswith(_MARKUP, comment.start)
    return Edit(source.location(start, comment.end), "" if behind[0] in _BLANKS or is_glued else " ")
