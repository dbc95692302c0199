"""Servers that live in a world of their own: a guard before them, a service beside them, files of some kinds alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrailTripwireTriggered,
    Runner,
    UserError,
    input_guardrail,
)
from agents.mcp import MCPServerStreamableHttp, MCPServerStreamableHttpParams
from chatkit.agents import ThreadItemConverter
from chatkit.store import AttachmentStore
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    Attachment,
    AttachmentCreateParams,
    FileAttachment,
    Page,
    ThreadItemDoneEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
)
from openai.types.responses import ResponseInputTextParam
from pydantic import BaseModel

from tests.conformance.servers import RESPONSES, Context, GoodServer
from tests.conformance.stores import GoodStore


class Checked(BaseModel):
    """What the guard's model says of a message."""

    is_off_topic: bool
    reasoning: str


class Guarded(GoodServer):
    """Refuses, in the same words each time, what its guard takes for off topic."""

    def __init__(self) -> None:
        guard = Agent[Any](name="guard", instructions="Is it off topic?", model=RESPONSES, output_type=Checked)

        @input_guardrail
        async def on_topic(context: Any, _: Agent[Any], given: Any) -> GuardrailFunctionOutput:
            checked = (await Runner.run(guard, given, context=context.context)).final_output
            return GuardrailFunctionOutput(output_info=checked, tripwire_triggered=checked.is_off_topic)

        super().__init__(input_guardrails=[on_topic])
        self.refused = 0

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        try:
            async for event in super().respond(thread, input_user_message, context):
                yield event
        except InputGuardrailTripwireTriggered:
            self.refused += 1
            yield ThreadItemDoneEvent(item=self.says(thread, "I cannot help with that.", context))

    def says(self, thread: ThreadMetadata, text: str, context: Context) -> AssistantMessageItem:
        return AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=[AssistantMessageContent(text=text)],
        )


class SaysTheSame(Guarded):
    """Takes no message at all."""

    async def history(self, *_: Any) -> Any:
        raise InputGuardrailTripwireTriggered(cast("Any", SimpleNamespace(guardrail=self)))


class NeedsATool(GoodServer):
    """Its tools are those of a server of theirs, which does not run."""

    async def history(self, *_: Any) -> Any:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        try:
            await asyncio.open_connection("127.0.0.1", port)
        except OSError as error:
            raise UserError("Failed to connect to the server of the tools") from error


class RefusedError(Exception):
    """As web frameworks have it: an answer to the page, with its status."""

    def __init__(self, status_code: int, detail: str) -> None:
        super().__init__(f"{status_code}: {detail}")
        self.status_code = status_code


class Files(AttachmentStore[Context]):
    """Takes files of some kinds; where none are named, it looks for the request in the context."""

    def __init__(self, server: GoodServer, taken: Collection[str] | None) -> None:
        self.server = server
        self.taken = taken

    async def create_attachment(
        self,
        input: AttachmentCreateParams,  # noqa: A002 - the SDK's name
        context: Context,
    ) -> Attachment:
        if self.taken is None:
            raise KeyError("request")
        if input.mime_type not in self.taken:
            raise RefusedError(400, "it is refused")
        made = FileAttachment(id=self.generate_attachment_id("", context), name=input.name, mime_type=input.mime_type)
        await self.server.store.save_attachment(made, context)
        return made

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        pass


class NamesFiles(ThreadItemConverter):
    async def attachment_to_message_content(self, attachment: Attachment) -> ResponseInputTextParam:
        return ResponseInputTextParam(type="input_text", text=attachment.name)


class TakesFiles(GoodServer):
    def __init__(self, taken: Collection[str] | None) -> None:
        super().__init__()
        self.attachment_store = Files(self, taken)

    async def history(self, thread: ThreadMetadata, message: UserMessageItem | None, context: Context) -> Any:
        page = await self.store.load_thread_items(thread.id, None, self.limit, self.order, context)
        return await NamesFiles().to_agent_input(page.data[::-1])


class StoreByTime(GoodStore):
    """Sorts what it has by its time, as a table does."""

    def page(self, rows: list[Any], after: str | None, limit: int, order: str) -> Page[Any]:
        return super().page(sorted(rows, key=lambda row: row.created_at), after, limit, order)


class ReadsTheNewest(GoodServer):
    """Reads a few items of the thread, the newest by their time."""

    limit = 5

    def __init__(self) -> None:
        super().__init__()
        self.store = StoreByTime()


class Router(GoodServer):
    """Lets the model choose what is to be said, and says it itself."""

    texts = ("I do not know what that means.", "An answer.")

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        chosen = (await Runner.run(self.agent, await self.history(thread, input_user_message, context))).final_output
        text = self.texts[chosen == "KNOWN"]
        item = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=[AssistantMessageContent(text=text)],
        )
        yield ThreadItemDoneEvent(item=item)


class TellsItsErrors(Router):
    texts = ("Error processing request: 'choice'", "An answer.")


def without_its_own_server() -> GoodServer:
    """Return one whose agent has tools of an MCP server that nobody has connected to."""
    params = MCPServerStreamableHttpParams(url="http://127.0.0.1:9/mcp")
    return GoodServer(mcp_servers=[MCPServerStreamableHttp(params=params)])
