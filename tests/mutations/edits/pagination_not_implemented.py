"""CK208: stores of the reference app that end after a page, or give all rows at once."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

MUTATIONS = (
    mutation(
        "CK208",
        "no-more",
        "Page",
        Edit(MEMORY, "    has_more = end < len(rows)\n", "    has_more = False\n"),
        fixable=False,
    ),
    mutation(
        "CK208",
        "limit-not-used",
        "Page",
        Edit(MEMORY, "    end = start + limit\n", "    end = len(rows)\n"),
        fixable=False,
    ),
)
