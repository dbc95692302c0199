from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.finding import Edit
from chatkit_doctor.reports.drawing.hunks import Hunk, hunks
from tests.reports.making import at, source

TEN = source("".join(f"line {number}\n" for number in range(1, 11)))


def drawn(found: list[Hunk]) -> list[list[str]]:
    return [[f"{line.kind}{line.number} {line.text}" for line in hunk.lines] for hunk in found]


def test_a_changed_line_with_a_line_of_context() -> None:
    assert drawn(list(hunks([Edit(at(TEN, "line 5"), "LINE 5")]))) == [
        [" 4 line 4", "-5 line 5", "+5 LINE 5", " 6 line 6"],
    ]


def test_far_edits_are_apart_and_kept_lines_have_the_numbers_of_the_file_as_it_is() -> None:
    top = TEN.location(0, 0)

    assert drawn(list(hunks([Edit(at(TEN, "line 9\n"), ""), Edit(top, "new\nnew\n")]))) == [
        ["+1 new", "+2 new", " 1 line 1"],
        [" 8 line 8", "-9 line 9", " 10 line 10"],
    ]


def test_one_large_replacement_shows_only_what_differs() -> None:
    whole = TEN.location(0, len(TEN.text))
    text = TEN.text.replace("line 2\n", "two\n").replace("line 9\n", "nine\n")

    assert drawn(list(hunks([Edit(whole, text)]))) == [
        [" 1 line 1", "-2 line 2", "+2 two", " 3 line 3"],
        [" 8 line 8", "-9 line 9", "+9 nine", " 10 line 10"],
    ]


def test_carriage_returns_are_no_part_of_lines() -> None:
    code = source("a\r\nb\r\n")

    assert drawn(list(hunks([Edit(at(code, "b"), "c")]))) == [[" 1 a", "-2 b", "+2 c"]]


def test_where_lines_begin_to_differ_is_known() -> None:
    (hunk,) = hunks([Edit(at(TEN, "5"), "FIVE")])

    assert [line.differs_at for line in hunk.lines] == [0, 5, 5, 0]


def test_no_edits_are_no_hunks() -> None:
    assert list(hunks([])) == []


@given(st.lists(st.tuples(st.integers(0, 70), st.integers(0, 5), st.text("ab\n", max_size=6)), max_size=6))
def test_hunks_tell_the_new_text(given_edits: list[tuple[int, int, str]]) -> None:
    """Removing and adding the lines that the hunks name, in place, makes the edited text."""
    edits: list[Edit] = []
    position = 0
    for start, length, text in sorted(given_edits):
        if start > position or not edits:
            position = min(start + length, len(TEN.text))
            edits.append(Edit(TEN.location(min(start, len(TEN.text)), position), text))
    new = TEN.text
    for edit in reversed(edits):
        new = new[: edit.at.start] + edit.text + new[edit.at.end :]

    lines = TEN.text.split("\n")
    for hunk in reversed(list(hunks(edits))):
        removed = [line for line in hunk.lines if line.kind == "-"]
        for line in reversed(removed):
            assert lines.pop(line.number - 1) == line.text
    added = sorted((line.number, line.text) for hunk in hunks(edits) for line in hunk.lines if line.kind == "+")
    for number, text in added:
        lines.insert(number - 1, text)
    assert "\n".join(lines).rstrip("\n") == new.rstrip("\n")
