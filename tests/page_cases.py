"""Reads the cases that stand on rule pages: fenced blocks that are the files of small projects.

The info string of a block: its language, then bad, fixed or good, then `case=NAME`, `path=REL/PATH` and
`target=PACKAGE=RELEASE`. Blocks of one case make one project. A bad block marks its findings with a trailing
comment, `# expect: CK101 "chatkit.stores"`, on the line on which the span starts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt

from chatkit_doctor.pages.catalogue import Page
from chatkit_doctor.pages.markers import split_marker

_DEFAULT_PATHS = {
    "python": "app.py",
    "ts": "app.ts",
    "tsx": "app.tsx",
    "js": "app.js",
    "jsx": "app.jsx",
    "html": "index.html",
    "vue": "App.vue",
    "svelte": "App.svelte",
    "json": "package.json",
    "toml": "pyproject.toml",
    "text": "requirements.txt",
}
_KINDS = ("bad", "fixed", "good")


@dataclass(frozen=True)
class Block:
    """A fenced block that takes part in a test. kind: bad, fixed or good."""

    kind: str
    case: str
    path: str
    text: str
    targets: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Expected:
    """A finding that a page promises: where it starts, and the first line of its span."""

    path: str
    line: int
    code: str
    span: str


@dataclass
class Case:
    """A small project of a page: its files as they are scanned, what is found there, what the fix makes of them."""

    page: Page
    name: str
    files: dict[str, str] = field(default_factory=dict)
    expected: list[Expected] = field(default_factory=list)
    fixed: dict[str, str] = field(default_factory=dict)
    targets: tuple[str, ...] = ()
    is_bad: bool = False

    def __str__(self) -> str:
        return f"{self.page.code}-{self.name}"


@cache
def cases(page: Page) -> tuple[Case, ...]:
    """Return the cases of a page in the order of their first blocks. Raises ValueError for a page made wrongly."""
    found: dict[str, Case] = {}
    for block in blocks(page):
        case = found.setdefault(block.case, Case(page, block.case))
        _add(case, block)
    return tuple(found.values())


def language_of(path: str) -> str:
    """Return the word by which a block names the language of a file."""
    by_suffix = {default.rpartition(".")[2]: language for language, default in _DEFAULT_PATHS.items()}
    suffix = path.rpartition(".")[2]
    return by_suffix.get(suffix, suffix)


def headings(page: Page) -> list[tuple[str, str]]:
    """Return the headings of a page: the tag (h1, h2) and the text."""
    tokens = MarkdownIt().parse(page.body)
    return [(token.tag, inline.content) for token, inline in pairwise(tokens) if token.type == "heading_open"]


def blocks(page: Page) -> Iterator[Block]:
    """Yield the blocks of a page that take part in a test."""
    for token in MarkdownIt().parse(page.body):
        if token.type != "fence":
            continue
        language, *words = token.info.split()
        kind = next((word for word in words if word in _KINDS), None)
        if kind is not None:
            yield _block(page, language, kind, token.content, [word for word in words if word != kind])


def _block(page: Page, language: str, kind: str, text: str, words: list[str]) -> Block:
    options: dict[str, list[str]] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals or key not in {"case", "path", "target"}:
            raise ValueError(f"{page.code}: {word!r} says nothing about a block")
        options.setdefault(key, []).append(value)
    case = options.get("case", ["only"])[0]
    path = options.get("path", [_DEFAULT_PATHS[language]])[0]
    return Block(kind, case, path, text, tuple(options.get("target", ())))


def _add(case: Case, block: Block) -> None:
    place = case.fixed if block.kind == "fixed" else case.files
    if block.path in place:
        raise ValueError(f"{case}: {block.path} is given twice")
    case.targets += block.targets
    if block.kind == "fixed":
        case.fixed[block.path] = block.text
        return
    text, expected = unmarked(block)
    if expected and block.kind == "good":
        raise ValueError(f"{case}: the good block {block.path} marks a finding")
    case.files[block.path] = text
    case.expected += expected
    case.is_bad = case.is_bad or block.kind == "bad"


def unmarked(block: Block) -> tuple[str, list[Expected]]:
    """Return the text of a block without its markers, and what they promise."""
    lines, expected = [], []
    for number, line in enumerate(block.text.split("\n"), start=1):
        code, marker = split_marker(line)
        lines.append(code)
        expected += [Expected(block.path, number, *finding) for finding in _findings(marker)]
    return "\n".join(lines), expected


def _findings(marker: str) -> Iterator[tuple[str, str]]:
    while marker:
        code, _, rest = marker.partition(" ")
        span, end = json.JSONDecoder().raw_decode(rest)
        yield code, span
        marker = rest[end:].removeprefix("; ")
