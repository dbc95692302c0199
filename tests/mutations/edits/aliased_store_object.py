"""CK214: the memory store of the reference app without its copies."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

_KEPT = "        user.items[thread_id][item.id] = _copy(item)\n"

MUTATIONS = (
    mutation(
        "CK214",
        "items-kept",
        "MemoryStore",
        Edit(
            MEMORY,
            "        user.items[thread_id][item.id] = _copy(item)\n",
            "        user.items[thread_id][item.id] = item\n",
        ),
    ),
    mutation(
        "CK214",
        "thread-handed-out",
        "MemoryStore",
        Edit(
            MEMORY,
            "        return _copy(_found(self._of(context).threads, thread_id))\n",
            "        return _found(self._of(context).threads, thread_id)\n",
        ),
        fixable=False,
    ),
)
