"""Comments in Python, by its own tokenizer, so that none is found in a string."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from chatkit_doctor.scanning.suppressions.comments import Comment, CommentLayout, LineRange
from chatkit_doctor.scanning.suppressions.hash_lines import leading_comments

if TYPE_CHECKING:
    from chatkit_doctor.source import Source

# The ends of f-strings and t-strings, which are tokens of their own from Python 3.12 and 3.14 on.
_TEXT_STARTS = frozenset({getattr(tokenize, "FSTRING_START", None), getattr(tokenize, "TSTRING_START", None)})
_TEXT_ENDS = frozenset({getattr(tokenize, "FSTRING_END", None), getattr(tokenize, "TSTRING_END", None)})
_TRIVIA = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


def python_layout(source: Source) -> CommentLayout:
    """Return the comments of a Python file; of one that has no tokens those before its first code."""
    try:
        tokens = list(tokenize.generate_tokens(_Reader(source)))
    except (tokenize.TokenError, SyntaxError, RecursionError, ValueError):
        return leading_comments(source)
    if any(token.type == tokenize.ERRORTOKEN and token.string in _OPEN_QUOTES for token in tokens):
        return leading_comments(source)
    texts = tuple(_strings(tokens))
    return CommentLayout(
        tuple(_comment(source, token) for token in tokens if token.type == tokenize.COMMENT),
        _code_start(source, tokens),
        (*texts, *_continued(source, tokens)),
        texts,
    )


class _Reader:
    """Lines as the tokenizer wants them, where each line of the source is one, whatever it ends with."""

    def __init__(self, source: Source) -> None:
        self._lines = iter(range(1, source.line_count + 1))
        self._source = source

    def __call__(self) -> str:
        number = next(self._lines, None)
        return "" if number is None else self._source.line(number) + "\n"


def _comment(source: Source, token: tokenize.TokenInfo) -> Comment:
    start = source.line_start(token.start[0]) + token.start[1]
    end = start + len(token.string)
    return Comment(start, end, start + 1, end)


def _code_start(source: Source, tokens: list[tokenize.TokenInfo]) -> int:
    """Return where the first statement begins that is not the module's docstring."""
    code = [token for token in tokens if token.type not in _TRIVIA]
    body = iter(code)
    first = next(body, None)
    if first is not None and first.type == tokenize.STRING and _ends_statement(tokens, first):
        first = next(body, None)
    if first is None or first.type == tokenize.ENDMARKER:
        return len(source.text)
    return source.line_start(first.start[0]) + first.start[1]


def _ends_statement(tokens: list[tokenize.TokenInfo], string: tokenize.TokenInfo) -> bool:
    following = (token for token in tokens[tokens.index(string) + 1 :] if token.type != tokenize.COMMENT)
    return next(following).type in {tokenize.NEWLINE, tokenize.ENDMARKER}


def _strings(tokens: list[tokenize.TokenInfo]) -> Iterator[LineRange]:
    """Yield the lines of strings that take several."""
    open_at: list[int] = []
    for token in tokens:
        if token.type == tokenize.STRING and token.end[0] > token.start[0]:
            yield token.start[0], token.end[0]
        elif token.type in _TEXT_STARTS:
            open_at.append(token.start[0])
        elif token.type in _TEXT_ENDS and open_at:
            yield open_at.pop(), token.end[0]


def _continued(source: Source, tokens: list[tokenize.TokenInfo]) -> Iterator[LineRange]:
    """Yield lines that backslashes hold together."""
    commented = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    code = {token.end[0] for token in tokens if token.type not in _TRIVIA} - commented
    held = [line for line in sorted(code) if line < source.line_count and source.line(line).endswith("\\")]
    # Lines of one run differ from their places in the list by the same number.
    for _, run in groupby(enumerate(held), key=lambda each: each[1] - each[0]):
        lines = [line for _, line in run]
        yield lines[0], lines[-1] + 1


_OPEN_QUOTES = frozenset({'"', "'"})
