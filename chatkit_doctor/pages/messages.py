"""Whether a pasted text holds a message of a page: all of its words in their order, and in its blanks what fits them.

The frame of a message ("object has no attribute", "is not callable") says nothing by itself, since every library's
errors have it. So there is no half a match: the quoted name, class, module or path is there, or the message is another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from chatkit_doctor.pages.templates import BLANK, kinds_of
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

Kinds = Mapping[str, Callable[[str], bool]]

_COLOURS = regex(r"\x1b\[[0-9;]*m")
# What log files, containers, test runners and tracebacks in boxes put before each line.
_MARGIN = regex(r"^(?:[\w.-]+\s+\|\s|E\s{2,}|[│|╭╰>\s]+)", re.MULTILINE)
_CLASS = regex(r"^\w+(?:Error|Warning): (?:… )?")
_WORD = regex(r"[\w./@$#-]+")
_LINE_END = "\n"
_GAP, _END = "…", "$"
# What is said before the words that tell one error from another: by the browser, by ChatKit itself.
_PREFIXES = frozenset(("uncaught", "promise", "invalid", "frame", "params", "chatkit.create"))
_MOST_GAP = 60
_ANY = r"[^ \n]+"
# What a word weighs that is of a certain kind: as much as one that stands there.
_KIND_WEIGHT = 8
# What a message without the class of its error must weigh to be told from others.
_ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Message:
    """A message to look for: the pattern of its words, the kinds of word its blanks take, and how much it tells."""

    pattern: re.Pattern[str]
    kinds: tuple[str, ...]
    weight: int

    def is_in(self, text: str, kinds: Kinds) -> bool:
        """Return whether a text in plain words, as `plain` returns it, holds the message."""
        return any(
            all(kinds[kind](word) for kind, word in zip(self.kinds, found.groups(), strict=True))
            for found in self.pattern.finditer(text)
        )


def message(template: str) -> Message:
    """Return a template as a message to look for. `…` stands for any words, `$` for the end of the line.

    The class of an error in front is not needed where the rest says enough: many paste what is behind it.
    """
    bare = _message(_CLASS.sub("", template))
    return bare if bare.weight >= _ENOUGH else _message(template)


def _message(template: str) -> Message:
    parts: list[str] = []
    kinds: list[str] = []
    weight = 0
    for word in _template_words(template):
        if word == _GAP:
            parts.append(rf"(?:\s+{_ANY}){{0,{_MOST_GAP}}}?")
        elif word == _END:
            parts.append(r"(?=\s*(?:\n|\Z))")
        else:
            parts.append(r"\s+" + _part(word))
            kinds += kinds_of(word)
            weight += _weight(word)
    return Message(re.compile("".join(parts) + r"(?=\s|\Z)"), tuple(kinds), max(weight, 1))


def tells(template: str) -> bool:
    """Return whether a template has words to be known by: not one in all of whose blanks any word may stand."""
    return bool(kinds_of(template)) or BLANK.search(template) is None


def plain(text: str) -> str:
    """Return a text as its words in lower case, a blank before each and the ends of lines kept."""
    lines = _MARGIN.sub("", _COLOURS.sub("", text).replace("\\n", "\n")).split("\n")
    return f" {_LINE_END} ".join(" ".join(_words(line)) for line in lines).join((" ", " "))


def _words(line: str) -> Iterator[str]:
    for found in _WORD.finditer(line.lower()):
        if word := found.group().strip(".-/").removesuffix("$"):
            yield word


def _template_words(template: str) -> Iterator[str]:
    """Yield the words of a template, its blanks, gaps and end among them."""
    blanks = list(BLANK.finditer(template))
    for number, blank in enumerate(blanks):
        template = template.replace(blank.group(), f"blank{number}blank", 1)
    for piece in re.split(f"({_GAP}|{re.escape(_END)}(?=\\Z))", template):
        if piece in {_GAP, _END}:
            yield piece
            continue
        for word in _words(piece):
            yield re.sub(r"blank(\d+)blank", lambda found: blanks[int(found[1])].group(), word)


def _part(word: str) -> str:
    """Return the pattern for one word of a template; a blank of a kind is a group."""
    pattern, start = "", 0
    for blank in BLANK.finditer(word):
        pattern += re.escape(word[start : blank.start()]) + (f"({_ANY})" if blank["kind"] else _ANY)
        start = blank.end()
    return pattern + re.escape(word[start:])


def _weight(word: str) -> int:
    blanks = list(BLANK.finditer(word))
    kinds = sum(_KIND_WEIGHT for blank in blanks if blank["kind"])
    literal = BLANK.sub("", word)
    return kinds + (0 if literal in _PREFIXES or literal.endswith("error") else len(literal))
