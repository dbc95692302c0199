"""CK320: the reference app's history, told apart by a type that no item has."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

MUTATIONS = (
    mutation(
        "CK320",
        "messages-of-the-history",
        'item.type == "message"',
        Edit(
            SERVER,
            "list(reversed(page.data))",
            'list(reversed([item for item in page.data if item.type == "message"]))',
        ),
        fixable=False,
    ),
)
