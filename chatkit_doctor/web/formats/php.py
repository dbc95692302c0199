"""PHP that prints HTML: its code is covered, and what it prints as it stands is read like a page.

Read is what stands outside of `<?php … ?>`, and the texts of statements that print a script or an element of a page's
own making. What the code makes is not known. Covers keep their length, so that places stay those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.formats.templates import Covered, blank, name_for

_OPENING = regex(rb"<\?(?:php\b|=)?", re.IGNORECASE)
_TOKEN = regex(
    rb"(?P<comment>(?://|#(?!\[))(?:(?!\?>)[^\r\n])*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?)"
    rb"|'(?P<single>(?:[^'\\]|\\.)*+)'|\"(?P<double>(?:[^\"\\]|\\.)*+)\""
    rb"|<<<[ \t]*(?P<quote>['\"]?)(?P<label>[A-Za-z_]\w*)(?P=quote)\r?\n"
    rb"|(?P<end>\?>)|(?P<semicolon>[;{}])|[^'\"/#<?;{}]++|.",
    re.DOTALL,
)
# What of a text PHP itself fills in, or writes in another way than it stands: variables, escapes, places of printf.
_HOLE = regex(
    rb"\{\$[^{}]{0,200}\}|\$\{[^{}]{0,200}\}|\$\w+(?:\[[^\[\]]{0,100}\]|->\w+)?|\\.|%(?:\d+\$)?[sdf]", re.DOTALL
)
_IN_SINGLE = regex(rb"\\['\\]|%(?:\d+\$)?[sdf]")
# Code between two pieces of a page that decides what is printed and prints nothing itself.
_DECIDES = regex(
    rb"<\?(?:php)?\s*(?:(?:if|else|elseif|endif|for|foreach|endfor|endforeach|while|endwhile|switch|case)\b|[{}$])"
)
_PRINTS = regex(rb"<script\b|<[a-z]+-[a-z]")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in code: its content. plain: without variables (`'…'`)."""

    start: int
    end: int
    plain: bool


@dataclass(frozen=True, slots=True)
class Php(Covered):
    """A PHP file with its code covered. pages: the ranges outside of code, in which an edit is one of the page."""

    pages: tuple[tuple[int, int], ...] = ()

    def is_page(self, start: int, end: int) -> bool:
        """Return whether a range stands outside of code."""
        return any(first <= start and end <= last for first, last in self.pages)


def read_php(data: bytes) -> Php:
    """Return a PHP file with its code covered."""
    view = bytearray(blank(data))
    holes: list[tuple[int, int]] = []
    pages: list[tuple[int, int]] = []
    at = 0
    while at < len(data):
        opening = _OPENING.search(data, at)
        end = opening.start() if opening is not None else len(data)
        if end > at:
            view[at:end] = data[at:end]
            pages.append((at, end))
        if opening is None:
            break
        closed, statements = _code(data, opening.end())
        for texts in statements:
            _show(data, view, holes, texts)
        shows = bool(view[opening.start() : closed].strip())
        if pages and not shows and b"\n" not in data[opening.start() : closed].strip():
            written = data[opening.start() : closed]
            view[opening.start() : closed] = blank(written) if _DECIDES.match(written) else name_for(written)
            holes.append((opening.start(), closed))
        at = closed
    return Php(bytes(view), tuple(sorted(holes)), tuple(pages))


def _code(data: bytes, start: int) -> tuple[int, list[list[_Text]]]:
    """Return where code ends, and its texts by statement."""
    statements: list[list[_Text]] = [[]]
    at = start
    while (token := _TOKEN.match(data, at)) is not None:
        at = token.end()
        if token["end"] is not None:
            return at, statements
        if token["semicolon"] is not None:
            statements.append([])
        elif token["label"] is not None:
            text = _heredoc(data, at, token["label"], plain=token["quote"] == b"'")
            statements[-1].append(text)
            at = text.end
        else:
            for group in ("single", "double"):
                if token[group] is not None:
                    statements[-1].append(_Text(token.start(group), token.end(group), group == "single"))
    return len(data), statements


def _heredoc(data: bytes, start: int, label: bytes, *, plain: bool) -> _Text:
    closing = re.compile(rb"^[ \t]*" + re.escape(label) + rb"\b", re.MULTILINE).search(data, start)
    return _Text(start, closing.start() if closing is not None else len(data), plain)


def _show(data: bytes, view: bytearray, holes: list[tuple[int, int]], texts: list[_Text]) -> None:
    """Show the texts of one statement where they print what is read, with what is between them covered."""
    if not any(_PRINTS.search(data, text.start, text.end) for text in texts):
        return
    before: _Text | None = None
    for text in texts:
        view[text.start : text.end] = data[text.start : text.end]
        for start, end in _filled_in(data, text):
            view[start:end] = name_for(data[start:end]) if data[start : start + 1] != b"\\" else blank(data[start:end])
            holes.append((start, end))
        if before is not None:
            between = data[before.end : text.start]
            is_made = between[1:-1].strip().strip(b".").strip() != b"" and b"." in between
            view[before.end : text.start] = name_for(between) if is_made else blank(between)
            holes.append((before.end, text.start))
        before = text


def _filled_in(data: bytes, text: _Text) -> Iterator[tuple[int, int]]:
    for found in (_IN_SINGLE if text.plain else _HOLE).finditer(data, text.start, text.end):
        yield found.span()
