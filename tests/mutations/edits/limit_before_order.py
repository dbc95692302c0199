"""CK206: the stores of the reference app with rows cut before they are ordered, or in one order alone."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import MEMORY, SQLITE

_ORDERED = '    if order == "desc":\n        rows.reverse()\n'
_PAGE = "        data=[_copy(row) for row in rows[start:end]], has_more=has_more, "

MUTATIONS = (
    mutation("CK206", "order-not-read", "order", Edit(MEMORY, _ORDERED, "")),
    mutation(
        "CK206",
        "turned-when-cut",
        "rows[start:end]",
        Edit(MEMORY, _ORDERED, ""),
        Edit(
            MEMORY,
            "    return Page(\n" + _PAGE,
            '    page = rows[start:end]\n    if order == "desc":\n        page.reverse()\n'
            "    return Page(\n" + _PAGE.replace("rows[start:end]", "page"),
        ),
        fixable=False,
    ),
    mutation(
        "CK206",
        "in-sql",
        "order",
        Edit(
            SQLITE,
            "        rows = await self._database.rows(THREADS[order], parameters)\n",
            '        query = """\n'
            "            SELECT id, body FROM threads WHERE owner = :owner AND (:after IS NULL\n"
            "                OR position > (SELECT position FROM threads WHERE owner = :owner AND id = :after))\n"
            '            ORDER BY position LIMIT :limit"""\n'
            "        rows = await self._database.rows(query, parameters)\n",
        ),
    ),
)
