"""The fix of CK220 in stores that make their page behind their cursor, and the pages that they give then."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from chatkit.store import Store
from chatkit.types import ThreadMetadata

from chatkit_doctor.scanning.flow import Options, run
from tests.fix_helper import fixed_files
from tests.projects import write_exactly

_STORE = """\
from chatkit.store import Store
from chatkit.types import Page


class MemoryStore(Store[dict]):
    def __init__(self):
        self.threads = {}

    async def save_thread(self, thread, context):
        self.threads[thread.id] = thread

    async def load_threads(self, limit, after, order, context):
        rows = sorted(self.threads.values(), key=lambda thread: thread.created_at, reverse=order == "desc")
        if after:
            rows = rows[[row.id for row in rows].index(after) + 1 :]
        rows = rows[: limit + 1]
        more = len(rows) > limit
"""
_WRITTEN = {"save_thread", "load_threads"}
_LAST = "        return Page(data={data}, has_more=more, after={after})\n"


@pytest.mark.parametrize(
    ("lines", "data", "after"),
    [
        (["cursor = rows[limit].id if more else None", "rows = rows[:limit]"], "rows", "cursor"),
        (["cursor = rows[limit].id if more else None", "page = rows[:limit]"], "page", "cursor"),
        (["cursor = rows[-1].id if more else None", "page = rows[:limit]"], "page", "cursor"),
        (["page = [row.model_copy() for row in rows[:limit]]"], "page", "rows[-1].id if more else None"),
    ],
)
def test_the_mended_store_gives_each_row_once(tmp_path: Path, lines: list[str], data: str, after: str) -> None:
    text = _STORE + "".join(f"        {line}\n" for line in lines) + _LAST.format(data=data, after=after)

    changed = fixed_files(tmp_path, {"store.py": text}, ["CK220"])

    assert asyncio.run(_read(text)) != list(range(7))
    assert asyncio.run(_read(changed["store.py"])) == list(range(7))


@pytest.mark.parametrize(
    ("lines", "data"),
    [
        # The page itself hangs on the cursor.
        (["cursor = rows[limit].id if more else None", "page = [row for row in rows if row.id != cursor]"], "page"),
        # No name says where the page ends.
        (["cursor = rows[-1].id if more else None", "if more:", "    rows.pop()"], "rows"),
    ],
)
def test_a_cursor_is_left_where_no_other_row_is_surely_right(tmp_path: Path, lines: list[str], data: str) -> None:
    text = _STORE + "".join(f"        {line}\n" for line in lines) + _LAST.format(data=data, after="cursor")
    write_exactly(tmp_path, {"store.py": text})

    assert asyncio.run(_read(text)) != list(range(7))
    assert [finding.fix for finding in run([tmp_path], Options(select=("CK220",))).findings] == [None]


async def _read(text: str) -> list[int]:
    """Return the numbers of the rows of a store of seven that its pages of two give, one page after another."""
    module: dict[str, Any] = {}
    exec(compile(text, "store.py", "exec"), module)  # noqa: S102 - it is written above
    store = type("WholeStore", (module["MemoryStore"],), dict.fromkeys(Store.__abstractmethods__ - _WRITTEN))()
    for number in range(7):
        created = f"2026-01-0{number + 1}T00:00:00"
        await store.save_thread(ThreadMetadata.model_validate({"id": f"t{number}", "created_at": created}), {})
    found: list[int] = []
    after = None
    while True:
        page = await store.load_threads(2, after, "asc", {})
        found += [int(each.id[1:]) for each in page.data]
        after = page.after
        if not page.has_more:
            return found
