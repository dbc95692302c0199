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
)
