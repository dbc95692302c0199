"""Items: every kind comes back as it was stored, is replaced by its id, and is gone when it is deleted."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.bench import Bench, ids
from chatkit_doctor.conformance.equality import difference, shown
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError, SkippedError


@shows("store", "item-round-trip")
async def item_round_trip(bench: Bench) -> None:
    """Add an item of each kind, with every field filled, and load it, alone and in its page."""
    thread = await bench.thread()
    for kind in samples.item_kinds():
        made = _item(bench, thread, kind)
        try:
            await bench.store.add_thread_item(thread.id, made.model_copy(deep=True), context=bench.context)
            loaded = await bench.store.load_item(thread.id, made.id, context=bench.context)
        except SkippedError:
            raise
        except Exception as error:
            raise BrokenError(
                f"{_article(kind)} cannot be stored and loaded: {type(error).__name__}: {error}",
                f"add_thread_item({shown(made)}); load_item(…)",
                "add_thread_item",
            ) from error
        if changed := difference(made, loaded):
            raise BrokenError(f"{_article(kind)} comes back changed: {changed}", _calls(made), "load_item")
        listed = next((each for each in await bench.items(thread) if each.id == made.id), None)
        if listed is None:
            raise BrokenError(f"{_article(kind)} is in no page of its thread", _calls(made), "load_thread_items")
        if changed := difference(made, listed):
            raise BrokenError(f"{_article(kind)} comes changed in a page: {changed}", "", "load_thread_items")


@shows("store", "item-upsert")
async def item_upsert(bench: Bench) -> None:
    """Save an item that is there: it is replaced in its place. Save one that is not: it is added."""
    thread = await bench.thread()
    made = await bench.messages(thread, 3)
    changed = samples.user_message(made[0].id, thread.id, "changed", 0).model_copy(
        update={"created_at": made[0].created_at}
    )
    await bench.store.save_item(thread.id, changed.model_copy(deep=True), context=bench.context)
    found = await bench.items(thread)
    if ids(found) != ids(made):
        raise BrokenError(
            f"after save_item of the first of three items the thread holds {_named(found, made)}",
            "save_item(thread_id, the first item with a new text)",
            "save_item",
        )
    if difference(changed, found[0]):
        raise BrokenError("save_item leaves an item that is there as it was", "", "save_item")
    new = samples.assistant_message(bench.item_id(thread), thread.id, "new", bench.next_number())
    await bench.store.save_item(thread.id, new.model_copy(deep=True), context=bench.context)
    if ids(await bench.items(thread)) != [*ids(made), new.id]:
        raise BrokenError("save_item does not add an item that is not there", "save_item(thread_id, new)", "save_item")


@shows("store", "item-delete")
async def item_delete(bench: Bench) -> None:
    """Delete one of three items, as a retry does."""
    thread = await bench.thread()
    made = await bench.messages(thread, 3)
    await bench.store.delete_thread_item(thread.id, made[1].id, context=bench.context)
    found = await bench.items(thread)
    if ids(found) != [made[0].id, made[2].id]:
        raise BrokenError(
            f"after the second of three items was deleted the thread holds {_named(found, made)}",
            "delete_thread_item(thread_id, the second)",
            "delete_thread_item",
        )


@shows("store", "items-of-a-thread")
async def items_of_a_thread(bench: Bench) -> None:
    """Items of one thread are in no other."""
    one, other = await bench.thread(), await bench.thread()
    mine, its = await bench.messages(one, 2), await bench.messages(other, 2)
    for thread, made in ((one, mine), (other, its)):
        if ids(await bench.items(thread)) != ids(made):
            raise BrokenError(
                "the items of one thread are given for another", "two threads with two items each", "load_thread_items"
            )


def _item(bench: Bench, thread: Any, kind: type[BaseModel]) -> Any:
    number = bench.next_number()
    return samples.full(kind, id=bench.item_id(thread), thread_id=thread.id, created_at=samples.moment(number))


def _article(kind: type[BaseModel]) -> str:
    return f"{'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__}"


def _calls(made: Any) -> str:
    return f"add_thread_item({made.thread_id!r}, {shown(made)}); load_item({made.thread_id!r}, {made.id!r})"


def _named(found: list[Any], made: list[Any]) -> str:
    """Return which of the items that were made are there: "the first, the third" or "nothing"."""
    words = ("the first", "the second", "the third")
    known = {each.id: word for each, word in zip(made, words, strict=False)}
    return ", ".join(known.get(each.id, "another one") for each in found) or "nothing"
