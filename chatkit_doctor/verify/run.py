"""One run on one screen: ask what only reads, look at the page, then converse where that is allowed; clean up."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable

from chatkit_doctor.records import dataclass, field
from chatkit_doctor.verify import probe
from chatkit_doctor.verify.conversation import converse
from chatkit_doctor.verify.page import page_checks
from chatkit_doctor.verify.result import REACHABLE, WRITING_CHECKS, Result, Verdict, Verification, skipped
from chatkit_doctor.verify.wire.address import Address
from chatkit_doctor.verify.wire.chat import Chat
from chatkit_doctor.verify.wire.transport import Headers, connected, seconds_since

Listener = Callable[[Result], None]


@dataclass(slots=True)
class LiveRun:
    """What is checked, and what has come of it so far. listener: told every result at once. timeout: in seconds."""

    endpoint: Address
    page: Address | None
    headers: Headers
    timeout: float
    listener: Listener
    found: Verification
    may_converse: bool = False
    _last: float = field(default_factory=time.monotonic)

    async def read(self) -> None:
        """Run the checks that only read."""
        async with connected(self.endpoint, self.timeout) as http:
            chat = Chat(http, self.endpoint, self.headers)
            listed, health = await probe.first_answers(chat)
            self._tell(REACHABLE, probe.reachable(listed, health), min(listed.seconds, health.seconds))
            if not self.found.is_reachable:
                return
            self._tell("health", probe.healthy(health), health.seconds)
            self._tell("threads-list", probe.lists_threads(listed), listed.seconds)
            self.may_converse = probe.speaks_chatkit(listed)
            if self.may_converse:
                self._tell("cors", await probe.may_be_asked_from(chat, self.page))
            else:
                self._tell("cors", skipped("the endpoint does not answer as ChatKit's server does"))
        if self.page is not None:
            async with connected(self.page, self.timeout) as http:
                await self._tell_all(page_checks(http, self.page, self.endpoint))

    async def write(self) -> None:
        """Run the checks that write, and delete what they made, whatever happens."""
        async with connected(self.endpoint, self.timeout) as http:
            chat = Chat(http, self.endpoint, self.headers)
            try:
                await self._tell_all(converse(chat))
            finally:
                self.found.left_behind += await chat.clean_up()

    def skip_writing(self, reason: str) -> None:
        """Note that the checks that write are left out."""
        for name in WRITING_CHECKS:
            self._tell(name, skipped(reason))

    async def _tell_all(self, verdicts: AsyncIterator[tuple[str, Verdict]]) -> None:
        self._last = time.monotonic()
        async for name, verdict in verdicts:
            self._tell(name, verdict)

    def _tell(self, name: str, verdict: Verdict, seconds: float | None = None) -> None:
        result = Result(name, verdict, seconds_since(self._last) if seconds is None else seconds)
        self._last = time.monotonic()
        self.found.results.append(result)
        self.listener(result)
