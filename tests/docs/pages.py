"""README.md and the pages of docs/ as the tests read them: their text, what stands below a heading, their blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.main import get_command

from chatkit_doctor.commands.cli import app
from tests.commands import ROOT

DOCS = ROOT / "docs"
# By the names under which tests speak of them: `README.md`, `docs/settings.md`.
PAGES = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "README.md", *sorted(DOCS.glob("*.md")))}

# The languages of blocks with commands.
SHELL = ("", "sh")

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    page: str
    language: str
    text: str


def text_of(page: str) -> str:
    return PAGES[page].read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    """Return what stands below a heading, given with its `#`, up to the next of any level."""
    lines = text_of(page).splitlines(keepends=True)
    headings = list(_headings(lines))
    (start,) = (number for number in headings if lines[number].rstrip() == heading)
    end = next((number for number in headings if number > start), len(lines))
    return "".join(lines[start + 1 : end])


def _headings(lines: list[str]) -> Iterator[int]:
    """Yield the numbers of the lines that are headings; in a block a line may begin with # as well."""
    in_block = False
    for number, line in enumerate(lines):
        if line.startswith("```"):
            in_block = not in_block
        elif line.startswith("#") and not in_block:
            yield number


def blocks(page: str, language: str | None = None) -> list[Block]:
    """Return the fenced blocks of a page, of one language or of all, in their order."""
    found = [Block(page, *match) for match in _FENCE.findall(text_of(page))]
    return [block for block in found if language in {None, block.language}]


def blocks_below(page: str, heading: str, language: str) -> list[str]:
    return [text for found, text in _FENCE.findall(section(page, heading)) if found == language]


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the rows of the tables below a heading, without their first rows."""
    found = [line for line in section(page, heading).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in found]
    rules = [index for index, row in enumerate(cells) if set("".join(row)) <= set("-: ")]
    return [row for index, row in enumerate(cells) if not {index, index + 1} & set(rules)]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def options_in(cell: str) -> list[str]:
    """Return the long options that a cell of a table names."""
    return [word.strip("`,") for word in cell.split() if word.startswith("`--")]


def options_of(command: str) -> list[str]:
    """Return the long options that a command of the doctor takes; of a pair the one that switches on."""
    group: Any = get_command(app)
    params = group.commands[command].params
    return [option for param in params for option in param.opts if option.startswith("--")]
