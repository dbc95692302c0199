"""CK212: the reference app's stores give None for what they do not have."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

MUTATIONS = (
    mutation(
        "CK212",
        "get-of-a-dict",
        "load_attachment",
        Edit(
            MEMORY,
            "        return _copy(_found(self._of(context).attachments, attachment_id))\n",
            "        return self._of(context).attachments.get(attachment_id)\n",
        ),
    ),
    mutation(
        "CK212",
        "says-none",
        "load_item",
        Edit(
            MEMORY,
            "        return _copy(_found(self._of(context).items[thread_id], item_id))\n",
            "        item = self._of(context).items[thread_id].get(item_id)\n"
            "        if item is None:\n            return None\n        return _copy(item)\n",
        ),
    ),
)
