"""How much a rule may do in an app, in steps and not in time, so that the same project gets the same report anywhere.

Models count a step for each expression that they follow and each file that they go through. Real apps take some
thousands; what takes hundreds of times as many was made to. A clock is there for what no step is counted in.
"""

from __future__ import annotations

import math
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

# Of all rules together, in seconds of the processor, those for reading files not counted: for as much code as one app
# has (in bytes), and for more. About twice what they take in any of a hundred real projects on two processors with
# seven things to do: 0.7 s in nine of ten, 2 in the densest, 7 and 10 in the largest, of 5.6 and 6.7 million bytes.
_SECONDS = 3.4
_BYTES_OF_AN_APP = 2_000_000
_SECONDS_FOR_AN_APP = 0.3
_SECONDS_FOR_A_BYTE = 3 / 1_000_000
# Those are seconds of a machine that does a small piece of work in so many of them; a slower one gets more of them.
_SECONDS_OF_WORK = 0.0011
_MOST_SLOWLY = 5.0
# How often the clock is looked at, in steps, where the system has no timer for it; and how often it rings, in seconds:
# a rule that has next to nothing left is cut off no sooner, and there may be a hundred of them.
_STEPS = 1_000
_AGAIN = 0.02
_TO_END_IN = 0.2


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
        self._clock: Clock | None = None

    def renew(self, steps: int, clock: Clock | None = None) -> None:
        """Give so many steps from now on, or what is left of the whole. clock: it was started for what takes them."""
        self.left = self._given = steps if self._whole is None else min(steps, self._whole)
        self._is_bound = True
        self._clock = clock

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
        return self._clock is not None and self._clock.is_over()


class Clock:
    """The time of the processor that the rules may take in some apps: each at most half of what is left of it.

    Enter it, and leave it when the rules are done: it rings in between, where the system and the thread can.

    apps: how many there are. size: of the files that they are about, in characters.
    """

    def __init__(self, apps: int, size: int) -> None:
        self._whole = (
            _SECONDS + (apps - 1) * _SECONDS_FOR_AN_APP + max(size - _BYTES_OF_AN_APP, 0) * _SECONDS_FOR_A_BYTE
        )
        self._left = self._whole
        self._is_measured = False
        self._began = 0.0
        self._ends = math.inf
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
        # Once for all rules: each system call counts where a hundred of them look at a thousand apps.
        signal.setitimer(signal.ITIMER_PROF, _AGAIN, _AGAIN)

        def take_back() -> None:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, signal.SIG_DFL if before is None else before)

        self._takes_back = take_back
        return self

    def __exit__(self, *_: object) -> None:
        self._takes_back()
        self._takes_back = _nothing

    def start(self) -> None:
        """Start the clock for a rule. Raises OutOfBudgetError when its time is over, if it can."""
        self._began = _time()
        self._ends = self._began + max(self._left / 2, 0.01)

    def stop(self) -> None:
        """Stop the clock: it is silent until it is started again."""
        self._ends = math.inf
        self._left -= _time() - self._began

    def is_over(self) -> bool:
        """Return whether the time of the rule that it was started for is over, and it may be cut short."""
        if unbroken.depth or _time() < self._ends:
            return False
        if not self._is_measured:
            # Only now: that a machine is slow is of no interest where little is to be done.
            self._is_measured = True
            more = (_slowness() - 1) * self._whole
            self._left += more
            self._ends += more / 2
        now = _time()
        if now < self._ends:
            return False
        # Whoever is told so has a while to end in, and is told again if they do not.
        self._ends = now + _TO_END_IN
        return True

    def _ring(self, _: int, frame: FrameType | None) -> None:
        # A module that is cut off in the middle of its import fails later, in another way. It rings again.
        if self.is_over() and not _is_importing(frame):
            raise OutOfBudgetError


def _slowness() -> float:
    """Return how many times as long as usual this machine takes for work, as it is now: 1 at the least."""
    began = time.process_time()
    counted: dict[int, int] = {}
    for number in range(20_000):
        counted[number & 255] = counted.get(number & 255, 0) + number
    return min(max((time.process_time() - began) / _SECONDS_OF_WORK, 1.0), _MOST_SLOWLY)


def _nothing() -> None:
    """Do nothing, where nothing can ring."""


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
