"""Forks of this process, which have all that it has read so far and tell what they work out as plain values.

Nothing is imported here that Python itself has not loaded: a tree without ChatKit is looked into by a fork as well.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def processors() -> int:
    """Return how many processes can work at the same time; 1 where the system has no fork that is safe (Linux has)."""
    if sys.platform != "linux" or not (hasattr(os, "fork") and hasattr(os, "sched_getaffinity")):
        return 1
    return len(os.sched_getaffinity(0))


class Fork:
    """A fork that works something out, until it is asked what that is."""

    def __init__(self, pid: int, readable: int) -> None:
        self._pid = pid
        self._readable = readable

    @classmethod
    def start(cls, work: Callable[[], Any]) -> Fork | None:
        """Return a new one, None where there is none to be had. work: returns plain values."""
        readable, writable = os.pipe()
        try:
            # A thread that shows progress is not there in the fork, and nothing that it may hold is needed there.
            pid = os.fork()
        except OSError:
            os.close(readable)
            os.close(writable)
            return None
        if pid == 0:
            _live(work, writable)
        os.close(writable)
        return cls(pid, readable)

    def told(self) -> Any:
        """Return what it tells, None where it has failed; it is over then."""
        with os.fdopen(self._readable, "rb") as file:
            data = file.read()
        _, status = os.waitpid(self._pid, 0)
        return marshal.loads(data) if status == 0 else None  # noqa: S302 - written by a fork of this process


def _live(work: Callable[[], Any], writable: int) -> None:
    """Find out, tell, and end, whatever happens: nothing behind this is to run twice."""
    code = 1
    try:
        told = marshal.dumps(work(), 2)
        with os.fdopen(writable, "wb") as file:
            file.write(told)
        code = 0
    finally:
        os._exit(code)
