"""docs/ignoring.md: each comment in its examples hides what it says, and each hides something."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from chatkit_doctor.pages.catalogue import pages
from tests.commands import call
from tests.docs.pages import SHELL, Block, blocks

EXAMPLES = [block for block in blocks("docs/ignoring.md") if block.language not in SHELL]
NAMES = {"python": "app.py", "tsx": "Chat.tsx", "html": "index.html"}
COMMENT = re.compile(r"chatkit-doctor: ignore(?:-file)?\[([\w-]+)\]")


def scanned(text: str, file: Path) -> tuple[set[str], int]:
    """Return the codes that are found in a file of its own, and how many findings are hidden."""
    file.write_text(text, encoding="utf-8")
    document = json.loads(call("scan", "--format", "json", str(file)).stdout)
    return {each["code"] for each in document["findings"]}, document["summary"]["suppressed"]


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: f"{block.language}-{COMMENT.findall(block.text)[0]}")
def test_every_comment_hides_what_it_says(block: Block, tmp_path: Path) -> None:
    by_name = {page.name: code for code, page in pages().items()}
    named = {by_name.get(rule, rule) for rule in COMMENT.findall(block.text)}
    file = tmp_path / NAMES[block.language]

    with_comments, hidden = scanned(block.text, file)
    without, none = scanned(COMMENT.sub("", block.text), file)

    assert named
    assert named <= without
    assert with_comments == without - named
    assert hidden >= len(named)
    assert none == 0
