from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatkit_doctor.reports.drawing.cells import visible, width, window


def test_a_short_line_is_shown_whole() -> None:
    shown = window("x = bad(1)", 4, 7, 40, "…")

    assert (shown.text, shown.mark_at, shown.mark_width, shown.cut_left) == ("x = bad(1)", 4, 3, False)


def test_tabs_reach_to_their_stops() -> None:
    shown = window("\tif x:\tbad", 7, 10, 40, "…")

    assert shown.text == "    if x:   bad"
    assert (shown.mark_at, shown.mark_width) == (12, 3)


def test_wide_characters_take_two_cells() -> None:
    shown = window("s = '你好🎉' + bad", 12, 15, 40, "…")

    assert (shown.mark_at, shown.mark_width) == (15, 3)


def test_an_empty_span_still_has_a_mark() -> None:
    assert window("", 0, 0, 40, "…").mark_width == 1


def test_a_long_line_is_cut_around_the_span() -> None:
    shown = window("a" * 5000 + "BAD" + "b" * 5000, 5000, 5003, 40, "…")

    assert shown.text.startswith("…a")
    assert shown.text.endswith("b…")
    assert shown.text[shown.mark_at : shown.mark_at + shown.mark_width] == "BAD"
    assert shown.cut_left


def test_a_span_longer_than_the_line_is_cut_at_its_end() -> None:
    shown = window("x" * 5000, 10, 5000, 40, "…")

    assert width(shown.text) <= 40
    assert shown.mark_at + shown.mark_width <= 40


def test_control_and_deceptive_characters_stand_as_escapes() -> None:
    assert visible("a\x1b[31m\u202eb\x00\x85") == "a\\x1b[31m\\u202eb\\x00\\x85"
    assert visible("plain — text 你 é") == "plain — text 你 é"


@given(st.text(alphabet=st.characters(exclude_characters="\r\n"), max_size=300), st.data(), st.integers(20, 80))
def test_a_window_fits_and_holds_its_mark(line: str, data: st.DataObject, room: int) -> None:
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))

    shown = window(line, start, end, room, "…")

    assert width(shown.text) <= room
    assert 0 <= shown.mark_at <= room
    assert shown.mark_at + shown.mark_width <= room + 1
