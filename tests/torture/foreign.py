"""Texts that somebody else wrote, and what may never come of them in what is printed."""

from __future__ import annotations

import re
import unicodedata

ESC = "\x1b"
# Names and texts, each with something that a terminal, a log or a build's runner would act on.
HOSTILE = (
    f"a{ESC}[31mred{ESC}]0;title\x07",
    "one\n::error file=x::two",
    "::error::three",
    " ::set-output name=x::four",
    "##[error]five",
    "a ##[add-mask]six",
    "##vso[task.setvariable variable=x]seven",
    "line\rover it",
    "line\r\n::warning::eight",
    "\u202eslaag\u202c\u2066x\u2069",
    "zero\u200bwidth\ufeff\u2060",
    "next\x85line\u2028and\u2029on",
    "form\x0cfeed\x0bbell\x07\x08\x7f",
    "c1\x9b31mred\x9d",
    "```\n<script>alert(1)</script>\n```",
    "| a | b |\n|---|---|",
    "]]><x/>&lt;",
    "%0A::error::nine",
    "]]] **bold** [x](javascript:alert(1)) <!-- -->",
)

# What GitHub's runner and Azure's agent take for a command: at the start of a line, blanks aside; or anywhere in it.
_COMMAND = re.compile(r"\s*::|.*##(?:\[|vso\[)", re.DOTALL)
_STEERS = {"Cc", "Cs", "Zl", "Zp"}
_INVISIBLE = frozenset("\u061c\u200b\u200e\u200f\u2060\ufeff\u00ad\u180e") | {
    chr(point)
    for first, last in ((0x202A, 0x202E), (0x2061, 0x206F), (0xE0000, 0xE007F))
    for point in range(first, last + 1)
}


def steering(text: str) -> set[str]:
    """Return the characters of a text that would steer a terminal, or that nobody could see."""
    return {each for each in text if each != "\n" and (unicodedata.category(each) in _STEERS or each in _INVISIBLE)}


def commands(text: str) -> list[str]:
    """Return the lines of a text that a build's runner would take for commands, wherever it ends a line."""
    return [line for line in re.split(r"\r\n|[\n\r]", text) if _COMMAND.match(line)]


def assert_harmless(text: str) -> None:
    """Make sure that printed text steers nothing and commands nothing."""
    assert steering(text) == set()
    assert commands(text) == []
