"""All ways through a piece of code: a pass for each, until no fork is left that was not gone both ways."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TypeVar

from chatkit_doctor.python.rehearsal.values import Lost, Raised
from chatkit_doctor.records import dataclass

T = TypeVar("T")
_MOST_PASSES = 96


@dataclass(frozen=True, slots=True)
class Way:
    """What one pass came to: what it gave, or the exception that it ended in."""

    result: object = None
    raised: Raised | None = None


def ways(rehearse: Callable[[dict[ast.AST, bool]], object]) -> list[Way] | None:
    """Return what each way through the code comes to; None where one cannot be followed, or there are too many.

    rehearse: goes through the code once, taking the forks as they are given and adding those it meets.
    """
    try:
        return list(_each(rehearse))
    except (Lost, RecursionError):
        return None


def _each(rehearse: Callable[[dict[ast.AST, bool]], object]) -> Iterator[Way]:
    waiting: list[dict[ast.AST, bool]] = [{}]
    passes = 0
    while waiting:
        given = waiting.pop()
        passes += 1
        forks = dict(given)
        try:
            yield Way(rehearse(forks))
        except Raised as raised:
            yield Way(raised=raised)
        met = [node for node in forks if node not in given]
        # Each of those that wait is gone through in the end.
        if passes + len(waiting) + len(met) > _MOST_PASSES:
            raise Lost
        for index, node in enumerate(met):
            waiting.append({**given, **{each: forks[each] for each in met[:index]}, node: False})
