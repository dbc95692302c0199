"""Pages lead where they say: every relative link has its file and its heading, and the index has every page."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.commands import ROOT
from tests.docs.pages import DOCS, relative

_MARKDOWN = MarkdownIt("commonmark").enable("table")


@cache
def tokens(path: Path) -> list[Token]:
    """Return the tokens of a page, those inside of lines too; what stands between dashes at its top is no text."""
    text = path.read_text(encoding="utf-8")
    if text.startswith("---\n"):
        text = text.split("---\n", 2)[2]
    return [each for token in _MARKDOWN.parse(text) for each in (token, *(token.children or ()))]


def markdown_files() -> list[Path]:
    """Return the Markdown of the repository; of folders in which tools write, what belongs to it."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False)
    kept = {ROOT / name for name in listed.stdout.splitlines()}
    own = {path for pattern in ("*.md", "docs/*.md", "rules/*.md") for path in ROOT.glob(pattern)}
    return sorted(path for path in own | kept if path.exists())


def links(path: Path) -> Iterator[str]:
    for token in tokens(path):
        for name in ("href", "src"):
            if isinstance(target := token.attrs.get(name), str):
                yield target


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    found: Counter[str] = Counter()
    names = set()
    for opening, inline in zip(tokens(path), tokens(path)[1:], strict=False):
        if opening.type == "heading_open":
            text = "".join(each.content for each in inline.children or () if each.type in {"text", "code_inline"})
            name = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            names.add(f"{name}-{found[name]}" if found[name] else name)
            found[name] += 1
    return names


@pytest.mark.parametrize("path", markdown_files(), ids=relative)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    dangling = []
    for link in links(path):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = unquote(link).partition("#")
        file = (path.parent / target).resolve() if target else path
        if not file.exists() or not file.is_relative_to(ROOT) or (anchor and anchor not in anchors(file)):
            dangling.append(link)

    assert dangling == []


def test_the_index_leads_to_every_page_of_the_folder() -> None:
    index = DOCS / "README.md"

    assert {path.name for path in DOCS.glob("*.md")} - {index.name} <= set(links(index))


def test_the_readme_leads_to_every_page_of_the_folder() -> None:
    there = set(links(ROOT / "README.md"))

    assert {relative(path) for path in DOCS.glob("*.md")} - {"docs/README.md"} <= there


@pytest.mark.parametrize("path", markdown_files(), ids=relative)
def test_every_row_of_a_table_has_the_cells_of_its_head(path: Path) -> None:
    """A bar that is not escaped cuts a cell in two, and what is too much for the head is not shown."""
    lines = path.read_text(encoding="utf-8").splitlines()
    offset = lines.index("---", 1) + 1 if lines[:1] == ["---"] else 0
    for token in tokens(path):
        if token.type == "table_open" and token.map is not None:
            table = lines[offset + token.map[0] : offset + token.map[1]]
            assert {len(re.findall(r"(?<!\\)\|", line.strip().strip("|"))) for line in table} == {
                len(re.findall(r"(?<!\\)\|", table[0].strip().strip("|")))
            }
