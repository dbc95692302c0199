"""CK205: pages of the reference app's stores that lead nowhere."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

MUTATIONS = (
    mutation(
        "CK205",
        "no-cursor",
        "Page",
        Edit(
            MEMORY,
            "    return Page(\n"
            "        data=[_copy(row) for row in rows[start:end]], has_more=has_more, "
            "after=ids[end - 1] if has_more else None\n"
            "    )\n",
            "    page = [_copy(row) for row in rows[start:end]]\n    return Page(data=page, has_more=has_more)\n",
        ),
    ),
    mutation(
        "CK205",
        "cursor-not-used",
        "Page",
        Edit(MEMORY, "    start = ids.index(after) + 1 if after in ids else 0\n", "    start = 0\n"),
        fixable=False,
    ),
)
