"""Python newer than the interpreter that runs the doctor, written over so that this one can read it.

Each character stays where it is and each line keeps its number: what is new is blanked, or spelt as it was before.
Type parameters are left out, `type X = …` becomes an assignment, the types of a bare `except A, B` are joined by
`|`, and an f-string that only a newer interpreter can take apart becomes a tuple of what stands in its braces.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

PythonVersion = tuple[int, int]
_TYPE_PARAMETERS, _NESTED_STRINGS, _BARE_EXCEPT, _TEMPLATES = (3, 12), (3, 12), (3, 14), (3, 14)

_STRING = regex(r"""(?i)(?<!\w)(?P<prefix>[a-z]{1,2})?(?P<quote>'''|\"\"\"|'|")|#[^\n]*""")
_GENERIC = regex(r"^[ \t]*(?:class|(?:async[ \t]+)?def)[ \t]+\w+[ \t]*(?=\[)", re.MULTILINE)
_ALIAS = regex(r"^[ \t]*(?P<word>type[ \t])[ \t]*\w+[ \t]*(?P<parameters>\[)?", re.MULTILINE)
_EXCEPT = regex(r"^[ \t]*except\b\*?(?P<types>(?=[^:\n]*?,)[^:\n]*+):", re.MULTILINE)
_PAIRS = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Older:
    """A text that this interpreter may read, and the release of Python that the first text needs."""

    text: str
    needs: PythonVersion


def older(text: str) -> Older | None:
    """Return a text in the Python of this interpreter, None where nothing newer that is known stands in it."""
    made = _Writer(text)
    made.strings()
    made.type_parameters()
    made.bare_excepts()
    return Older("".join(made.characters), max(made.needs)) if made.needs else None


class _Writer:
    """The characters of a text, written over in place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.characters = list(text)
        self.code = list(text)  # with strings and comments blanked
        self.needs: set[PythonVersion] = set()

    def strings(self) -> None:
        """Write over the f-strings and t-strings that this interpreter cannot take apart, and blank all in `code`."""
        at = 0
        while match := _STRING.search(self.text, at):
            at = self._after(match)
            self._blank(self.code, match.start(), at)

    def _after(self, match: re.Match[str]) -> int:
        """Return where a comment or a string ends; one with braces is written over where it has to be."""
        quote, prefix = match["quote"], (match["prefix"] or "").lower()
        if quote is None:
            return match.end()
        if "f" not in prefix and "t" not in prefix:
            return _end_of_plain(self.text, match.end(), quote)
        parts = _Template(self.text, match.end(), quote, is_raw="r" in prefix)
        if "t" in prefix or not _is_read(self.text[match.start() : parts.end]):
            self.needs.add(_TEMPLATES if "t" in prefix else _NESTED_STRINGS)
            self._as_tuple(match.start(), parts)
        return parts.end

    def _as_tuple(self, start: int, parts: _Template) -> None:
        self._blank(self.characters, start, parts.end)
        self.characters[start] = "("
        for field in parts.fields:
            # What stands in braces may itself have strings that are newer.
            inner = _Writer(self.text[field.start : field.end])
            inner.strings()
            self.characters[field.start : field.end] = inner.characters
            self.characters[field.closed] = ","
        self.characters[parts.end - 1] = ")"

    def type_parameters(self) -> None:
        """Leave the type parameters of classes, functions and aliases out."""
        code = "".join(self.code)
        for match in _GENERIC.finditer(code):
            self._leave_out(code, match.end())
        for match in _ALIAS.finditer(code):
            opening = match.start("parameters")
            end = _closing(code, opening) if opening >= 0 else match.end()
            if end is None or not re.match(r"\s*=(?!=)", code[end:]):
                continue
            if opening >= 0:
                self._leave_out(code, opening)
            at = match.start("word")
            self.characters[at : at + 5] = "pass;"
            self.needs.add(_TYPE_PARAMETERS)

    def _leave_out(self, code: str, start: int) -> None:
        end = _closing(code, start)
        if end is not None:
            self.needs.add(_TYPE_PARAMETERS)
            self._blank(self.characters, start, end, joined=True)

    def bare_excepts(self) -> None:
        """Join the types that stand behind an `except` without parentheses."""
        code = "".join(self.code)
        for match in _EXCEPT.finditer(code):
            commas = list(_outer_commas(code, match.start("types"), match.end("types")))
            for at in commas:
                self.characters[at] = "|"
            if commas:
                self.needs.add(_BARE_EXCEPT)

    def _blank(self, characters: list[str], start: int, end: int, *, joined: bool = False) -> None:
        for at in range(start, end):
            if self.text[at] not in "\r\n":
                characters[at] = " "
            elif joined and characters[at - 1] == " ":
                characters[at - 1] = "\\"


@dataclass(frozen=True, slots=True)
class _Field:
    """Where an expression in braces stands, and where the `!`, the `:` or the brace behind it does."""

    start: int
    end: int
    closed: int


class _Template:
    """The parts of an f-string or t-string: where it ends, and what stands in its braces."""

    def __init__(self, text: str, start: int, quote: str, *, is_raw: bool) -> None:
        self.fields: list[_Field] = []
        self._text = text
        self._quote = quote
        self._is_raw = is_raw
        self.end = self._literal(start, until=quote)

    def _literal(self, at: int, until: str) -> int:
        """Read up to the quote, or up to the brace that ends a format; return where that ends."""
        text = self._text
        while at < len(text):
            if text.startswith(until, at):
                return at + len(until)
            if until != self._quote and text.startswith(self._quote, at):
                return at
            is_escaped = text[at] == "\\" and not self._is_raw
            if is_escaped or (until == self._quote and text.startswith(("{{", "}}"), at)):
                at += 2
            elif text[at] == "{":
                at = self._field(at + 1)
            else:
                at += 1
        return len(text)

    def _field(self, start: int) -> int:
        """Read what stands in a pair of braces; return where that ends."""
        at = _end_of_expression(self._text, start)
        written = self._text[start:at]
        shown = written.rstrip()  # `{x=}` shows the name as well
        end = start + len(shown) - 1 if shown.endswith("=") else at
        if at < len(self._text):
            self.fields.append(_Field(start, end, at))
        if self._text.startswith("!", at):
            at = next((each for each in range(at, len(self._text)) if self._text[each] in ":}"), len(self._text))
        if self._text.startswith(":", at):
            return self._literal(at + 1, until="}")
        return at + 1


def _end_of_expression(text: str, at: int) -> int:
    """Return where an expression in braces ends: at its `!`, its `:` or its closing brace."""
    depth = 0
    while at < len(text):
        match = _STRING.match(text, at)
        if match is not None:
            at = _end_of_string(text, match)
        elif text[at] in _PAIRS:
            depth += 1
            at += 1
        elif depth and text[at] in _PAIRS.values():
            depth -= 1
            at += 1
        elif depth == 0 and (text[at] in ":}" or (text[at] == "!" and not text.startswith("!=", at))):
            return at
        else:
            at += 1
    return at


def _end_of_string(text: str, match: re.Match[str]) -> int:
    quote, prefix = match["quote"], (match["prefix"] or "").lower()
    if quote is None:
        return match.end()
    if "f" in prefix or "t" in prefix:
        return _Template(text, match.end(), quote, is_raw="r" in prefix).end
    return _end_of_plain(text, match.end(), quote)


def _end_of_plain(text: str, at: int, quote: str) -> int:
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(quote, at):
            return at + len(quote)
        elif len(quote) == 1 and text[at] == "\n":
            return at
        else:
            at += 1
    return len(text)


def _closing(code: str, opening: int) -> int | None:
    """Return where the bracket that opens at a place is closed again, behind it."""
    depth = 0
    for at in range(opening, len(code)):
        depth += (code[at] in _PAIRS) - (code[at] in _PAIRS.values())
        if depth == 0:
            return at + 1
    return None


def _outer_commas(code: str, start: int, end: int) -> Iterator[int]:
    depth = 0
    for at in range(start, end):
        depth += (code[at] in _PAIRS) - (code[at] in _PAIRS.values())
        if depth == 0 and code[at] == ",":
            yield at


def _is_read(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(f"({text})", mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True
