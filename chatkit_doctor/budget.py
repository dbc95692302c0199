"""How much a rule may do in an app, in steps and not in time, so that the same project gets the same report anywhere.

Models count a step for each expression that they follow and each file that they go through. Real apps take some
thousands; what takes hundreds of times as many was made to. A clock is there for what no step is counted in.
"""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

# Of all rules in an app together, however large it is, and of one of them: over twice what they take in the largest of
# some hundred real projects, of five megabytes.
MOST_STEPS_OF_AN_APP = 2_000_000
MOST_STEPS = 1_000_000
# By the size of its files, in characters: real projects take 0.1 to 0.15 for each, a small one 46,000 for all.
_STEPS_FOR_A_CHARACTER = 0.35
_LEAST_STEPS = 500_000

# Of all rules together, in seconds of the processor, those for reading files not counted: over four times what they
# take in any of some hundred and thirty real projects on two processors with seven things to do. The largest of them,
# four apps that see 5.6 million characters together, takes 15.6 of 64 there, the next ones 3.3 of 15 and 2.8 of 13.
_SECONDS = 8.0
_SECONDS_FOR_AN_APP = 0.01
_SECONDS_FOR_A_BYTE = 10 / 1_000_000
# How often the clock is looked at, in steps, where the system has no timer for it; and how often it rings, in seconds.
_STEPS = 1_000
_AGAIN = 0.2


class OutOfBudgetError(Exception):
    """A rule has done as many steps as it may, or taken as long."""


class _Unbroken:
    """What no clock cuts short, or counts, for as long as it is entered: it rings again.

    taken: how long that was so far, in seconds of the processor.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.taken = 0.0
        self._began = 0.0

    def __enter__(self) -> None:
        if not self.depth:
            self._began = time.process_time()
        self.depth += 1

    def __exit__(self, *_: object) -> None:
        self.depth -= 1
        if not self.depth:
            self.taken += time.process_time() - self._began


unbroken = _Unbroken()
"""Enter it to read a file, which is bounded by itself: cut off in the middle, it would be read anew for each rule."""


def _time() -> float:
    """Return the time of the processor that was taken for all but reading."""
    return time.process_time() - unbroken.taken


class Budget:
    """The steps that are left: of what a rule does now, and of all that rules do together.

    whole: how many those are; without, as many as there are. of_a_rule: how many one of them may take.
    """

    def __init__(self, whole: int | None = None) -> None:
        self.left = 0
        self.of_a_rule = MOST_STEPS
        self._whole = whole
        self._given = 0
        self._is_bound = False
        self._ends: float | None = None

    def renew(self, steps: int, ends: float | None = None) -> None:
        """Give so many steps from now on, or what is left of the whole. ends: as `Clock.start` says."""
        self.left = self._given = steps if self._whole is None else min(steps, self._whole)
        self._is_bound = True
        self._ends = ends

    def hold_to_size(self, size: int) -> None:
        """Give no more as a whole than several times what files of a size take, in characters."""
        most = max(int(size * _STEPS_FOR_A_CHARACTER), _LEAST_STEPS)
        self._whole = most if self._whole is None else min(self._whole, most)
        self.of_a_rule = min(self.of_a_rule, most // 2)

    def lift(self) -> None:
        """Count no further: what follows is no rule."""
        self._is_bound = False
        if self._whole is not None:
            self._whole = max(self._whole - (self._given - self.left), 0)

    def spend(self, steps: int = 1) -> None:
        """Count a step, or some. Raises OutOfBudgetError where none is left, or no time."""
        self.left -= steps
        if self._is_bound and (self.left < 0 or (self.left % _STEPS == 0 and self._is_late())):
            raise OutOfBudgetError

    def _is_late(self) -> bool:
        return self._ends is not None and not unbroken.depth and _time() > self._ends


class Clock:
    """The time of the processor that the rules may take in some apps: each at most half of what is left of it.

    Enter it, and leave it when the rules are done: it rings in between, where the system and the thread can.

    apps: how many there are. size: of the files that they are about, in characters.
    """

    def __init__(self, apps: int, size: int) -> None:
        self._left = _SECONDS + apps * _SECONDS_FOR_AN_APP + size * _SECONDS_FOR_A_BYTE
        self._began = self._ends = 0.0
        self._set: Callable[[float], object] = _nothing
        self._takes_back: Callable[[], object] = _nothing

    def __enter__(self) -> Clock:
        import signal

        if not hasattr(signal, "setitimer"):
            return self
        try:
            before = signal.signal(signal.SIGPROF, self._ring)
        except ValueError:
            # Not in the main thread, as in an editor's server: there the steps look at the clock.
            return self
        self._set = lambda seconds: signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN)
        self._takes_back = lambda: signal.signal(signal.SIGPROF, signal.SIG_DFL if before is None else before)
        return self

    def __exit__(self, *_: object) -> None:
        self._takes_back()
        self._set = self._takes_back = _nothing

    def start(self) -> float:
        """Start the clock for a rule and return when its time is over. Raises OutOfBudgetError there, if it can."""
        self._began = _time()
        self._ends = self._began + self._left / 2
        self._set(max(self._left / 2, 0.01))
        return self._ends

    def stop(self) -> None:
        """Stop the clock."""
        self._set(0)
        self._left -= _time() - self._began

    def _ring(self, _: int, frame: FrameType | None) -> None:
        # A module that is cut off in the middle of its import fails later, in another way. It rings again.
        if not unbroken.depth and _time() >= self._ends and not _is_importing(frame):
            raise OutOfBudgetError


def _nothing(*_: object) -> None:
    """Do nothing, where nothing can ring."""


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
