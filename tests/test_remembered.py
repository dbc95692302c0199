"""Answers that are kept with what they are about."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import pytest

from chatkit_doctor.remembered import remembered


class Kept:
    def __init__(self) -> None:
        self.tables: dict[object, dict[Hashable, Any]] = {}

    def derive(self, build: Callable[[Any], dict[Hashable, Any]], /) -> dict[Hashable, Any]:
        return self.tables.setdefault(build, build(self))


def test_each_question_is_worked_out_once_for_each_keeper() -> None:
    asked: list[tuple[str, int]] = []

    @remembered
    def answer(keeper: Kept, word: str, times: int = 1) -> str:
        asked.append((word, times))
        return word * times

    one, other = Kept(), Kept()

    assert [answer(one, "a"), answer(one, "a"), answer(one, "a", times=2), answer(one, "a", times=2)] == [
        "a",
        "a",
        "aa",
        "aa",
    ]
    assert answer(other, "a") == "a"
    assert asked == [("a", 1), ("a", 2), ("a", 1)]


def test_two_functions_do_not_share_their_answers() -> None:
    kept = Kept()

    assert remembered(lambda _, word: word)(kept, "a") == "a"
    assert remembered(lambda _, word: word + "!")(kept, "a") == "a!"


def test_what_raises_is_asked_again() -> None:
    asked: list[str] = []

    @remembered
    def answer(keeper: Kept, word: str) -> str:
        asked.append(word)
        raise ValueError(word)

    kept = Kept()
    for _ in range(2):
        with pytest.raises(ValueError, match="a"):
            answer(kept, "a")

    assert asked == ["a", "a"]
