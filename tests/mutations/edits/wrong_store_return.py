"""CK213: the memory store of the reference app gives a dict for a page."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

_CALL = "        return _page(self._of(context).threads.values(), limit, after, order)\n"

_KEPT = "        self._of(context).threads[thread.id] = ThreadMetadata.model_validate(thread.model_dump())\n"

MUTATIONS = (
    mutation(
        "CK213",
        "thread-with-its-items",
        "save_thread",
        Edit(MEMORY, _KEPT, "        self._of(context).threads[thread.id] = _copy(thread)\n"),
    ),
    mutation(
        "CK213",
        "list-for-a-page",
        "load_threads",
        Edit(MEMORY, _CALL, "        return list(self._of(context).threads.values())[:limit]\n"),
        fixable=False,
    ),
    mutation(
        "CK213",
        "dict-for-a-page",
        "load_threads",
        Edit(
            MEMORY,
            _CALL,
            "        page = _page(self._of(context).threads.values(), limit, after, order)\n"
            '        return {"data": page.data, "has_more": page.has_more, "after": page.after}\n',
        ),
    ),
)
