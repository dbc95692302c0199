"""A store on the bench: the instance, how to get another one, who asks, and what was put into it, to be taken out."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.results import BrokenError, SkippedError


class Bench:
    """What a property gets.

    store: the instance. context: of the user who asks. other: of another user, None where none was given.
    again: makes a second instance on what the first has stored; None where there is no telling how.
    scratch: the folder that new files go to; None where that is not known. known: what has shown itself before.
    """

    def __init__(
        self,
        store: Any,
        contexts: tuple[Any, ...],
        again: Callable[[], Awaitable[Any]] | None = None,
        scratch: Path | None = None,
        known: dict[str, bool] | None = None,
    ) -> None:
        self.store = store
        self.context = contexts[0]
        self.contexts = contexts
        self.again = again
        self.scratch = scratch
        self._known = known or {}
        self._threads: list[tuple[str, Any]] = []
        self._numbers = iter(range(1_000_000))

    @property
    def other(self) -> Any:
        """Return the context of a second user. Raises SkippedError where none was given."""
        if len(self.contexts) < 2:
            raise SkippedError("it takes two users: give --context twice, each with the JSON of a user's context")
        return self.contexts[1]

    def next_number(self) -> int:
        """Return how many things were made before: the number of the next moment."""
        return next(self._numbers)

    async def thread(self, *, context: Any = None, **fields: Any) -> Any:
        """Save a new thread as the server does, and return it."""
        context = context if context is not None else self.context
        made = samples.thread(self.thread_id(context), self.next_number(), **fields)
        self._threads.append((made.id, context))
        try:
            await self.store.save_thread(made.model_copy(deep=True), context=context)
        except Exception:
            if self._known.get("thread-round-trip", True):
                raise
            raise SkippedError("a thread cannot be saved, which is another property's") from None
        return made

    def thread_id(self, context: Any = None) -> str:
        """Return a new id, as the store makes it."""
        return _text(self.store.generate_thread_id(context if context is not None else self.context))

    def item_id(self, thread: Any, kind: str = "message") -> str:
        """Return a new id, as the store makes it."""
        return _text(self.store.generate_item_id(kind, thread, self.context))

    async def message(self, thread: Any, text: str, *, by_user: bool = True) -> Any:
        """Add a message as the server does, and return it."""
        make = samples.user_message if by_user else samples.assistant_message
        made = make(self.item_id(thread), thread.id, text, self.next_number())
        await self.store.add_thread_item(thread.id, made.model_copy(deep=True), context=self.context)
        return made

    async def messages(self, thread: Any, count: int) -> list[Any]:
        """Add messages of the user and the assistant in turn, and return them, the oldest first.

        Raises SkippedError where the store gives items other ids: nobody could tell which is which.
        """
        made = [await self.message(thread, f"message {number}", by_user=number % 2 == 0) for number in range(count)]
        await self.refuse_renamed(thread, made)
        return made

    async def refuse_renamed(self, thread: Any, made: list[Any]) -> None:
        """Raise SkippedError where a thread holds items and none of those that were just made.

        Also where it lacks some of them, and the property that is about that is known not to hold.
        """
        if self._known.get("item-round-trip") is True:
            return
        found: list[str] | None = None
        # A page that cannot be read is another property's.
        with suppress(Exception):
            page = await self.store.load_thread_items(thread.id, None, _PAGE, "asc", self.context)
            found = ids(page.data)
        if found and set(found).isdisjoint(ids(made)):
            raise SkippedError("the store gives items other ids than their own, which is another property's")
        is_told = self._known.get("item-round-trip") is False
        if found is not None and is_told and len(made) <= _PAGE and not set(ids(made)) <= set(found):
            raise SkippedError("the store does not keep the items that it is given, which is another property's")

    async def items(self, thread: Any, *, order: str = "asc", context: Any = None) -> list[Any]:
        """Return all items of a thread, page by page, as the server does."""
        context = context if context is not None else self.context

        async def page(after: str | None) -> Any:
            return await self.store.load_thread_items(thread.id, after, _PAGE, order, context)

        return await self._collected(page, "load_thread_items", "item-pages")

    async def threads(self, *, order: str = "desc", context: Any = None) -> list[Any]:
        """Return all threads, page by page, as the server does."""
        context = context if context is not None else self.context

        async def page(after: str | None) -> Any:
            return await self.store.load_threads(limit=_PAGE, after=after, order=order, context=context)

        return await self._collected(page, "load_threads", "thread-pages")

    async def _collected(self, page: Callable[[str | None], Awaitable[Any]], method: str, told_by: str) -> list[Any]:
        """Return the data of all pages. Raises SkippedError where they have no end, and a property has told so."""
        try:
            return await collected(page, method)
        except BrokenError as broken:
            if self._known.get(told_by) is not False:
                raise
            raise SkippedError(f"{broken.fact}, which is another property's") from None

    async def clear(self) -> None:
        """Take out the threads that were put in; what cannot be deleted stays."""
        for id_, context in self._threads:
            with suppress(Exception):
                await self.store.delete_thread(id_, context=context)
        self._threads.clear()


def _text(made: Any) -> str:
    """Return an id. Raises SkippedError for what is none, which the property of ids tells."""
    if inspect.iscoroutine(made):
        made.close()
    if not isinstance(made, str):
        raise SkippedError("the store makes ids that are no text, which is another property's")
    return made


_PAGE = 20
# A store that pages without an end gives the same pages for ever.
_MOST_PAGES = 60


async def collected(page: Callable[[str | None], Awaitable[Any]], method: str) -> list[Any]:
    """Return the data of all pages. Raises BrokenError for what is no page, and where there is no end."""
    found: list[Any] = []
    after = None
    for _ in range(_MOST_PAGES):
        got = await page(after)
        found += data_of(got, method)
        if not got.has_more:
            return found
        if got.after is None:
            raise BrokenError(
                "a page says that there is more and gives no cursor, so the next one is the first again",
                f"{method} gave has_more=True, after=None",
                method,
            )
        after = got.after
    raise BrokenError(f"the pages have no end: after {_MOST_PAGES} of them there is still more", "", method)


def data_of(page: Any, method: str) -> list[Any]:
    """Return what a page holds. Raises BrokenError where it is none."""
    if not isinstance(getattr(page, "data", None), list) or not hasattr(page, "has_more"):
        raise BrokenError(f"{method} gives a {type(page).__name__} where the server reads a Page", "", method)
    strange = next((each for each in page.data if not isinstance(each, BaseModel)), None)
    if strange is not None:
        what = "threads" if method == "load_threads" else "items"
        raise BrokenError(f"{method} gives a page of {type(strange).__name__} where {what} are read", "", method)
    return list(page.data)


def ids(found: list[Any]) -> list[str]:
    """Return the ids of threads or items."""
    return [each.id for each in found]


def place_of(subject: object, method: str) -> Iterator[tuple[str, int]]:
    """Yield the file and the line of a method as the project's classes have it; of the class where it is the SDK's."""
    for cls in type(subject).__mro__:
        if cls.__module__.partition(".")[0] in {"chatkit", "builtins", "abc", "typing"}:
            continue
        with suppress(OSError, TypeError):
            thing = vars(cls).get(method, None) if method else cls
            if thing is not None:
                thing = inspect.unwrap(getattr(thing, "__func__", thing))
                path = inspect.getsourcefile(thing)
                if path is not None:
                    yield path, inspect.getsourcelines(thing)[1]
