"""Whether people's own words say what a complaint of a page says: the same things, and little beside them.

Words are taken for what they mean (words.toml), a negation together with what it denies: "has no memory" is "forgets".
On a page `history/chat is gone` stands for two complaints, one of the history and one of the chat.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path

from chatkit_doctor.pages.messages import Kinds
from chatkit_doctor.pages.templates import BLANK, kinds_of
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

_TABLES = Path(__file__).with_name("words.toml")
_WORD = regex(r"[\w@.-]+")
_NOT = regex(r"\b(?:can't|cant|cannot|won't|wont|dont|doesnt|isnt|didnt)\b|n't\b")
_ENDINGS = ("", "s", "es", "ed", "d", "ing")
_NEGATION = "not"
_SILENT = ""
# Words up to this many letters are taken as they are.
_SHORT = 4
# How many words around a negation may be what it denies.
_REACH = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says: the words, and what they mean: concepts, and as they are the words without one."""

    words: frozenset[str]
    meanings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What must be said: concepts and words, and for each kind a word of it."""

    needed: frozenset[str]
    kinds: tuple[str, ...]

    @property
    def weight(self) -> int:
        """Return how much the complaint says."""
        return len(self.needed) + 2 * len(self.kinds)

    def is_in(self, said: Said, kinds: Kinds) -> bool:
        """Return whether somebody says as much, and not much of which nothing is known, and which could change it."""
        named = [{word for word in said.words if kinds[kind](word)} for kind in self.kinds]
        if not self.needed <= said.meanings or not all(named):
            return False
        foreign = said.meanings - self.needed - _vocabulary().concepts - {word for words in named for word in words}
        return len(foreign) < self.weight


def complaints(text: str) -> tuple[Complaint, ...]:
    """Return what stands on a page as what must be said for it."""
    kinds = kinds_of(text)
    ways = [word.split("/") for word in BLANK.sub(" ", text).split()]
    return tuple(Complaint(said(" ".join(way)).meanings, kinds) for way in product(*ways))


def said(text: str) -> Said:
    """Return what a text says."""
    words = list(_words(text))
    meant = [_meaning(word) for word in words]
    for index, word in enumerate(meant):
        if word == _NEGATION and (at := _denied(meant, index)) is not None:
            meant[at], meant[index] = _vocabulary().denied[meant[at]], _SILENT
    return Said(frozenset(words), frozenset(filter(None, meant)))


def _denied(meant: list[str], negation: int) -> int | None:
    """Return which word a negation denies: the nearest that can be, of two as near the one behind it."""
    near = (at for at, word in enumerate(meant) if abs(at - negation) <= _REACH and word in _vocabulary().denied)
    return min(near, key=lambda at: (abs(at - negation), -at), default=None)


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text, and behind one with dots those parts of it that mean something."""
    plain = _NOT.sub(" not ", text.lower().replace("\u2019", "'"))
    for found in _WORD.finditer(plain):
        if len(word := found.group().strip(".-")) > 1:
            yield word
            yield from (part for part in word.split(".") if part != word and _meaning(part) in _vocabulary().concepts)


def _meaning(word: str) -> str:
    """Return the concept of a word, `not` for a negation, "" for one that says nothing, else the word's stem."""
    known = _vocabulary().known
    for ending in _ENDINGS:
        if word.endswith(ending) and (stem := word.removesuffix(ending)) in known:
            return known[stem]
    ending = next((each for each in _ENDINGS if each and len(word) > _SHORT and word.endswith(each)), "")
    return word.removesuffix(ending)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """known: concepts by words. denied: what a concept is when it is denied."""

    known: Mapping[str, str]
    denied: Mapping[str, str]
    concepts: frozenset[str]


@cache
def _vocabulary() -> _Vocabulary:
    with _TABLES.open("rb") as file:
        tables = tomllib.load(file)
    denied = tables["negation"]["with"]
    known = dict.fromkeys(tables["silent"]["words"], _SILENT)
    known |= {word: concept for concept, words in tables["concepts"].items() for word in words}
    known |= dict.fromkeys(tables["negation"]["words"], _NEGATION)
    return _Vocabulary(known, denied, frozenset({*tables["concepts"], *denied.values(), _NEGATION}))
