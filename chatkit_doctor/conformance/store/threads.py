"""Threads: kept as they are, replaced by their id, gone when deleted; NotFoundError for what is not there."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from chatkit import types as kit
from chatkit.store import NotFoundError

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.bench import Bench, ids
from chatkit_doctor.conformance.equality import difference, shown
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError, SkippedError


@shows("store", "thread-round-trip")
async def thread_round_trip(bench: Bench) -> None:
    """Save a thread of each status, with a title and metadata, and load it."""
    for status in (kit.ActiveStatus(), kit.LockedStatus(reason=samples.TEXT), kit.ClosedStatus()):
        for fields in ({}, {"title": samples.TEXT, "metadata": {samples.TEXT: [1, None, {"deep": True}]}}):
            made = await bench.thread(status=status, **fields)
            loaded = await bench.store.load_thread(made.id, context=bench.context)
            if changed := difference(made, loaded):
                raise BrokenError(f"a thread comes back changed: {changed}", _saved_and_loaded(made), "load_thread")


@shows("store", "thread-upsert")
async def thread_upsert(bench: Bench) -> None:
    """Save a thread twice: it is one thread, as it was saved last."""
    made = await bench.thread()
    made.title = "a new title"
    made.metadata["response"] = "resp_1"
    try:
        await bench.store.save_thread(made.model_copy(deep=True), context=bench.context)
    except SkippedError:
        raise
    except Exception as error:
        raise BrokenError(
            f"a thread cannot be saved a second time: {type(error).__name__}: {error}",
            "save_thread(thread); save_thread(thread with a new title)",
            "save_thread",
        ) from error
    if changed := difference(made, await bench.store.load_thread(made.id, context=bench.context)):
        raise BrokenError(f"a thread saved again is not as it was saved last: {changed}", "", "save_thread")
    count = ids(await bench.threads()).count(made.id)
    if count != 1:
        raise BrokenError(f"a thread that was saved twice is listed {count} times", "", "save_thread")
    await _without_items(bench, made)


async def _without_items(bench: Bench, made: Any) -> None:
    """Save a thread with its items, as the server does where `respond` changes it in the first turn, and load it."""
    whole = kit.Thread(**made.model_dump(), items=kit.Page())
    await bench.store.save_thread(whole, context=bench.context)
    loaded = await bench.store.load_thread(made.id, context=bench.context)
    if "items" in loaded.model_dump():
        raise BrokenError(
            "a thread that is saved with its items, as one is that respond changes in the first turn, is loaded with "
            "them, so that it cannot be opened again",
            "save_thread(Thread(…, items=Page())); load_thread(…)",
            "save_thread",
        )
    if changed := difference(made, loaded):
        raise BrokenError(f"a thread that is saved with its items comes back changed: {changed}", "", "load_thread")


@shows("store", "thread-delete")
async def thread_delete(bench: Bench) -> None:
    """Delete a thread: it, and its items, are gone, and others stay."""
    gone, kept = await bench.thread(), await bench.thread()
    (item,) = await bench.messages(gone, 1)
    (other,) = await bench.messages(kept, 1)
    # Whether what was added is there at all is another property's.
    was_there = other.id in ids(await bench.items(kept))
    await bench.store.delete_thread(gone.id, context=bench.context)
    # Asked first: there are stores that make what they are asked for.
    if gone.id in ids(await bench.threads()):
        raise BrokenError("a deleted thread is still listed", "delete_thread(a); load_threads(…)", "delete_thread")
    await _must_be_gone(
        bench.store.load_thread(gone.id, context=bench.context), "a deleted thread", "load_thread", gone.created_at
    )
    await _must_be_gone(
        bench.store.load_item(gone.id, item.id, context=bench.context), "an item of a deleted thread", "delete_thread"
    )
    if was_there and other.id not in ids(await bench.items(kept)):
        raise BrokenError("deleting one thread changes the items of another", "", "delete_thread")


@shows("store", "thread-not-found")
async def thread_not_found(bench: Bench) -> None:
    """Load a thread that was never saved: NotFoundError."""
    await _must_be_missing(
        bench.store.load_thread(bench.thread_id(), context=bench.context), "a thread that is not there", "load_thread"
    )


@shows("store", "item-not-found")
async def item_not_found(bench: Bench) -> None:
    """Load an item that was never saved: NotFoundError."""
    made = await bench.thread()
    await _must_be_missing(
        bench.store.load_item(made.id, bench.item_id(made), context=bench.context),
        "an item that is not there",
        "load_item",
    )


async def _must_be_gone(loading: Awaitable[Any], what: str, method: str, since: Any = None) -> None:
    """Ask for what was deleted; one that is made when it is asked for, and not since then, is another property's."""
    try:
        got = await loading
    except SkippedError:
        raise
    except Exception:  # noqa: BLE001 - that it is NotFoundError is another property's
        return
    if got is not None and (since is None or getattr(got, "created_at", since) == since):
        raise BrokenError(f"{method} gives {shown(got)} for {what}", "", method)


async def _must_be_missing(loading: Awaitable[Any], what: str, method: str) -> None:
    try:
        got = await loading
    except NotFoundError:
        return
    except SkippedError:
        raise
    except Exception as error:
        raise BrokenError(
            f"{method} raises {type(error).__name__} for {what} and no NotFoundError",
            "",
            method,
        ) from error
    raise BrokenError(f"{method} gives {shown(got)} for {what} and raises no NotFoundError", "", method)


def _saved_and_loaded(made: Any) -> str:
    return f"save_thread({shown(made)}); load_thread({made.id!r})"
