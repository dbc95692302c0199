"""What `explain` makes of what people paste, held against a table of messages with their right answers."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

from chatkit_doctor.commands.explain import UnknownRuleError, search
from chatkit_doctor.contracts import error_rows
from chatkit_doctor.pages.catalogue import pages


class Row(NamedTuple):
    """A message, the rules of today that explain it, and whether one alone would claim too much."""

    text: str
    fits: frozenset[str]
    several: bool


def rows() -> list[Row]:
    with Path(__file__).with_name("messages.toml").open("rb") as file:
        entries = tomllib.load(file)["message"]
    known = pages().keys()
    return [Row(each["text"], frozenset(each["right"]) & known, each.get("several", False)) for each in entries]


ROWS = rows()
HELD_OUT = ROWS[2::3]


def answer(text: str) -> list[str]:
    try:
        return [page.code for page in search(text).pages]
    except UnknownRuleError:
        return []


def is_right(row: Row) -> bool:
    """Return whether the first answer fits, or rightly there is none."""
    found = answer(row.text)
    if not row.fits:
        return found == []
    is_one_of_several = len(found) > 1 or not row.several or len(row.fits) == 1
    return bool(found) and found[0] in row.fits and is_one_of_several


def is_confidently_wrong(row: Row) -> bool:
    found = answer(row.text)
    return bool(found) and found[0] not in row.fits


@pytest.mark.parametrize("some", [ROWS, HELD_OUT], ids=["all", "held-out"])
def test_nearly_every_first_answer_is_right(some: list[Row]) -> None:
    wrong = [row.text for row in some if not is_right(row)]

    assert len(some) >= 100
    assert len(wrong) <= 0.05 * len(some), "\n---\n".join(wrong)


def test_no_answer_is_confidently_wrong() -> None:
    """A page whose symptoms take in what is not its own fails here: say more in them, or ask for a kind of word."""
    wrong = [f"{answer(row.text)}: {row.text}" for row in ROWS if is_confidently_wrong(row)]

    assert wrong == []


def test_the_table_is_large_and_of_all_kinds() -> None:
    assert len(ROWS) >= 150
    assert sum(not row.fits for row in ROWS) >= 60
    assert sum(len(row.text.splitlines()) > 2 for row in ROWS) >= 30
    assert {code for row in ROWS for code in row.fits} == set(pages())
    assert len({row.text for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", error_rows(), ids=lambda row: f"row {row.row}")
def test_every_line_of_the_error_reference_is_answered_by_a_rule_that_has_it(row: object) -> None:
    number, error = row.row, row.error  # type: ignore[attr-defined]
    first = search(error).pages[0]

    assert number in first.rows
    assert answer(error.replace("`", "")) == answer(error) == answer(f"**{error}**") == answer(f"| {error} | a | b |")
