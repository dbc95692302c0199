"""CK321: the reference app's server, keeping the thread of a turn on itself."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

_LOGGED = 'logger.exception("no answer in thread %s", thread.id)'

MUTATIONS = (
    mutation(
        "CK321",
        "kept-on-the-server",
        "self._thread_id",
        Edit(
            SERVER,
            "        agent_input = await self._history(thread, context)\n",
            "        self._thread_id = thread.id\n        agent_input = await self._history(thread, context)\n",
        ),
        Edit(SERVER, _LOGGED, _LOGGED.replace("thread.id", "self._thread_id")),
        fixable=False,
    ),
)
