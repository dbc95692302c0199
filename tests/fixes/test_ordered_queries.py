"""CK206's fix in stores that have the database order their rows, and the pages that they give then."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.scanning.flow import Options, run
from tests.checks.scanning import Folder

SQLITE = '''\
import sqlite3

from chatkit.store import Store
from chatkit.types import Page, ThreadMetadata


class SqliteStore(Store[dict]):
    def __init__(self, connection):
        self.connection = connection

    async def load_threads(self, limit, after, order, context):
        """List the threads."""
        {query}
        {rows}
        threads = [ThreadMetadata.model_validate_json(body) for _, body in rows[:limit]]
        {turned}
        more = len(rows) > limit
        return Page(data=threads, has_more=more, after=rows[limit - 1][0] if more else None)
'''
PLAIN = 'query = "SELECT id, body FROM threads ORDER BY position LIMIT ?"'
BEHIND = (
    'query = "SELECT id, body FROM threads WHERE (:after IS NULL OR "\\\n'
    '            "position > (SELECT position FROM threads WHERE id = :after)) ORDER BY position ASC LIMIT :most"'
)
FIRST = "rows = self.connection.execute(query, (limit + 1,)).fetchall()"
NEXT = 'rows = self.connection.execute(query, {"after": after, "most": limit + 1}).fetchall()'


def fixed(folder: Path, query: str = BEHIND, rows: str = NEXT, turned: str = "pass") -> str | None:
    return Folder(folder, "CK206").fixed(SQLITE.format(query=query, rows=rows, turned=turned))


@pytest.mark.parametrize(
    "turned",
    [
        "pass",
        'if order == "desc":\n            threads.reverse()',
        'if order == "desc":\n            threads = list(reversed(threads))',
        'threads = threads[::-1] if order == "desc" else threads',
        'threads = threads if order != "desc" else list(reversed(threads))',
    ],
)
def test_every_page_is_right_afterwards(turned: str, tmp_path: Path) -> None:
    text = fixed(tmp_path, turned=turned)
    assert text is not None

    names: dict[str, Any] = {}
    exec(text, names)  # noqa: S102 - what the fix has made of a text of this file
    class_ = names["SqliteStore"]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE threads (position INTEGER PRIMARY KEY, id TEXT, body TEXT)")
    ids = ["d", "a", "e", "b", "c"]
    for position, id_ in enumerate(ids):
        body = f'{{"id": "{id_}", "created_at": "2026-01-01T00:00:00"}}'
        connection.execute("INSERT INTO threads VALUES (?, ?, ?)", (position, id_, body))
    store = type("Made", (class_,), dict.fromkeys(class_.__abstractmethods__))(connection)

    for order, expected in (("asc", ids), ("desc", ids[::-1])):
        found: list[str] = []
        after = None
        while True:
            page = asyncio.run(store.load_threads(2, after, order, {}))
            found += [each.id for each in page.data]
            if not page.has_more:
                break
            after = page.after
        assert found == expected
    connection.close()


@pytest.mark.parametrize(
    "given",
    [
        # Names in braces are filled in from then on.
        {
            "query": "query = \"SELECT id, body FROM threads WHERE tags = '{}' ORDER BY position LIMIT ?\"",
            "rows": FIRST,
        },
        {"query": 'query = "SELECT id, body FROM threads ORDER BY pinned DESC, position LIMIT ?"', "rows": FIRST},
        # What is told of the order may be meant for something else.
        {"query": PLAIN, "rows": FIRST, "turned": "print(order)"},
    ],
)
def test_what_is_not_plain_is_left_alone(given: dict[str, str], tmp_path: Path) -> None:
    assert fixed(tmp_path, **given) is None


ORM = """\
from chatkit.store import Store
from chatkit.types import Page, ThreadMetadata
{imports}


class SqlStore(Store[dict]):
    async def load_threads(self, limit, after, order, context):
        rows = {rows}
        more = len(rows) > limit
        threads = [ThreadMetadata.model_validate_json(row["body"]) for row in rows[:limit]]
        return Page(data=threads, has_more=False, after=None)
"""


@pytest.mark.parametrize(
    ("imports", "rows", "expected"),
    [
        (
            "from models import Row\nfrom sqlalchemy import asc",
            "self.session.query(Row).order_by(asc(Row.created_at)).limit(limit).all()",
            '.order_by(Row.created_at.desc() if order == "desc" else Row.created_at.asc())',
        ),
        (
            "from django.db import models\n\n\nclass Row(models.Model):\n    created_at = models.DateTimeField()",
            '[each async for each in Row.objects.order_by("created_at")[:limit]]',
            '.order_by("-created_at" if order == "desc" else "created_at")',
        ),
        (
            "",
            'await self.rows.find({}).sort("created_at", 1).limit(limit).to_list(limit)',
            '.sort("created_at", -1 if order == "desc" else 1)',
        ),
        (
            "",
            'self.client.table("t").select("*").order("created_at").limit(limit).execute().data',
            '.order("created_at", desc=order == "desc")',
        ),
        (
            "",
            'self.client.table("t").select("*").order("created_at", desc=False).limit(limit).execute().data',
            '.order("created_at", desc=order == "desc")',
        ),
    ],
)
def test_queries_of_many_kinds_get_the_order(imports: str, rows: str, expected: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK206")
    text = folder.fixed(ORM.format(imports=imports, rows=rows))

    assert expected in (text or "")
    assert run([tmp_path], Options(select=("CK2",), ignore=("CK201", "CK208"))).findings != []


@pytest.mark.parametrize(
    ("imports", "rows", "expected"),
    [
        (
            "from models import Row\nfrom sqlalchemy import desc",
            "self.session.query(Row).order_by(desc(Row.created_at)).limit(limit).all()",
            '.order_by(Row.created_at.desc() if order == "desc" else Row.created_at.asc())',
        ),
        (
            "",
            'self.client.table("t").select("*").order("created_at", desc=True).limit(limit).execute().data',
            '.order("created_at", desc=order == "desc")',
        ),
    ],
)
def test_newest_first_is_right_for_threads_and_mended_for_items(
    imports: str, rows: str, expected: str, tmp_path: Path
) -> None:
    folder = Folder(tmp_path, "CK206")
    of_threads = ORM.format(imports=imports, rows=rows)
    of_items = of_threads.replace(
        "load_threads(self, limit, after,", "load_thread_items(self, thread_id, after, limit,"
    )

    assert folder.fixed(of_threads) is None
    assert expected in (folder.fixed(of_items) or "")
