"""Pages: in the order that is asked for, none left out and none twice, to an end, and the same when asked again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from chatkit_doctor.conformance.bench import Bench, data_of, ids
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError, SkippedError

_COUNT = 5
_Pages = Callable[[int, "str | None", str], Awaitable[Any]]


@shows("store", "items-newest-first")
async def items_newest_first(bench: Bench) -> None:
    """Ask for the newest one or two items, as the server does."""
    thread = await bench.thread()
    made = await bench.messages(thread, 3)
    for limit in (1, 2):
        page = await bench.store.load_thread_items(thread.id, None, limit, "desc", bench.context)
        expected = ids(made)[::-1][:limit]
        if ids(data_of(page, "load_thread_items")) != expected:
            raise BrokenError(
                f"asked for the newest {limit} of 3 items, it gives {_told(page.data, made)}",
                f'load_thread_items(thread_id, None, {limit}, "desc", context)',
                "load_thread_items",
            )


@shows("store", "item-pages")
async def item_pages(bench: Bench) -> None:
    """Go through five items in pages of every size, in both orders, to the end."""
    thread = await bench.thread()
    made = await bench.messages(thread, _COUNT)

    async def page(limit: int, after: str | None, order: str) -> Any:
        return await bench.store.load_thread_items(
            thread_id=thread.id, after=after, limit=limit, order=order, context=bench.context
        )

    await _walk(page, made, "load_thread_items", range(1, _COUNT + 2))
    empty = await bench.thread()
    got = await bench.store.load_thread_items(empty.id, None, 20, "asc", bench.context)
    if data_of(got, "load_thread_items") or got.has_more:
        raise BrokenError("an empty thread has items, or more of them", "", "load_thread_items")


@shows("store", "thread-pages")
async def thread_pages(bench: Bench) -> None:
    """Go through five threads in pages of every size, in both orders, to the end."""
    before = set(ids(await bench.threads()))
    made = [await bench.thread(title=f"thread {number}") for number in range(_COUNT)]

    async def page(limit: int, after: str | None, order: str) -> Any:
        return await bench.store.load_threads(limit=limit, after=after, order=order, context=bench.context)

    sizes = range(1, _COUNT + 2) if not before else (2, _COUNT + len(before))
    await _walk(page, made, "load_threads", sizes, before)


@shows("store", "unknown-cursor")
async def unknown_cursor(bench: Bench) -> None:
    """Ask for what comes after an item that was deleted meanwhile: a page, or NotFoundError, and no crash."""
    from chatkit.store import NotFoundError

    thread = await bench.thread()
    await bench.messages(thread, 2)
    gone = bench.item_id(thread)
    asked: tuple[tuple[str, Callable[[], Awaitable[Any]]], ...] = (
        ("load_thread_items", lambda: bench.store.load_thread_items(thread.id, gone, 2, "asc", bench.context)),
        ("load_threads", lambda: bench.store.load_threads(limit=2, after=gone, order="desc", context=bench.context)),
    )
    for method, ask in asked:
        try:
            data_of(await ask(), method)
        except NotFoundError:
            continue
        except (BrokenError, SkippedError):
            raise
        except Exception as error:
            raise BrokenError(
                f"a cursor that is not there any more ends in {type(error).__name__}: {error}",
                f"{method}(… after={gone!r} …)",
                method,
            ) from error


async def _walk(
    page: _Pages, made: list[Any], method: str, sizes: Any, before: frozenset[str] | set[str] = frozenset()
) -> None:
    for order in ("asc", "desc"):
        expected = ids(made) if order == "asc" else ids(made)[::-1]
        for size in sizes:
            found = await _through(page, size, order, method, len(made) + len(before))
            # What was there before is the project's own.
            new = [each for each in found if each not in before]
            if new != expected:
                raise BrokenError(
                    f"{_COUNT} of them in pages of {size}, {order}: {_fault(new, expected, made)}",
                    f'{method}(after=…, limit={size}, order="{order}"), page by page',
                    method,
                )


async def _through(page: _Pages, size: int, order: str, method: str, most: int) -> list[str]:
    found: list[str] = []
    after = None
    for _ in range(most + 2):
        got = await page(size, after, order)
        again = await page(size, after, order)
        data = ids(data_of(got, method))
        case = f'{method}(after={after!r}, limit={size}, order="{order}")'
        if len(data) > size:
            raise BrokenError(f"a page of {size} holds {len(data)}", case, method)
        if data != ids(data_of(again, method)):
            raise BrokenError("the same page asked for twice is not the same", case, method)
        found += data
        if not got.has_more:
            return found
        if got.after is None:
            raise BrokenError("a page says that there is more and gives no cursor", case, method)
        if got.after == after:
            raise BrokenError("the cursor stays where it was, so the same page comes for ever", case, method)
        after = got.after
    raise BrokenError(f"the pages have no end: {len(found)} of {most} were given and there is still more", case, method)


def _fault(found: list[str], expected: list[str], made: list[Any]) -> str:
    missing = [each for each in expected if each not in found]
    if missing:
        return f"{len(missing)} are in no page"
    if len(found) > len(expected):
        return f"{len(found) - len(expected)} come more than once"
    return f"they come as {_numbers(found, made)}, not {_numbers(expected, made)}"


def _told(found: list[Any], made: list[Any]) -> str:
    return _numbers(ids(found), made) or "nothing"


def _numbers(found: list[str], made: list[Any]) -> str:
    """Return which of the things that were made, by number from 1."""
    known = {each.id: str(number) for number, each in enumerate(made, 1)}
    return " ".join(known.get(each, "?") for each in found)
