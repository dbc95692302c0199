"""Work that waits for a pause: put off while it is asked for again and again, and done once at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Pause:
    """Does some work when it was not asked for anew for a while.

    work: returns whether it came to its end. stop: has the work that is under way come to none.
    """

    def __init__(self, work: Callable[[], Awaitable[bool]], stop: Callable[[], None]) -> None:
        self._work = work
        self._stop = stop
        # What is asked for is numbered: the newest, and the one up to which all is done.
        self._newest = 0
        self._done = 0
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._waiting: list[asyncio.Future[None]] = []

    def ask(self, seconds: float) -> None:
        """Have the work done anew, so many seconds from now."""
        self._newest += 1
        self._stop()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._start)

    async def settled(self) -> None:
        """Wait until all is done that was asked for; nothing is put off any longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._start()
        if self._done < self._newest:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            await waiting

    def _start(self) -> None:
        self._timer = None
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._done < self._newest and self._timer is None:
            number = self._newest
            if await self._work():
                self._done = number
        if self._done == self._newest:
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                if not each.done():
                    each.set_result(None)
