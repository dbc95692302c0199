"""The variables that a widget's template asks for: those it is to be given, and those of its own loops.

Templates are written in Jinja, of which only what template files hold is read here: output, `for`, `set`, `if`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatkit_doctor.backend.widgets.blocks import OUTPUT, STATEMENT, blocks
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

_TEXT = regex(r"'[^']*'|\"[^\"]*\"")
# Attributes, filters, tests and calls are no variables.
_OTHER = regex(r"\.\s*\w+|\|\s*\w+|\bis\s+(?:not\s+)?\w+|\b\w+\s*\(|\b\d\w*")
_NAME = regex(r"\b[A-Za-z_]\w*")
_FOR = regex(r"for\s++(?P<targets>[\w,()][\w\s,()]*?)(?<!\s)\s++in\s++(?P<over>.*)", re.DOTALL)
_SET = regex(r"set\s+(?P<target>\w+)\s*(?:=(?P<value>.*))?", re.DOTALL)
_ASKS = regex(r"(?:el)?if\b(?P<asked>.*)", re.DOTALL)
_WORDS = frozenset({"and", "or", "not", "in", "if", "else", "none", "None", "true", "True", "false", "False", "loop"})
_TOLERANT = regex(r"\bdefined\b|\bdefault\b")
_SERIALISED = regex(r"\s*+(?:\(\s*+)?[A-Za-z_]\w*+\s*+(?:\)\s*+)?\|\s*+tojson\s*+")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that a template asks for. start: where in the template. in_loop: whether a loop stands around it.

    is_bare: whether it is written out as it is, so that the writer meets what is missing.
    """

    name: str
    start: int
    in_loop: bool
    is_bare: bool


def variables(template: str) -> Iterator[Variable]:
    """Yield the variables that a template asks for from outside, but for those that it can do without."""
    known: set[str] = set()
    loops: list[set[str]] = []
    for begin, end in blocks(template, OUTPUT, STATEMENT):
        text, start = template[begin + 2 : end - 2], begin + 2
        is_output = template.startswith(OUTPUT, begin)
        is_bare = is_output and _SERIALISED.fullmatch(text) is not None
        if not is_output:
            dash = text.startswith("-")
            text, start = _statement(text[dash:].removesuffix("-"), start + dash, known, loops)
        mine = known.union(*loops)
        for name, at in _names(text):
            if name not in mine:
                yield Variable(name, start + at, bool(loops), is_bare)


def _statement(text: str, start: int, known: set[str], loops: list[set[str]]) -> tuple[str, int]:
    """Return what a statement asks, and where that begins; what it names is known from there on."""
    word = text.strip()
    inner = start + text.index(word) if word else start
    if found := _FOR.fullmatch(word):
        loops.append(set(_NAME.findall(found["targets"])))
        return found["over"], inner + found.start("over")
    if word.startswith("endfor") and loops:
        loops.pop()
    elif found := _SET.fullmatch(word):
        known.add(found["target"])
        return found["value"] or "", inner + max(found.start("value"), 0)
    elif found := _ASKS.fullmatch(word):
        return found["asked"], inner + found.start("asked")
    return "", inner


def _names(text: str) -> Iterator[tuple[str, int]]:
    if _TOLERANT.search(text):
        return
    blank = _blanked(_OTHER, _blanked(_TEXT, text))
    yield from ((found[0], found.start()) for found in _NAME.finditer(blank) if found[0] not in _WORDS)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)
