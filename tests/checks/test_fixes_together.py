"""Fixes of several rules in one method: what one writes, another finds."""

from __future__ import annotations

from pathlib import Path

from tests.fix_helper import fixed_files

_STORE = """\
from collections import defaultdict

from chatkit.store import NotFoundError, Store
from chatkit.types import Page, ThreadItem, ThreadMetadata


class MemoryStore(Store[dict]):
    def __init__(self):
        self.threads: dict[str, ThreadMetadata] = {}
        self.items: dict[str, list[ThreadItem]] = defaultdict(list)

    async def load_thread(self, thread_id, context):
        if thread_id not in self.threads:
            raise NotFoundError(thread_id)
        return self.threads[thread_id]

    async def save_thread(self, thread, context):
        self.threads[thread.id] = thread

    async def load_threads(self, limit, after, order, context):
        threads = sorted(self.threads.values(), key=lambda each: each.created_at, reverse=order == "desc")
        start = next((i + 1 for i, each in enumerate(threads) if each.id == after), 0)
        page = threads[start : start + limit]
        more = start + limit < len(threads)
        return Page(data=page, has_more=more, after=page[-1].id if more else None)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        items = sorted(self.items.get(thread_id, []), key=lambda each: each.created_at, reverse=order == "desc")
        start = next((i + 1 for i, each in enumerate(items) if each.id == after), 0)
        page = items[start : start + limit]
        more = start + limit < len(items)
        return Page(data=page, has_more=more, after=page[-1].id if more else None)

    async def add_thread_item(self, thread_id, item, context):
        self.items[thread_id].append(item)

    async def save_item(self, thread_id, item, context):
        await self.add_thread_item(thread_id, item, context)

    async def load_item(self, thread_id, item_id, context):
        for item in self.items.get(thread_id, []):
            if item.id == item_id:
                return item
        raise NotFoundError(item_id)
"""

_SERVER = """\
from chatkit.server import ChatKitServer

from store import MemoryStore


class Server(ChatKitServer[dict]):
    async def respond(self, thread, item, context):
        thread.title = "A chat"
        yield


server = Server(MemoryStore())
"""


def test_what_replaces_an_item_keeps_the_copy_of_it(tmp_path: Path) -> None:
    (text,) = fixed_files(tmp_path, {"store.py": _STORE, "server.py": _SERVER}, ["CK209", "CK214"]).values()

    method = text[text.index("    async def save_item") : text.index("    async def load_item")]
    copied = method.index("item = item.model_copy(deep=True)")
    assert copied < method.index("for index, existing in enumerate(")


def test_a_thread_without_its_items_is_copied_once(tmp_path: Path) -> None:
    (text,) = fixed_files(tmp_path, {"store.py": _STORE, "server.py": _SERVER}, ["CK213", "CK214"]).values()

    method = text[text.index("    async def save_thread") : text.index("    async def add_thread_item")]
    assert "ThreadMetadata(**thread.model_dump(" in method
    assert "model_copy" not in method
