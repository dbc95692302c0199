"""CK206 and CK204: stores whose connection is opened by a method, after they were made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

LOADING = """
    async def load_thread_items(self, thread_id, after, limit, order, context):
        rows = {read}
        items = [adapter.validate_json(each["data"]) for each in rows[:limit]]
        return Page(data=items, has_more=len(rows) > limit, after=items[-1].id if items else None)
"""
SQL = '"SELECT data FROM items WHERE thread_id = $1 ORDER BY created_at LIMIT $2", thread_id, limit + 1'
HEAD = """
import asyncpg
from chatkit.store import Store
from chatkit.types import Page, ThreadItem, ThreadMetadata
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import TypeAdapter

adapter = TypeAdapter(ThreadItem)

"""
OPENED = {
    "init": (
        """
    def __init__(self):
        self.pool: asyncpg.Pool | None = None

    async def start(self):
        self.pool = await asyncpg.create_pool("postgres://localhost")
""",
        f"await self.pool.fetch({SQL})",
    ),
    "class": (
        """
    pool = None

    async def start(self):
        self.pool = await asyncpg.create_pool("postgres://localhost")
""",
        f"await self.pool.fetch({SQL})",
    ),
    "asked": (
        """
    def __init__(self):
        self.pool = None

    async def start(self):
        self.pool = await asyncpg.create_pool("postgres://localhost")

    def connected(self):
        if self.pool is None:
            raise RuntimeError("start() was not called")
        return self.pool
""",
        f"await self.connected().fetch({SQL})",
    ),
    "motor": (
        """
    def __init__(self):
        self.client = None

    def connect(self, url: str) -> None:
        self.client = AsyncIOMotorClient(url)
""",
        'await self.client.chat.rows.find({"thread_id": thread_id}).sort("created_at", 1).to_list(limit + 1)',
    ),
}


def store(opened: str, read: str) -> str:
    """Return a store's source."""
    return f"{HEAD}\nclass MyStore(Store[dict]):{opened}{LOADING.format(read=read)}\n\nstore = MyStore()\n"


@pytest.mark.parametrize("name", OPENED)
def test_a_connection_that_a_method_opens(name: str, tmp_path: Path) -> None:
    assert Folder(tmp_path, "CK206").findings({"store.py": store(*OPENED[name])})


KEPT = """
    def __init__(self):
        self.rows = {}
        self.last = None

    async def add_thread_item(self, thread_id, item, context):
        self.last = ThreadMetadata(id=thread_id, created_at=item.created_at)
        self.rows.setdefault(thread_id, []).append(item)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        rows = self.rows.get(thread_id, []) if self.last is not None else []
        return Page(data=rows[:limit], has_more=len(rows) > limit, after=None)

    async def load_thread(self, thread_id, context):
        return self.last
"""


def test_what_a_store_keeps_itself_is_none_at_first(tmp_path: Path) -> None:
    source = f"{HEAD}\nclass MyStore(Store[dict]):{KEPT}\n\nstore = MyStore()\n"
    assert Folder(tmp_path, "CK212").findings({"store.py": source})


UPSERTED = """
    def __init__(self):
        self.items = AsyncIOMotorClient("mongodb://localhost").chat.items

    async def add_thread_item(self, thread_id, item, context):
        await self.items.{write}
"""


@pytest.mark.parametrize(
    ("write", "is_found"),
    [
        ('replace_one({"_id": item.id}, item.model_dump(), upsert=True)', True),
        ('update_one({"_id": item.id}, {"$set": item.model_dump()}, upsert=True)', True),
        ('update_one({"_id": item.id}, {"$set": item.model_dump()})', False),
    ],
)
def test_an_update_that_inserts(write: str, is_found: bool, tmp_path: Path) -> None:
    source = f"{HEAD}\nclass MyStore(Store[dict]):{UPSERTED.format(write=write)}\n\nstore = MyStore()\n"
    assert bool(Folder(tmp_path, "CK204").findings({"store.py": source})) is is_found
