"""The literals that one string is written as: `"SELECT …" f" LIMIT {n}"` is two of them."""

from __future__ import annotations

import ast

from chatkit_doctor.patterns import regex
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass

_OPENING = regex(r"(?P<prefix>[A-Za-z]{0,2})(?P<quotes>\"\"\"|'''|\"|')")
_BETWEEN = regex(r"(?:\s|\\\n|\\\r\n|#[^\n]*)+")


@dataclass(frozen=True, slots=True)
class StringPiece:
    """One literal.

    start: where it begins in the file. prefix: in lower case. body, at: what stands in its quotes, and where.
    """

    start: int
    prefix: str
    body: str
    at: int

    @property
    def is_formatted(self) -> bool:
        """Return whether names in braces are filled in."""
        return "f" in self.prefix


def string_pieces(module: Module, node: ast.Constant | ast.JoinedStr) -> list[StringPiece]:
    """Return the literals of a string in the order of the text; none where they are written in another way."""
    text, begin = module.location(node).text, module.location(node).start
    pieces: list[StringPiece] = []
    at = 0
    while at < len(text):
        opening = _OPENING.match(text, at)
        if opening is None:
            return []
        end = _end(text, opening.end(), opening["quotes"])
        if end is None:
            return []
        prefix = opening["prefix"].lower()
        pieces.append(StringPiece(begin + at, prefix, text[opening.end() : end], begin + opening.end()))
        at = end + len(opening["quotes"])
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
    return pieces


def _end(text: str, at: int, quotes: str) -> int | None:
    """Return where the quotes stand that end a literal."""
    while at < len(text):
        if text[at] == "\\":
            # In a raw literal as well, a backslash keeps a quote from ending it.
            at += 2
        elif text.startswith(quotes, at):
            return at
        else:
            at += 1
    return None
