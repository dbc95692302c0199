"""An end from outside that still lets a run tidy up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def tidy_end() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end what is done within as an interrupt does: by an exception, so that it is undone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # What somebody ignores (nohup) or handles is left to them.
    before = {each: signal.signal(each, _end) for each in _SIGNALS if signal.getsignal(each) is signal.SIG_DFL}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
