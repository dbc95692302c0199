"""CK204: the stores of the reference app leave their ids to ChatKit."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation
from tests.mutations.rows import BASE, SQLITE

_ITEM = '''
    def generate_item_id(self, item_type: StoreItemType, thread: ThreadMetadata, context: RequestContext) -> str:
        """Return an id that no other item has, of any thread."""
        return f"{item_type}_{uuid4().hex}"
'''

MUTATIONS = (
    Mutation(
        "CK204",
        "items",
        (Edit(BASE, _ITEM, ""),),
        path=SQLITE,
        marked="SqliteStore",
    ),
)
