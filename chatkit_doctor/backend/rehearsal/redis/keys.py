"""The keys of a Redis server in one pass, and parts of what they hold."""

from __future__ import annotations

from functools import cmp_to_key
from typing import TypeVar

from chatkit_doctor.python.rehearsal.operators import is_key
from chatkit_doctor.python.rehearsal.player import order_of
from chatkit_doctor.python.rehearsal.values import Lost

T = TypeVar("T")


class RedisKeys:
    """Texts, lists, hashes and sets as Python's own, sorted sets as the scores of their members."""

    def __init__(self) -> None:
        self.values: dict[object, object] = {}

    def list_of(self, key: object) -> list[object]:
        """Return the list at a key. Raises Lost where something else is there."""
        return self._of(key, [])

    def hash_of(self, key: object) -> dict[object, object]:
        """Return the hash, or the scores of the sorted set, at a key. Raises Lost where something else is there."""
        return self._of(key, {})

    def set_of(self, key: object) -> set[object]:
        """Return the set at a key. Raises Lost where something else is there."""
        return self._of(key, set())

    def _of(self, key: object, empty: T) -> T:
        found = self.values.get(known(key), None)
        if found is None:
            self.values[key] = found = empty
        if not isinstance(found, type(empty)):
            raise Lost
        return found


def known(key: object) -> object:
    """Return what is a key or a member. Raises Lost where it cannot be one that is told from others."""
    if not is_key(key):
        raise Lost
    return key


def number(value: object) -> int:
    """Return a whole number, also one that is written as a text. Raises Lost where it is unknown."""
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    if not isinstance(value, int):
        raise Lost
    return value


def part(values: list[object], start: object, end: object) -> list[object]:
    """Return what LRANGE gives: from one index to another, that one too; -1 is the last."""
    first, last = number(start), number(end)
    first = max(first + len(values), 0) if first < 0 else first
    last = last + len(values) if last < 0 else last
    return values[first : last + 1] if last >= first else []


def by_score(scores: dict[object, object]) -> list[object]:
    """Return the members of a sorted set in its order. Raises Lost where scores are unknown."""
    return sorted(scores, key=cmp_to_key(lambda one, other: order_of(scores[one], scores[other])))


def between(scores: dict[object, object], low: object, high: object) -> list[object]:
    """Return the members whose scores lie between two. Raises Lost where that cannot be told."""
    return [each for each in by_score(scores) if _within(low, scores[each], -1) and _within(high, scores[each], 1)]


def _within(bound: object, score: object, side: int) -> bool:
    if bound == {-1: "-inf", 1: "+inf"}[side] or (bound == "inf" and side > 0):
        return True
    return order_of(bound, score) * side >= 0
