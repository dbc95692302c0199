"""Texts that a regular expression reads again and again, if any: made from what the expression itself says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_CANDIDATES = " aA0_-./\"'\\\t\n#=:,;<>(){}[]*@|&%$~^+!?`x\x1b\u2028"
# What follows, so that what was read matches nothing after all.
_ENDINGS = ("", "\n", "\x00", "!", " ", "a")
_MOST = 60


def hostile(pattern: str, flags: int) -> Iterator[tuple[str, str, str]]:
    """Yield beginnings, pieces to be repeated, and endings."""
    tree = _parser.parse(pattern, flags)
    found: dict[tuple[str, str], None] = {}
    _pumps(list(tree), "", found, tree.state.flags)
    # What begins a match again and again without ever ending it.
    for cut in range(1, len(tree) + 1):
        for text in _samples(list(tree)[:cut], tree.state.flags):
            found[("", text)] = None
    for beginning, piece in list(found)[:_MOST]:
        for ending in _ENDINGS:
            if piece:
                yield beginning, piece, ending


def _pumps(items: list[Any], before: str, found: dict[tuple[str, str], None], flags: int) -> None:
    """Collect each thing that is repeated, behind the shortest text that leads to it."""
    for place, (code, value) in enumerate(items):
        here = before + next(iter(_samples(items[:place], flags)), "")
        if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            for text in _samples(list(value[2]), flags):
                found[(here, text)] = None
                # Several of them, which may be divided in many ways.
                found[(here, text * 2)] = None
            _pumps(list(value[2]), here, found, flags)
        elif code is op.SUBPATTERN:
            _pumps(list(value[3]), here, found, flags)
        elif code is op.ATOMIC_GROUP:
            _pumps(list(value), here, found, flags)
        elif code is op.BRANCH:
            for branch in value[1]:
                _pumps(list(branch), here, found, flags)
        elif code in {op.ASSERT, op.ASSERT_NOT}:
            _pumps(list(value[1]), here, found, flags)


def _samples(items: list[Any], flags: int) -> list[str]:
    """Return some texts that match a sequence, a few for what can be one thing or another."""
    texts = [""]
    for item in items:
        texts = [text + more for text in texts for more in _of_item(item, flags)][:6]
    return texts


def _of_item(item: Any, flags: int) -> list[str]:
    code, value = item
    if code is op.LITERAL:
        return [chr(value)]
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        return [text * max(value[0], 1) for text in _samples(list(value[2]), flags)]
    if code is op.SUBPATTERN:
        return _samples(list(value[3]), flags)
    if code is op.ATOMIC_GROUP:
        return _samples(list(value), flags)
    if code is op.BRANCH:
        return [text for branch in value[1] for text in _samples(list(branch), flags)[:2]][:4]
    if code in {op.ANY, op.NOT_LITERAL, op.IN}:
        return _characters(item, flags)
    return [""]


def _characters(item: Any, flags: int) -> list[str]:
    """Return some characters that a class takes: a blank, a letter, a mark."""
    code, value = item
    if code is op.ANY:
        return ["a", " "]
    if code is op.NOT_LITERAL:
        return [each for each in " a/" if ord(each) != value][:2]
    taken = [each for each in _CANDIDATES if _is_in(value, each, flags)]
    return (taken[:1] + [each for each in taken if each.isalpha()][:1] + taken[-1:]) or [""]


def _is_in(items: list[Any], character: str, flags: int) -> bool:
    negated = items[0][0] is op.NEGATE
    return any(_takes(each, character, flags) for each in items[negated:]) != negated


def _takes(item: Any, character: str, flags: int) -> bool:
    code, value = item
    if code is op.LITERAL:
        return bool(ord(character) == value or (flags & re.IGNORECASE and character.lower() == chr(value).lower()))
    if code is op.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    categories = {
        op.CATEGORY_DIGIT: character.isdigit(),
        op.CATEGORY_SPACE: character.isspace(),
        op.CATEGORY_WORD: character.isalnum() or character == "_",
    }
    opposites = {
        op.CATEGORY_NOT_DIGIT: op.CATEGORY_DIGIT,
        op.CATEGORY_NOT_SPACE: op.CATEGORY_SPACE,
        op.CATEGORY_NOT_WORD: op.CATEGORY_WORD,
    }
    return not categories[opposites[value]] if value in opposites else categories.get(value, False)
