"""A text of very many words and signs is refused before a tree is made of it; what people write is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.python import density
from chatkit_doctor.python.density import check_density
from chatkit_doctor.python.module import Module
from chatkit_doctor.source import Source, UnreadableSourceError
from tests.commands import ROOT

OWN = [path for path in (ROOT / "chatkit_doctor").rglob("*.py") if path.stat().st_size > 9_000]


_WORDS = "a b " * 200_000


@pytest.mark.parametrize(
    "text",
    ["x;" * 200_000, "[" + "1," * 200_000 + "]", "f(1)\n" * 100_000, "f'''" + "{a}" * 200_000 + "'''\n"],
    ids=["statements", "items", "calls", "braces"],
)
def test_what_nobody_writes_is_refused(text: str) -> None:
    with pytest.raises(UnreadableSourceError, match="too many to take in"):
        Module(Source(Path("a.py"), text))


def test_the_line_is_the_one_at_which_it_is_too_much() -> None:
    with pytest.raises(UnreadableSourceError) as refused:
        check_density("# a\n" * 10 + "x;" * 200_000)

    assert refused.value.line == 11


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_the_density_of_code_is_far_from_the_bound(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text("utf-8")
    # As for a megabyte of it, where the bound is what its length allows, with hardly anything beside that.
    monkeypatch.setattr(density, "_MOST", density._MOST * len(text) / 1_000_000)

    check_density(text)


def test_a_megabyte_of_code_is_taken_in() -> None:
    check_density("".join(path.read_text("utf-8") for path in OWN)[:1_000_000])


@pytest.mark.parametrize(
    "text",
    [f"'''{_WORDS}'''\n", f"# {_WORDS}\n", f"x = '{_WORDS}'\n", "\n" * 900_000],
    ids=["docstring", "comment", "text", "blank lines"],
)
def test_what_takes_no_room_in_a_tree_is_not_counted(text: str) -> None:
    check_density(text)
