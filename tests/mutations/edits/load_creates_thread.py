"""CK221: the memory store of the reference app makes the threads that it is asked for."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

MUTATIONS = (
    mutation(
        "CK221",
        "in-memory",
        "ThreadMetadata",
        Edit(
            MEMORY,
            "        return _copy(_found(self._of(context).threads, thread_id))\n",
            "        threads = self._of(context).threads\n"
            "        if thread_id not in threads:\n"
            "            threads[thread_id] = ThreadMetadata(id=thread_id, created_at=datetime.now())\n"
            "        return _copy(threads[thread_id])\n",
        ),
        Edit(
            MEMORY,
            "from collections.abc import Iterable, Mapping\n",
            "from collections.abc import Iterable, Mapping\nfrom datetime import datetime\n",
        ),
        fixable=False,
    ),
)
