"""What the rehearsal says of stores that keep everything in Redis is what they do when run, with Redis' own client."""

from __future__ import annotations

import asyncio
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
from chatkit.store import Store
from fakeredis import FakeAsyncRedis

from chatkit_doctor.backend.stores.paging import pagings
from chatkit_doctor.backend.stores.saving import Saving, careless_savings
from chatkit_doctor.contracts.sdk.sdk_names import SAVE_ITEM
from tests.backend.stores.test_paging_truth import concrete, plain, walks
from tests.backend.stores.test_saving_truth import saved_twice
from tests.projects import project_of

STORE = """\
import json
from urllib.parse import quote

from chatkit.store import NotFoundError, Store
from chatkit.types import Page, ThreadItem, ThreadMetadata
from pydantic import TypeAdapter
from redis.asyncio import Redis

ITEM = TypeAdapter(ThreadItem)


def key(*parts):
    return ":".join(["chat", *(quote(part) for part in parts)])


def page(rows, after, limit):
    ids = [row.id for row in rows]
    start = ids.index(after) + 1 if after in ids else 0
    data = rows[start : start + limit]
    more = start + limit < len(rows)
    return Page(data=data, has_more=more, after=data[-1].id if more else None)


class RedisStore(Store[dict]):
    def __init__(self, redis: Redis):
        self.redis = redis

"""
# Each way of keeping threads and items, and how it pages.
THREADS = {
    "texts": """
        async def save_thread(self, thread, context):
            await self.redis.set(key("thread", thread.id), thread.model_dump_json())

        async def load_threads(self, limit, after, order, context):
            keys = [each async for each in self.redis.scan_iter(match="chat:thread:*")]
            threads = [ThreadMetadata.model_validate_json(each) for each in await self.redis.mget(keys) if each]
            threads.sort(key=lambda thread: thread.created_at, reverse=order == "desc")
            return page(threads, after, limit)
    """,
    "sorted set": """
        async def save_thread(self, thread, context):
            async with self.redis.pipeline(transaction=True) as pipe:
                pipe.set(f"thread:{thread.id}", json.dumps(thread.model_dump(mode="json")))
                pipe.zadd("threads", {thread.id: thread.created_at.timestamp()})
                await pipe.execute()

        async def load_threads(self, limit, after, order, context):
            rank = self.redis.zrevrank if order == "desc" else self.redis.zrank
            start = await rank("threads", after) + 1 if after else 0
            ids = await self.redis.zrange("threads", start, start + limit, desc=order == "desc")
            data = []
            for each in ids[:limit]:
                ident = each.decode() if isinstance(each, bytes) else each
                data.append(ThreadMetadata.model_validate(json.loads(await self.redis.get(f"thread:{ident}"))))
            more = len(ids) > limit
            return Page(data=data, has_more=more, after=data[-1].id if more else None)
    """,
    "newest always": """
        async def save_thread(self, thread, context):
            await self.redis.hset("threads", thread.id, thread.model_dump_json())
            await self.redis.zadd("order", {thread.id: thread.created_at.timestamp()})

        async def load_threads(self, limit, after, order, context):
            ids = await self.redis.zrevrange("order", 0, -1)
            rows = [ThreadMetadata.model_validate_json(each) for each in await self.redis.hmget("threads", ids)]
            return page(rows, after, limit)
    """,
    "set": """
        async def save_thread(self, thread, context):
            await self.redis.sadd("ids", thread.id)
            await self.redis.hset(f"thread:{thread.id}", mapping={"body": thread.model_dump_json()})

        async def load_threads(self, limit, after, order, context):
            rows = []
            for each in await self.redis.smembers("ids"):
                body = await self.redis.hget(f"thread:{each.decode()}", "body")
                rows.append(ThreadMetadata.model_validate_json(body))
            rows.sort(key=lambda thread: thread.created_at, reverse=order == "desc")
            return page(rows, after, limit)
    """,
}
ITEMS = {
    "list": """
        async def add_thread_item(self, thread_id, item, context):
            await self.redis.rpush(key("items", thread_id), item.model_dump_json())

        async def save_item(self, thread_id, item, context):
            await self.add_thread_item(thread_id, item, context)

        async def load_thread_items(self, thread_id, after, limit, order, context):
            rows = [ITEM.validate_json(each) for each in await self.redis.lrange(key("items", thread_id), 0, -1)]
            return page(rows[::-1] if order == "desc" else rows, after, limit)
    """,
    "list, replaced": """
        async def add_thread_item(self, thread_id, item, context):
            await self.redis.rpush(key("items", thread_id), item.model_dump_json())

        async def save_item(self, thread_id, item, context):
            for index, each in enumerate(await self.redis.lrange(key("items", thread_id), 0, -1)):
                if ITEM.validate_json(each).id == item.id:
                    await self.redis.lset(key("items", thread_id), index, item.model_dump_json())
                    return
            await self.add_thread_item(thread_id, item, context)

        async def load_thread_items(self, thread_id, after, limit, order, context):
            rows = await self.redis.lrange(key("items", thread_id), 0, limit - 1)
            items = [ITEM.validate_json(each) for each in rows]
            if order == "desc":
                items.reverse()
            return Page(data=items, has_more=await self.redis.llen(key("items", thread_id)) > limit)
    """,
    "hash": """
        async def add_thread_item(self, thread_id, item, context):
            if not await self.redis.hexists(f"items:{thread_id}", item.id):
                await self.redis.rpush(f"ids:{thread_id}", item.id)
            await self.redis.hset(f"items:{thread_id}", item.id, item.model_dump_json())

        async def save_item(self, thread_id, item, context):
            await self.add_thread_item(thread_id, item, context)

        async def load_thread_items(self, thread_id, after, limit, order, context):
            ids = [each.decode("utf-8") for each in await self.redis.lrange(f"ids:{thread_id}", 0, -1)]
            if order == "desc":
                ids.reverse()
            start = ids.index(after) + 1 if after else 0
            chosen = ids[start : start + limit]
            data = [ITEM.validate_json(each) for each in await self.redis.hmget(f"items:{thread_id}", chosen)]
            more = len(ids) > start + limit
            return Page(data=data, has_more=more, after=chosen[-1] if more else None)
    """,
    "scores": """
        async def add_thread_item(self, thread_id, item, context):
            await self.redis.setex(f"item:{item.id}", 3600, item.model_dump_json())
            await self.redis.zadd(f"order:{thread_id}", {item.id: item.created_at.timestamp()}, nx=True)

        async def save_item(self, thread_id, item, context):
            await self.redis.set(f"item:{item.id}", item.model_dump_json())

        async def load_thread_items(self, thread_id, after, limit, order, context):
            if order == "desc":
                last = await self.redis.zscore(f"order:{thread_id}", after) if after else "+inf"
                ids = await self.redis.zrevrangebyscore(f"order:{thread_id}", last, "-inf", start=0, num=limit + 1)
            else:
                first = await self.redis.zscore(f"order:{thread_id}", after) if after else "-inf"
                ids = await self.redis.zrangebyscore(f"order:{thread_id}", first, "+inf", start=0, num=limit + 1)
            bodies = await self.redis.mget([f"item:{each.decode()}" for each in ids[:limit]])
            data = [ITEM.validate_json(each) for each in bodies]
            return Page(data=data, has_more=len(ids) > limit, after=data[-1].id if len(ids) > limit else None)
    """,
}
EMPTY = """
    async def save_thread(self, thread, context):
        pass
"""


