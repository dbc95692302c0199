"""CK115: the reference app's page, asked for what it calls otherwise, and an item for what none has."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

_ITEMS = "list(reversed(page.data))"

_LOADED = '        page = await self.store.load_thread_items(thread.id, None, self._history_limit, "desc", context)\n'
_LOGGED = """\
        for item in page.data:
            logger.debug("in the history: %s", item.role)
"""

MUTATIONS = (
    mutation("CK115", "items-of-a-page", "items", Edit(SERVER, _ITEMS, "list(reversed(page.items))")),
    mutation(
        "CK115",
        "role-of-an-item",
        "role",
        Edit(SERVER, _LOADED, f"{_LOADED}{_LOGGED}"),
        fixable=False,
    ),
)
