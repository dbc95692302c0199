"""How much is tried, and from which seed; and whether what takes longer takes longer in proportion."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SEED = int(os.environ.get("TORTURE_SEED", "1"))
IS_WHOLE = os.environ.get("TORTURE") == "whole"

# Below this no time says anything, in seconds of the processor.
_LEAST = 0.02
# What is linear takes four times as long for four times as much, what is quadratic sixteen times.
_MOST_GROWTH = 9
# Only so that a test that would never end fails instead.
_END = 120


def amount(small: int, whole: int) -> int:
    """Return how many things a program tries: few in the test run, many with `make torture`."""
    return whole if IS_WHOLE else small


def chance(name: str) -> random.Random:
    """Return what a program draws its cases from; each has its own, so that one can be run alone."""
    return random.Random(f"{SEED} {name}")


def grows_in_proportion(work: Callable[[int], Callable[[], object]], largest: int, smallest: int = 16) -> None:
    """Make sure that work on something four times as large takes no more than some four times as long.

    work: returns what is to be timed for a size; what it needs is made before. largest: the size to go up to.
    smallest: the size to begin with.
    """
    size = smallest
    taken = _seconds(work(size))
    while taken < _LEAST and 4 * size <= largest:
        size *= 2
        taken = _seconds(work(size))
    if 4 * size > largest:
        return
    more = _seconds(work(4 * size))
    assert more < _MOST_GROWTH * max(taken, _LEAST / 4), f"{taken:.3f} s for {size}, {more:.3f} s for {4 * size}"


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor's time for work, the shorter of two: what else the machine does is not counted."""
    times = []
    for _ in range(2):
        with _ends():
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
    return min(times)


@contextmanager
def _ends() -> Iterator[None]:
    def fail(signum: int, frame: FrameType | None) -> None:
        raise AssertionError(f"no end within {_END} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(_END)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