def _text(body: str) -> str:
    return STORE + indent(dedent(body), "    ")


def _store(text: str) -> Store[Any]:
    names: dict[str, Any] = {}
    exec(text, names)  # noqa: S102 - a text of this file
    class_: Any = concrete(names["RedisStore"])
    made: Store[Any] = class_(FakeAsyncRedis())
    return made


@pytest.mark.parametrize("body", [*THREADS.values(), *(dedent(EMPTY) + dedent(each) for each in ITEMS.values())])
def test_pages_are_those_that_the_store_gives(body: str, tmp_path: Path) -> None:
    text = _text(body)
    rehearsed = [
        (found.method.name, tuple(plain(pages) for pages in reading.both))
        for app in project_of(tmp_path, {"store.py": text}).apps
        for found in pagings(app)
        for reading in found.readings
    ]

    assert rehearsed
    name = rehearsed[0][0]
    given = asyncio.run(walks(_store(text), name))
    assert all(each == (name, given) for each in rehearsed)


@pytest.mark.parametrize("body", [each for kind, each in ITEMS.items() if kind != "scores"])
def test_a_second_saving_does_what_it_is_said_to_do(body: str, tmp_path: Path) -> None:
    text = _text(dedent(EMPTY) + dedent(body))
    apps = project_of(tmp_path, {"store.py": text}).apps
    said = {each.outcome for app in apps for each in careless_savings(app) if each.method.name == SAVE_ITEM}

    kept = asyncio.run(saved_twice(_store(text)))
    assert said in (set(), {Saving.DOUBLED})
    assert kept == (["first", "second"] if said else ["second"])


@pytest.mark.parametrize(
    ("known", "instead"),
    [("self.redis.rpush(", "self.redis.eval("), (", 0, -1)", ", 0, '--1')"), (", 0, -1)", ", 0, '²')")],
)
def test_a_command_that_is_not_known_or_refused_is_not_judged(known: str, instead: str, tmp_path: Path) -> None:
    text = _text(ITEMS["list"].replace(known, instead))

    assert instead in text
    assert not [found for app in project_of(tmp_path, {"store.py": text}).apps for found in pagings(app)]
