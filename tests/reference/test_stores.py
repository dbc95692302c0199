"""Both stores of the reference app, held to the same contract, in this process and without a server."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

Test = Callable[[Any], Awaitable[None]]


@pytest.fixture(params=["memory", "sqlite"])
def run(request: pytest.FixtureRequest, module: Any, tmp_path: Path) -> Callable[[Test], None]:
    """Return a function that runs a coroutine on a new store."""

    async def on_store(test: Test) -> None:
        store = module("stores").open_store(":memory:" if request.param == "memory" else str(tmp_path / "chat.db"))
        await test(store)
        await store.close()

    return lambda test: asyncio.run(on_store(test))


@pytest.fixture
def ada(module: Any) -> Any:
    return module("context").RequestContext("ada")


@pytest.fixture
def eve(module: Any) -> Any:
    return module("context").RequestContext("eve")


def thread(thread_id: str, title: str | None = None) -> Any:
    types = importlib.import_module("chatkit.types")
    return types.ThreadMetadata(id=thread_id, created_at=datetime(2030, 1, 1), title=title)


def answer(item_id: str, text: str = "", thread_id: str = "t") -> Any:
    types = importlib.import_module("chatkit.types")
    content = [types.AssistantMessageContent(text=text)]
    return types.AssistantMessageItem(id=item_id, thread_id=thread_id, created_at=datetime(2030, 1, 1), content=content)


def fails(work: Coroutine[Any, Any, Any]) -> Awaitable[None]:
    """Await what has to raise NotFoundError."""

    async def expect() -> None:
        with pytest.raises(importlib.import_module("chatkit.store").NotFoundError):
            await work

    return expect()


async def walk(load: Callable[[str | None], Awaitable[Any]]) -> list[list[str]]:
    """Return the ids of all pages, one page after the other."""
    pages: list[list[str]] = []
    after = None
    while True:
        page = await load(after)
        pages.append([row.id for row in page.data])
        if not page.has_more:
            assert page.after is None
            return pages
        after = page.after


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("count", [0, 2, 3, 7])
def test_pages_of_items_follow_the_order_in_which_they_were_added(run: Any, ada: Any, order: str, count: int) -> None:
    # Neither by id nor by time: those are all the same here, and run the other way.
    ids = [f"m{9 - number}" for number in range(count)]
    expected = ids if order == "asc" else ids[::-1]

    async def test(store: Any) -> None:
        await store.save_thread(thread("t"), ada)
        for item_id in ids:
            await store.add_thread_item("t", answer(item_id), ada)
        pages = await walk(lambda after: store.load_thread_items("t", after, 3, order, ada))
        assert [item for page in pages for item in page] == expected
        assert [len(page) for page in pages[:-1]] == [3] * (len(pages) - 1)
        assert len(pages) == max(1, -(-count // 3))

    run(test)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_pages_of_threads_follow_the_order_in_which_they_were_made(run: Any, ada: Any, order: str) -> None:
    ids = [f"t{9 - number}" for number in range(5)]

    async def test(store: Any) -> None:
        for thread_id in ids:
            await store.save_thread(thread(thread_id), ada)
        await store.save_thread(thread(ids[0], "renamed"), ada)
        pages = await walk(lambda after: store.load_threads(limit=2, after=after, order=order, context=ada))
        assert [row for page in pages for row in page] == (ids if order == "asc" else ids[::-1])

    run(test)


def test_saving_again_replaces_at_the_same_place(run: Any, ada: Any) -> None:
    async def test(store: Any) -> None:
        await store.save_thread(thread("t"), ada)
        await store.save_thread(thread("t", "renamed"), ada)
        assert (await store.load_thread("t", ada)).title == "renamed"
        for item in (answer("a"), answer("b"), answer("a", "new")):
            await store.save_item("t", item, ada)
        page = await store.load_thread_items("t", None, 9, "asc", ada)
        assert [(item.id, item.content[0].text) for item in page.data] == [("a", "new"), ("b", "")]

    run(test)


def test_what_is_not_there_is_said_not_to_be_there(run: Any, ada: Any) -> None:
    async def test(store: Any) -> None:
        await fails(store.load_thread("gone", ada))
        await fails(store.load_thread_items("gone", None, 9, "asc", ada))
        await fails(store.add_thread_item("gone", answer("a"), ada))
        await fails(store.load_attachment("gone", ada))
        await fails(store.load_file("gone"))
        await store.save_thread(thread("t"), ada)
        await fails(store.load_item("t", "gone", ada))

    run(test)


def test_deleting_leaves_nothing_and_may_be_done_twice(run: Any, ada: Any) -> None:
    async def test(store: Any) -> None:
        await store.save_thread(thread("t"), ada)
        for item_id in ("a", "b"):
            await store.add_thread_item("t", answer(item_id), ada)
        for _ in range(2):
            await store.delete_thread_item("t", "a", ada)
        assert [item.id for item in (await store.load_thread_items("t", None, 9, "asc", ada)).data] == ["b"]
        for _ in range(2):
            await store.delete_thread("t", ada)
        await fails(store.load_thread("t", ada))
        await store.save_thread(thread("t"), ada)
        assert (await store.load_thread_items("t", None, 9, "asc", ada)).data == []

    run(test)


def test_users_do_not_meet_even_under_the_same_ids(run: Any, ada: Any, eve: Any) -> None:
    async def test(store: Any) -> None:
        for context, title in ((ada, "of ada"), (eve, "of eve")):
            await store.save_thread(thread("t", title), context)
            await store.add_thread_item("t", answer("a", title), context)
        await store.delete_thread_item("t", "a", eve)
        await store.delete_thread("t", eve)
        assert (await store.load_thread("t", ada)).title == "of ada"
        assert (await store.load_item("t", "a", ada)).content[0].text == "of ada"
        assert await store.users() == ["ada"]

    run(test)


def test_attachments_are_their_owners(run: Any, module: Any, ada: Any, eve: Any) -> None:
    async def test(store: Any) -> None:
        tokens = module("tokens").Tokens("secret")
        attachments = module("attachments").Attachments(store, tokens, "http://localhost:8000")
        record = await attachments.add("a.txt", "text/plain", ada)
        file = module("stores").File("text/plain", b"Go north.")
        assert [await store.save_file(record.id, file), await store.save_file(record.id, file)] == [True, False]
        await fails(store.load_attachment(record.id, eve))
        await fails(attachments.delete_attachment(record.id, eve))
        assert await store.load_file(record.id) == file
        await attachments.delete_attachment(record.id, ada)
        await store.delete_attachment(record.id, ada)
        await fails(store.load_file(record.id))
        await fails(store.load_attachment(record.id, ada))

    run(test)


def test_ids_are_of_128_random_bits(run: Any, ada: Any) -> None:
    async def test(store: Any) -> None:
        made = {store.generate_item_id("message", thread("t"), ada) for _ in range(1000)}
        made |= {store.generate_thread_id(ada) for _ in range(1000)}
        assert len(made) == 2000
        assert {len(item_id.rpartition("_")[2]) for item_id in made} == {32}

    run(test)


def test_writes_at_the_same_time_all_arrive(run: Any, ada: Any) -> None:
    async def test(store: Any) -> None:
        await store.save_thread(thread("t"), ada)
        await asyncio.gather(*(store.add_thread_item("t", answer(f"m{number}"), ada) for number in range(200)))
        page = await store.load_thread_items("t", None, 500, "asc", ada)
        assert len(page.data) == 200

    run(test)


def test_write_of_a_request_that_is_cancelled_arrives(run: Any, ada: Any) -> None:
    async def test(store: Any) -> None:
        await store.save_thread(thread("t"), ada)
        for number in range(50):
            writing = asyncio.create_task(store.add_thread_item("t", answer(f"m{number}"), ada))
            await asyncio.sleep(0)
            writing.cancel()
        assert len((await store.load_thread_items("t", None, 99, "asc", ada)).data) == 50

    run(test)
