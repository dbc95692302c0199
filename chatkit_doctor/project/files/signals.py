"""An end from outside that waits for a moment at which nothing is half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name)]
# What somebody ignores (nohup) or handles in a way of their own is left to them.
_USUAL = (signal.SIG_DFL, signal.default_int_handler)


@contextmanager
def tidy_end() -> Iterator[Callable[[], None]]:
    """Put off signals that end a run until what is done within is done, or until the given function is called.

    Then SystemExit is raised, or KeyboardInterrupt.
    """
    asked: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        asked.append(number)

    def end_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt if asked[0] == signal.SIGINT else SystemExit(128 + asked[0])

    if threading.current_thread() is not threading.main_thread():
        yield end_if_asked
        return
    before = {each: signal.signal(each, note) for each in _SIGNALS if signal.getsignal(each) in _USUAL}
    try:
        yield end_if_asked
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    end_if_asked()
