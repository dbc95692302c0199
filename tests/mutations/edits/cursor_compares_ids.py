"""CK207: the memory store of the reference app goes on by the order of ids."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

MUTATIONS = (
    mutation(
        "CK207",
        "greater-ids",
        "row.id > after",
        Edit(
            MEMORY,
            "    ids = [row.id for row in rows]\n    start = ids.index(after) + 1 if after in ids else 0\n",
            "    if after:\n        rows = [row for row in rows if row.id > after]\n"
            "    ids = [row.id for row in rows]\n    start = 0\n",
        ),
        fixable=False,
    ),
)
