"""What the rehearsal says of a store that is saved to twice, and of shared objects, is what the store does when run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from chatkit.store import Store
from chatkit.types import AssistantMessageContent, AssistantMessageItem, ThreadMetadata

from chatkit_doctor.backend.stores.aliasing import Alias, aliased_stores
from chatkit_doctor.backend.stores.saving import Saving, careless_savings
from chatkit_doctor.contracts.sdk.sdk_names import SAVE_ITEM, THREAD
from chatkit_doctor.pages.catalogue import page
from tests.page_cases import Case, cases
from tests.projects import project_of

_DAY = datetime(2026, 1, 1)


def in_memory(code: str) -> Iterator[Case]:
    return (case for case in cases(page(code)) if "class MemoryStore" in case.files.get("store.py", ""))


def made(text: str) -> Store[Any]:
    names: dict[str, Any] = {}
    exec(text, names)  # noqa: S102 - a block of our own page
    class_ = names["MemoryStore"]
    store: Store[Any] = type("Made", (class_,), dict.fromkeys(class_.__abstractmethods__))()
    return store


def item(text: str) -> AssistantMessageItem:
    return AssistantMessageItem(
        id="msg_1", thread_id="thr_1", created_at=_DAY, content=[AssistantMessageContent(text=text)]
    )


@pytest.mark.parametrize(
    "case", [each for each in in_memory("CK209") if "def load_thread_items" in each.files["store.py"]], ids=str
)
def test_a_second_saving_does_what_it_is_said_to_do(case: Case, tmp_path: Path) -> None:
    apps = project_of(tmp_path, case.files).apps
    said = {each.outcome for app in apps for each in careless_savings(app) if each.method.name == SAVE_ITEM}

    for text in filter(None, (case.files["store.py"], case.fixed.get("store.py"))):
        kept = asyncio.run(saved_twice(made(text)))
        is_doubled = text == case.files["store.py"] and said == {Saving.DOUBLED}
        assert kept == (["first", "second"] if is_doubled else ["second"])


@pytest.mark.parametrize("case", [each for each in in_memory("CK209") if each.name == "untitled"], ids=str)
def test_a_title_is_dropped_as_it_is_said(case: Case, tmp_path: Path) -> None:
    apps = project_of(tmp_path, case.files).apps

    assert [each.outcome for app in apps for each in careless_savings(app)] == [Saving.UNTITLED]
    assert asyncio.run(_titles(made(case.files["store.py"]))) == [None]


async def _titles(store: Store[Any]) -> list[str | None]:
    for title in (None, "Billing"):
        await store.save_thread(ThreadMetadata(id="thr_1", created_at=_DAY, title=title), {})
    return [each.title for each in (await store.load_threads(10, None, "asc", {})).data]


async def saved_twice(store: Store[Any]) -> list[str]:
    await store.save_thread(ThreadMetadata(id="thr_1", created_at=_DAY), {})
    await store.add_thread_item("thr_1", item("first"), {})
    await store.save_item("thr_1", item("second"), {})
    found = await store.load_thread_items("thr_1", None, 10, "asc", {})
    return [each.content[0].text for each in found.data if isinstance(each, AssistantMessageItem)]


@pytest.mark.parametrize("case", list(in_memory("CK214")), ids=str)
def test_objects_are_shared_as_it_is_said(case: Case, tmp_path: Path) -> None:
    said = [
        (part.what == THREAD, part.alias)
        for app in project_of(tmp_path, case.files).apps
        for each in aliased_stores(app)
        for part in each.parts
    ]
    is_thread, alias = said[0] if said else (True, Alias.NONE)

    assert asyncio.run(_shared(made(case.files["store.py"]), is_thread)) is alias
    if "store.py" in case.fixed:
        assert asyncio.run(_shared(made(case.fixed["store.py"]), is_thread)) is Alias.NONE


async def _shared(store: Store[Any], is_thread: bool) -> Alias:
    given: Any = ThreadMetadata(id="thr_1", created_at=_DAY)
    await store.save_thread(given, {})
    if not is_thread:
        given = item("first")
        await store.add_thread_item("thr_1", given, {})

    async def load() -> Any:
        return await (store.load_thread("thr_1", {}) if is_thread else store.load_item("thr_1", "msg_1", {}))

    given.created_at = datetime(2026, 1, 2)
    loaded = await load()
    is_kept = loaded.created_at == given.created_at
    loaded.created_at = datetime(2026, 1, 3)
    is_handed_out = (await load()).created_at == loaded.created_at
    if is_kept:
        return Alias.BOTH if is_handed_out else Alias.KEPT
    return Alias.HANDED_OUT if is_handed_out else Alias.NONE
