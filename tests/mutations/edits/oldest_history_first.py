"""CK304: the reference app's history loaded from its beginning."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

MUTATIONS = (
    mutation(
        "CK304",
        "beginning-of-the-thread",
        '"asc"',
        Edit(SERVER, 'thread.id, None, self._history_limit, "desc", context)', 'thread.id, None, 50, "asc", context)'),
        Edit(SERVER, "list(reversed(page.data))", "page.data"),
    ),
)
