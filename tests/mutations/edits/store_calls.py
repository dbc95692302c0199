"""CK216 and CK217 in the reference app: a Store called wrongly, and a server that is not set up."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

_CALL = 'self.store.load_thread_items(thread.id, None, self._history_limit, "desc", context)'

MUTATIONS = (
    mutation(
        "CK216",
        "without-a-cursor",
        "load_thread_items",
        Edit(
            SERVER,
            _CALL,
            'self.store.load_thread_items(thread.id, limit=self._history_limit, order="desc", context=context)',
        ),
    ),
    mutation(
        "CK216",
        "cursor-of-another-api",
        "before",
        Edit(SERVER, '"desc", context)', '"desc", context, before=None)'),
        fixable=False,
    ),
    mutation("CK217", "no-call", "__init__", Edit(SERVER, "        super().__init__(store, attachments)\n", "")),
)
