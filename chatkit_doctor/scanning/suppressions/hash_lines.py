"""Comments that a `#` opens and that can be told from a line alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.scanning.suppressions.comments import Comment, CommentLayout

if TYPE_CHECKING:
    from chatkit_doctor.source import Source


def leading_comments(source: Source) -> CommentLayout:
    """Return the comments before the first line that is neither blank nor a comment."""
    comments = []
    for line in range(1, source.line_count + 1):
        comment = comment_line(source, line)
        if comment is not None:
            comments.append(comment)
        elif source.line(line).strip():
            return CommentLayout(tuple(comments), source.line_start(line))
    return CommentLayout(tuple(comments), len(source.text))


def comment_lines(source: Source) -> Iterator[Comment]:
    """Yield the comments that have their lines to themselves."""
    for line in range(1, source.line_count + 1):
        comment = comment_line(source, line)
        if comment is not None:
            yield comment


def comment_line(source: Source, line: int) -> Comment | None:
    """Return the comment that a line is, None for any other line."""
    text = source.line(line)
    indent = len(text) - len(text.lstrip())
    if not text.startswith("#", indent):
        return None
    start = source.line_start(line)
    return Comment(start + indent, start + len(text), start + indent + 1, start + len(text))
