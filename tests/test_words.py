from __future__ import annotations

import pytest

from chatkit_doctor.words import joined, nearest, nearest_few, shortened, the_nearest


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("ThreadMetaData", ["ThreadMetadata", "Thread"], "ThreadMetadata"),
        ("disclamer", ["disclaimer", "header"], "disclaimer"),
        ("start_screen", ["startScreen", "history"], "startScreen"),
        ("Event", ["ErrorEvent", "NoticeEvent", "ThreadStreamEvent"], None),
        ("thread_ide", ["thread_ida", "thread_idb"], None),
        ("anything", [], None),
    ],
)
def test_nearest(name: str, candidates: list[str], found: str | None) -> None:
    assert nearest(name, candidates) == found


def test_a_few_are_offered_the_best_first_and_none_that_is_nothing_like_it() -> None:
    icons = ["lightbulb", "light", "bulb", "lightning", "user"]

    assert nearest_few("lightbulp", icons) == ["lightbulb", "light", "lightning"]
    assert nearest_few("lightbulp", icons, most=1) == ["lightbulb"]
    assert nearest_few("rocket", icons) == []


def test_the_nearest_to_what_was_typed_may_be_farther_and_one_of_several() -> None:
    assert nearest("preselecting", ["select", "ignore"]) is None
    assert the_nearest("preselecting", ["select", "ignore"]) == "the nearest is select"
    assert the_nearest("CK441", ["CK401", "CK411"]) == "the nearest is CK411"
    assert the_nearest("CK441", ["CK401", "CK411"], is_sure=True) == ""
    assert the_nearest("nothing", ["select"]) == ""


def test_a_long_name_takes_no_time() -> None:
    assert the_nearest("selec" + "t" * 1_000_000, ["select"]) == ""


@pytest.mark.parametrize(
    ("words", "last", "text"),
    [(["a"], "and", "a"), (["a", "b"], "and", "a and b"), (["a", "b", "c"], "or", "a, b or c")],
)
def test_joined(words: list[str], last: str, text: str) -> None:
    assert joined(iter(words), last) == text


def test_shortened_is_one_line() -> None:
    assert shortened("a\n  b") == "a b"
    assert shortened("x" * 50, 10) == "x" * 9 + "…"
