"""A store in memory that holds to everything, and one for each property that it breaks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chatkit.store import NotFoundError, Store
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    Attachment,
    Page,
    ThreadItem,
    ThreadMetadata,
    UserMessageItem,
)

Context = dict[str, Any]


class GoodStore(Store[Context]):
    """Keeps copies by user, in the order in which things were made."""

    def __init__(self) -> None:
        self.threads: dict[str, dict[str, ThreadMetadata]] = {}
        self.items: dict[str, dict[str, dict[str, ThreadItem]]] = {}
        self.attachments: dict[str, dict[str, Attachment]] = {}

    def of(self, table: dict[str, dict[str, Any]], context: Context) -> dict[str, Any]:
        return table.setdefault(str(context.get("user_id", "")), {})

    async def load_thread(self, thread_id: str, context: Context) -> ThreadMetadata:
        found = self.of(self.threads, context).get(thread_id)
        if found is None:
            raise NotFoundError(thread_id)
        return found.model_copy(deep=True)  # type: ignore[no-any-return]

    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        # What the server saves in the first turn has items.
        self.of(self.threads, context)[thread.id] = ThreadMetadata.model_validate(thread.model_dump())

    async def load_threads(self, limit: int, after: str | None, order: str, context: Context) -> Page[ThreadMetadata]:
        return self.page(list(self.of(self.threads, context).values()), after, limit, order)

    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Context
    ) -> Page[ThreadItem]:
        return self.page(list(self.of(self.items, context).get(thread_id, {}).values()), after, limit, order)

    def page(self, rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
        if order == "desc":
            rows.reverse()
        ids = [row.id for row in rows]
        start = ids.index(after) + 1 if after in ids else 0
        shown = [row.model_copy(deep=True) for row in rows[start : start + limit]]
        more = len(rows) > start + limit
        return Page(data=shown, has_more=more, after=shown[-1].id if more else None)

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        self.of(self.items, context).setdefault(thread_id, {})[item.id] = item.model_copy(deep=True)

    async def save_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        await self.add_thread_item(thread_id, item, context)

    async def load_item(self, thread_id: str, item_id: str, context: Context) -> ThreadItem:
        found = self.of(self.items, context).get(thread_id, {}).get(item_id)
        if found is None:
            raise NotFoundError(item_id)
        return found.model_copy(deep=True)  # type: ignore[no-any-return]

    async def delete_thread(self, thread_id: str, context: Context) -> None:
        self.of(self.threads, context).pop(thread_id, None)
        self.of(self.items, context).pop(thread_id, None)

    async def delete_thread_item(self, thread_id: str, item_id: str, context: Context) -> None:
        self.of(self.items, context).get(thread_id, {}).pop(item_id, None)

    async def save_attachment(self, attachment: Attachment, context: Context) -> None:
        self.of(self.attachments, context)[attachment.id] = attachment

    async def load_attachment(self, attachment_id: str, context: Context) -> Attachment:
        if attachment_id not in self.of(self.attachments, context):
            raise NotFoundError(attachment_id)
        return self.of(self.attachments, context)[attachment_id]  # type: ignore[no-any-return]

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        self.of(self.attachments, context).pop(attachment_id, None)


class LosesStatus(GoodStore):
    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        await super().save_thread(
            ThreadMetadata(id=thread.id, title=thread.title, created_at=thread.created_at), context
        )


class InsertsThreads(GoodStore):
    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        if thread.id in self.of(self.threads, context):
            raise ValueError("UNIQUE constraint failed: threads.id")
        await super().save_thread(thread, context)


class KeepsItemsOfThreads(GoodStore):
    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        self.of(self.threads, context)[thread.id] = thread.model_copy(deep=True)


class LeavesItems(GoodStore):
    async def delete_thread(self, thread_id: str, context: Context) -> None:
        self.of(self.threads, context).pop(thread_id, None)


class MakesThreads(GoodStore):
    async def load_thread(self, thread_id: str, context: Context) -> ThreadMetadata:
        made = ThreadMetadata(id=thread_id, created_at=datetime.now())
        return self.of(self.threads, context).setdefault(thread_id, made)  # type: ignore[no-any-return]


class LoadsNone(GoodStore):
    async def load_thread(self, thread_id: str, context: Context) -> ThreadMetadata:
        found = self.of(self.threads, context).get(thread_id)
        return found.model_copy(deep=True) if found else None  # type: ignore[return-value]


class RaisesKeyError(GoodStore):
    async def load_item(self, thread_id: str, item_id: str, context: Context) -> ThreadItem:
        return self.of(self.items, context)[thread_id][item_id]  # type: ignore[no-any-return]


class KeepsTextAlone(GoodStore):
    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        if not isinstance(item, (UserMessageItem, AssistantMessageItem)):
            item = AssistantMessageItem(
                id=item.id,
                thread_id=thread_id,
                created_at=item.created_at,
                content=[AssistantMessageContent(text=str(item), annotations=[])],
            )
        await super().add_thread_item(thread_id, item, context)


class NumbersItems(GoodStore):
    """Nothing but what comes back under another id is told: who is who after that, nobody knows."""

    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        number = len(self.of(self.items, context).get(thread_id, {}))
        await super().add_thread_item(thread_id, item.model_copy(update={"id": f"{thread_id}_{number}"}), context)


class LosesTitles(GoodStore):
    """A lost title is no title that was changed, and a thread without one is the other user's all the same."""

    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        await super().save_thread(thread.model_copy(update={"title": None}), context)


