"""What the rehearsal says of a store's pages is what the store gives when it is run, with the real SDK."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from chatkit.store import Store
from chatkit.types import AssistantMessageItem, Page, ThreadMetadata

from chatkit_doctor.backend.rehearsal.idents import IDS, PAGE_SIZE, ROWS, THREAD_ID
from chatkit_doctor.backend.stores.paging import pagings
from chatkit_doctor.pages.catalogue import page
from tests.page_cases import Case, cases
from tests.projects import project_of

_START = datetime(2026, 1, 1)
_PAGES = 5


def in_memory() -> Iterator[Case]:
    for code in ("CK205", "CK206", "CK207", "CK208", "CK220"):
        for case in cases(page(code)):
            text = case.files.get("store.py", "")
            # Run, a page drops a field that it does not have; CK112 tells that.
            if "class MemoryStore" in text and case.name != "keyword-of-another-name":
                yield case


@pytest.mark.parametrize("case", list(in_memory()), ids=str)
def test_pages_are_those_that_the_store_gives(case: Case, tmp_path: Path) -> None:
    rehearsed = [
        (found.method.name, tuple(plain(pages) for pages in reading.both))
        for app in project_of(tmp_path, case.files).apps
        for found in pagings(app)
        for reading in found.readings
    ]

    assert rehearsed
    assert rehearsed == [(name, _run(case.files["store.py"], name)) for name, _ in rehearsed]


@pytest.mark.parametrize("case", [each for each in in_memory() if each.fixed], ids=str)
def test_a_mended_store_gives_every_row_once_in_both_orders(case: Case, tmp_path: Path) -> None:
    names = {found.method.name for app in project_of(tmp_path, case.files).apps for found in pagings(app)}

    assert names
    for name in names:
        oldest_first, newest_first = (
            [row for rows, _, _ in pages for row in rows] for pages in _run(case.fixed["store.py"], name)
        )
        assert oldest_first == list(range(ROWS))
        assert newest_first == oldest_first[::-1]


def plain(pages: Any) -> list[tuple[tuple[int, ...], bool, bool]]:
    return [(each.rows, each.has_more, each.after) for each in pages]


def _run(text: str, name: str) -> tuple[list[tuple[tuple[int, ...], bool, bool]], ...]:
    names: dict[str, Any] = {}
    exec(text, names)  # noqa: S102 - a block of our own page
    store = names["MemoryStore"].__new__(concrete(names["MemoryStore"]))
    store.__init__()
    return asyncio.run(walks(store, name))


def concrete(store: type[Store[Any]]) -> type[Store[Any]]:
    missing = dict.fromkeys(store.__abstractmethods__)
    return type(store.__name__, (store,), missing)


async def walks(store: Store[Any], name: str) -> tuple[list[tuple[tuple[int, ...], bool, bool]], ...]:
    if name == "load_threads":
        for row in range(ROWS):
            await store.save_thread(ThreadMetadata(id=IDS[row], created_at=_START + timedelta(row)), {})
    else:
        await store.save_thread(ThreadMetadata(id=THREAD_ID, created_at=_START), {})
        for row in range(ROWS):
            item = AssistantMessageItem(
                id=IDS[row], thread_id=THREAD_ID, created_at=_START + timedelta(row), content=[]
            )
            await store.add_thread_item(THREAD_ID, item, {})
    return await _walk(store, name, "asc"), await _walk(store, name, "desc")


async def _walk(store: Store[Any], name: str, order: str) -> list[tuple[tuple[int, ...], bool, bool]]:
    pages = []
    after = None
    for _ in range(_PAGES):
        if name == "load_threads":
            given: Page[Any] = await store.load_threads(limit=PAGE_SIZE, after=after, order=order, context={})
        else:
            given = await store.load_thread_items(THREAD_ID, after, PAGE_SIZE, order, {})
        rows = tuple(IDS.index(each.id) for each in given.data)
        cursor = given.after or getattr(given, "next_cursor", None)
        pages.append((rows, given.has_more, bool(cursor)))
        if not given.has_more or not rows:
            break
        after = cursor or IDS[rows[-1]]
    return pages
