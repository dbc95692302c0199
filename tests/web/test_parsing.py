"""A text that takes the parser ever longer, or whose tree would take up all memory, is refused in one clause."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.source import Source, UnreadableSourceError
from chatkit_doctor.web.document import Document

HOOK = "import { useChatKit } from '@openai/chatkit-react'\n"


@pytest.mark.parametrize(
    "text",
    ["x = `" + "${a}" * 200_000 + "`\n", "a;" * 300_000, "[" + "1," * 300_000 + "]"],
    ids=["a template", "statements", "items"],
)
def test_a_tree_with_too_many_nodes_is_refused(text: str) -> None:
    with pytest.raises(UnreadableSourceError, match=r"nodes, too many to take in|far too much memory"):
        Document(Source(Path("a.ts"), HOOK + text))


def test_so_are_many_scripts_in_a_page_together() -> None:
    with pytest.raises(UnreadableSourceError, match="nodes, too many to take in"):
        Document(Source(Path("a.html"), f"<script>{'a;' * 1000}</script>\n" * 200))


def test_so_are_too_many_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.web.parsing._MOST_SCRIPTS", 20)

    assert len(Document(Source(Path("a.html"), "<script>a</script>\n" * 20)).scripts) == 20
    with pytest.raises(UnreadableSourceError, match="more than 20 scripts, too many to take in"):
        Document(Source(Path("a.html"), "<script>a</script>\n" * 21))


def test_what_has_no_end_for_the_parser_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.web.parsing._SECONDS", 0.1)

    with pytest.raises(UnreadableSourceError, match="far too long to parse"):
        Document(Source(Path("a.ts"), HOOK + "/*/*" * 100_000))

    # What comes next is read as if nothing had been.
    assert Document(Source(Path("b.ts"), HOOK * 2000)).error_count == 0


def test_what_takes_far_too_much_memory_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.web.parsing._MEMORY", 0)

    with pytest.raises(UnreadableSourceError, match="far too much memory to parse"):
        Document(Source(Path("a.ts"), HOOK + "a<" * 200_000))
    assert Document(Source(Path("b.ts"), HOOK * 200)).error_count == 0


def test_the_tree_of_a_large_file_is_that_of_its_bytes() -> None:
    document = Document(Source(Path("a.ts"), HOOK + "const a = 'é🚀'\n" * 5000))

    texts = [document.text(node) for node in document.find("string")]
    assert texts == ["'@openai/chatkit-react'", *["'é🚀'"] * 5000]