class AppendsItems(GoodStore):
    async def save_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        kept = self.of(self.items, context).setdefault(thread_id, {})
        kept.pop(item.id, None)
        await super().add_thread_item(thread_id, item, context)


class DeletesTheLast(GoodStore):
    async def delete_thread_item(self, thread_id: str, item_id: str, context: Context) -> None:
        self.of(self.items, context)[thread_id].popitem()


class OneListOfItems(GoodStore):
    async def load_thread_items(
        self, thread_id: str, after: str | None, limit: int, order: str, context: Context
    ) -> Page[ThreadItem]:
        items = [each for kept in self.of(self.items, context).values() for each in kept.values()]
        return self.page(items, after, limit, order)


class OldestFirst(GoodStore):
    def page(self, rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
        return super().page(rows, after, limit, "asc")


class LimitBeforeOrder(GoodStore):
    def page(self, rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
        return super().page(rows[:limit], after, limit, order)


class NoCursor(GoodStore):
    def page(self, rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
        found = super().page(rows, after, limit, order)
        return Page(data=found.data, has_more=found.has_more)


class IgnoresAfter(GoodStore):
    def page(self, rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
        return super().page(rows, None, limit, order)


class ListOfThreads(GoodStore):
    async def load_threads(self, limit: int, after: str | None, order: str, context: Context) -> Page[ThreadMetadata]:
        return (await super().load_threads(limit, after, order, context)).data  # type: ignore[return-value]


class PagesOfDicts(GoodStore):
    async def load_threads(self, limit: int, after: str | None, order: str, context: Context) -> Page[ThreadMetadata]:
        page = await super().load_threads(limit, after, order, context)
        return Page(data=[each.model_dump() for each in page.data])  # type: ignore[misc]


class FailsForAnUnknownCursor(GoodStore):
    def page(self, rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
        if after is not None:
            [row.id for row in rows].index(after)
        return super().page(rows, after, limit, order)


class FirstAttachmentStays(GoodStore):
    async def save_attachment(self, attachment: Attachment, context: Context) -> None:
        self.of(self.attachments, context).setdefault(attachment.id, attachment)


class CountsIds(GoodStore):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def generate_thread_id(self, context: Context) -> str:
        self.count += 1
        return f"thread_{self.count}"


class AsyncIds(GoodStore):
    async def generate_item_id(self, item_type: Any, thread: Any, context: Context) -> str:  # type: ignore[override]
        return super().generate_item_id(item_type, thread, context)


class AsyncThreadIds(GoodStore):
    async def generate_thread_id(self, context: Context) -> str:  # type: ignore[override]
        return super().generate_thread_id(context)


class OneUser(GoodStore):
    def of(self, table: dict[str, dict[str, Any]], context: Context) -> dict[str, Any]:
        return table.setdefault("", {})


class LosesWriters(GoodStore):
    async def add_thread_item(self, thread_id: str, item: ThreadItem, context: Context) -> None:
        import asyncio

        kept = dict(self.of(self.items, context).get(thread_id, {}))
        await asyncio.sleep(0)
        self.of(self.items, context)[thread_id] = kept | {item.id: item.model_copy(deep=True)}


class KeepsTheVeryThread(GoodStore):
    async def save_thread(self, thread: ThreadMetadata, context: Context) -> None:
        self.of(self.threads, context)[thread.id] = thread


class GivesTheVeryItem(GoodStore):
    def page(self, rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
        found = super().page(rows, after, limit, order)
        by_id = {row.id: row for row in rows}
        return Page(data=[by_id[each.id] for each in found.data], has_more=found.has_more, after=found.after)


class NoAttachments(GoodStore):
    async def save_attachment(self, attachment: Attachment, context: Context) -> None:
        raise NotImplementedError


class NeedsAUser(GoodStore):
    def of(self, table: dict[str, dict[str, Any]], context: Context) -> dict[str, Any]:
        return table.setdefault(context["user_id"], {})


class AsksForAUser(GoodStore):
    def of(self, table: dict[str, dict[str, Any]], context: Context) -> dict[str, Any]:
        user = context.get("user_id")
        if user is None:
            raise ValueError("who asks?")
        return table.setdefault(user, {})
