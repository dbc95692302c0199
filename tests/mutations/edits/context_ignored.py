"""CK211: the memory store of the reference app keeps the threads of all users as one."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

MUTATIONS = (
    mutation(
        "CK211",
        "one-for-all",
        "MemoryStore",
        Edit(MEMORY, "        return self._users[context.user_id]", '        return self._users["everybody"]'),
        fixable=False,
    ),
    mutation(
        "CK211",
        "opened-by-anybody",
        "load_thread",
        Edit(
            MEMORY,
            "        return _copy(_found(self._of(context).threads, thread_id))\n",
            "        every = {key: thread for user in self._users.values() for key, thread in user.threads.items()}\n"
            "        return _copy(_found(every, thread_id))\n",
        ),
        fixable=False,
    ),
)
