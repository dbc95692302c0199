"""CK220: the memory store of the reference app takes the row behind a page for its cursor."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY

MUTATIONS = (
    mutation(
        "CK220",
        "row-behind",
        "rows[limit].id if len(rows) > limit else None",
        Edit(
            MEMORY,
            "    ids = [row.id for row in rows]\n"
            "    start = ids.index(after) + 1 if after in ids else 0\n"
            "    end = start + limit\n"
            "    has_more = end < len(rows)\n"
            "    return Page(\n"
            "        data=[_copy(row) for row in rows[start:end]], has_more=has_more, "
            "after=ids[end - 1] if has_more else None\n"
            "    )\n",
            "    ids = [row.id for row in rows]\n"
            "    rows = rows[ids.index(after) + 1 if after in ids else 0 :]\n"
            "    page = [_copy(row) for row in rows[:limit]]\n"
            "    return Page(\n"
            "        data=page, has_more=len(rows) > limit, after=rows[limit].id if len(rows) > limit else None\n"
            "    )\n",
        ),
    ),
)
