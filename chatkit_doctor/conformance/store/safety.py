"""Users, writers and restarts: nobody reads another's threads, nothing is lost, and nothing changes unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from chatkit.store import NotFoundError

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.bench import Bench, ids
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError, SkippedError

_WRITERS = 25
_UNSEEN = "changed behind its back"
_Call = Callable[[], Awaitable[Any]]


@shows("store", "user-isolation")
async def user_isolation(bench: Bench) -> None:
    """Store with one user, and try to list, load and delete it with another."""
    other = bench.other
    mine = await bench.thread(title="mine")
    (item,) = await bench.messages(mine, 1)
    if mine.id in ids(await bench.threads(context=other)):
        raise BrokenError(
            "a user's threads are listed for another", "load_threads(…, context of another user)", "load_threads"
        )
    since = (await bench.store.load_thread(mine.id, context=bench.context)).created_at
    await _kept_from(lambda: bench.store.load_thread(mine.id, context=other), "a thread", "load_thread", since)
    await _kept_from(lambda: bench.store.load_item(mine.id, item.id, context=other), "an item", "load_item")
    await _kept_from(
        lambda: bench.store.load_thread_items(mine.id, None, 20, "asc", other), "the items", "load_thread_items"
    )
    calls: tuple[tuple[str, _Call], ...] = (
        ("delete_thread_item", lambda: bench.store.delete_thread_item(mine.id, item.id, context=other)),
        ("delete_thread", lambda: bench.store.delete_thread(mine.id, context=other)),
    )
    for method, call in calls:
        # A refusal in whatever form.
        with suppress(Exception):
            await call()
        try:
            found = ids(await bench.items(mine))
        except NotFoundError:
            found = []
        if found != [item.id]:
            raise BrokenError(
                "a user can delete what another has stored", f"{method}(…, context of another user)", method
            )


async def _kept_from(call: _Call, what: str, method: str, since: Any = None) -> None:
    try:
        got = await call()
    except Exception:  # noqa: BLE001 - a refusal in whatever form
        return
    # A thread that is made when it is asked for is not the other's.
    is_made = method == "load_thread" and getattr(got, "created_at", None) != since
    if got is None or is_made or (hasattr(got, "data") and not got.data):
        return
    raise BrokenError(f"a user can load {what} of another", f"{method}(…, context of another user)", method)


@shows("store", "concurrent-writers")
async def concurrent_writers(bench: Bench) -> None:
    """Add many items to one thread, and to several, at once."""
    one, two = await bench.thread(), await bench.thread()
    made = []
    for number in range(_WRITERS):
        thread = two if number % 5 == 0 else one
        made.append(samples.user_message(bench.item_id(thread), thread.id, f"{number}", bench.next_number()))
    try:
        await asyncio.gather(
            *(bench.store.add_thread_item(each.thread_id, each, context=bench.context) for each in made)
        )
    except Exception as error:
        raise BrokenError(
            f"{_WRITERS} items added at once end in {type(error).__name__}: {error}", "", "add_thread_item"
        ) from error
    for thread in (one, two):
        mine = [each for each in made if each.thread_id == thread.id]
        await bench.refuse_renamed(thread, mine)
        wanted, found = set(ids(mine)), set(ids(await bench.items(thread)))
        if wanted - found:
            raise BrokenError(
                f"of {len(wanted)} items added at once, {len(wanted & found)} are there", "", "add_thread_item"
            )


@shows("store", "no-aliasing")
async def no_aliasing(bench: Bench) -> None:
    """Change a thread and an item after they were saved, and after they were loaded: the store does not change."""
    made = samples.thread(bench.thread_id(), bench.next_number(), title="as saved")
    bench._threads.append((made.id, bench.context))
    await bench.store.save_thread(made, context=bench.context)
    made.title = _UNSEEN
    made.metadata["changed"] = True
    await _as_saved(bench, made.id, "a thread that is changed after it was saved", "save_thread")
    loaded = await bench.store.load_thread(made.id, context=bench.context)
    loaded.title = _UNSEEN
    loaded.metadata["changed"] = True
    await _as_saved(bench, made.id, "a thread that is changed after it was loaded", "load_thread")
    item = samples.user_message(bench.item_id(made), made.id, "as saved", bench.next_number())
    await bench.store.add_thread_item(made.id, item, context=bench.context)
    await bench.refuse_renamed(made, [item])
    item.content[0].text = _UNSEEN
    await _text_as_saved(bench, made, item, "an item that is changed after it was saved", "add_thread_item")
    (page,) = (await bench.items(made),)
    page[0].content[0].text = _UNSEEN
    await _text_as_saved(bench, made, item, "an item that is changed after it was loaded", "load_thread_items")


async def _as_saved(bench: Bench, thread_id: str, what: str, method: str) -> None:
    found = await bench.store.load_thread(thread_id, context=bench.context)
    if found.title == _UNSEEN or "changed" in found.metadata:
        raise BrokenError(f"{what} is changed in the store as well, without being saved", "", method)


async def _text_as_saved(bench: Bench, thread: Any, item: Any, what: str, method: str) -> None:
    found = await bench.store.load_item(thread.id, item.id, context=bench.context)
    if found.content[0].text == _UNSEEN:
        raise BrokenError(f"{what} is changed in the store as well, without being saved", "", method)


@shows("store", "restart")
async def restart(bench: Bench) -> None:
    """Load with a second instance what the first has stored."""
    if bench.again is None:
        raise SkippedError("it takes a second instance: name a class or a factory in the place of an instance")
    thread = await bench.thread(title="before")
    made = await bench.messages(thread, 3)
    second = await bench.again()
    case = "save with one instance, load with another of the same class or factory"
    try:
        found = await second.load_thread(thread.id, context=bench.context)
        page = await second.load_thread_items(thread.id, None, 20, "asc", bench.context)
    except NotFoundError:
        found = None
    is_whole = found is not None and found.title == "before" and ids(page.data) == ids(made)
    if not is_whole and bench.scratch is not None and not _files_in(bench.scratch):
        raise SkippedError("the store is in memory: what it holds ends with the process")
    if found is None:
        raise BrokenError("a second instance does not know what the first has stored: it ends with the process", case)
    if not is_whole:
        raise BrokenError("a second instance has only a part of what the first has stored", case)


def _files_in(scratch: Path) -> bool:
    """Return whether there is a file that is not one of the project's."""
    return any(each.is_file() and not each.is_symlink() for each in scratch.iterdir())
