"""A server that holds to everything, and one for each property that it breaks; all on the real SDKs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from agents import Agent, Runner, function_tool
from agents.extensions.models.litellm_model import LitellmModel
from chatkit.actions import Action
from chatkit.agents import AgentContext, ThreadItemConverter, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer
from chatkit.store import AttachmentStore
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
    ThreadStreamEvent,
    UserMessageItem,
    WidgetItem,
)

from tests.conformance.stores import GoodStore

Context = dict[str, Any]
RESPONSES = "gpt-5.1"


class GoodServer(ChatKitServer[Context]):
    """Runs an agent on the newest items of the thread."""

    limit = 50
    order = "desc"

    def __init__(self, model: Any = RESPONSES, **more: Any) -> None:
        super().__init__(GoodStore())
        self.agent = Agent[Any](name="assistant", instructions="Be kind.", model=model, **more)

    async def history(self, thread: ThreadMetadata, message: UserMessageItem | None, context: Context) -> Any:
        page = await self.store.load_thread_items(thread.id, None, self.limit, self.order, context)
        items = page.data[::-1] if self.order == "desc" else page.data
        return await ThreadItemConverter().to_agent_input(items)

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        agent_context = AgentContext[Any](thread=thread, store=self.store, request_context=context)
        given = await self.history(thread, input_user_message, context)
        result = Runner.run_streamed(self.agent, given, context=agent_context)
        async for event in self.passed_on(stream_agent_response(agent_context, result)):
            yield event

    async def passed_on(self, events: AsyncIterator[ThreadStreamEvent]) -> AsyncIterator[ThreadStreamEvent]:
        async for event in events:
            yield event


class Forgets(GoodServer):
    async def history(self, thread: ThreadMetadata, message: UserMessageItem | None, context: Context) -> Any:
        return await simple_to_agent_input(message) if message else "Go on."


class OldestFirst(GoodServer):
    limit = 20
    order = "asc"


class SaysItTwice(GoodServer):
    async def history(self, thread: ThreadMetadata, message: UserMessageItem | None, context: Context) -> Any:
        given = await super().history(thread, message, context)
        return [*given, *(await simple_to_agent_input(message) if message else [])]


class StoresItTwice(GoodServer):
    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        if input_user_message:
            copy = input_user_message.model_copy(update={"id": f"{input_user_message.id}_again"})
            await self.store.add_thread_item(thread.id, copy, context)
        async for event in super().respond(thread, input_user_message, context):
            yield event


class NeverDone(GoodServer):
    async def passed_on(self, events: AsyncIterator[ThreadStreamEvent]) -> AsyncIterator[ThreadStreamEvent]:
        async for event in events:
            if not isinstance(event, ThreadItemDoneEvent):
                yield event


class Buffers(GoodServer):
    async def passed_on(self, events: AsyncIterator[ThreadStreamEvent]) -> AsyncIterator[ThreadStreamEvent]:
        for event in [event async for event in events]:
            yield event


class NeedsAMessage(GoodServer):
    async def history(self, thread: ThreadMetadata, message: UserMessageItem | None, context: Context) -> Any:
        assert message.content  # type: ignore[union-attr]
        return await super().history(thread, message, context)


class OneId(GoodServer):
    async def passed_on(self, events: AsyncIterator[ThreadStreamEvent]) -> AsyncIterator[ThreadStreamEvent]:
        async for event in events:
            if isinstance(event, (ThreadItemAddedEvent, ThreadItemDoneEvent)) and isinstance(
                event.item, AssistantMessageItem
            ):
                event.item.id = "msg_answer"
            yield event


class Forgetful(GoodServer):
    """Keeps one memory for all threads."""

    said: list[Any]

    async def history(self, thread: ThreadMetadata, message: UserMessageItem | None, context: Context) -> Any:
        self.said = getattr(self, "said", [])
        self.said += await simple_to_agent_input(message) if message else []
        return list(self.said)


class AnswersActions(GoodServer):
    """Says what was chosen, and nothing to what it does not know."""

    stored = True
    answer_id = ""

    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        if action.type != "choose":
            return
        answer = AssistantMessageItem(
            id=self.answer_id or self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=[AssistantMessageContent(text="You chose it.")],
        )
        yield (ThreadItemDoneEvent if self.stored else ThreadItemAddedEvent)(item=answer)


class OnlyShowsAnswers(AnswersActions):
    stored = False


class OneIdForAnswers(AnswersActions):
    answer_id = "item_123"


class SaysNothing(GoodServer):
    """Takes no item of the thread for a message."""

    async def respond(
        self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: Context
    ) -> AsyncIterator[ThreadStreamEvent]:
        nothing: list[ThreadStreamEvent] = []
        for event in nothing:
            yield event


class YieldsAnItem(GoodServer):
    async def passed_on(self, events: AsyncIterator[ThreadStreamEvent]) -> AsyncIterator[ThreadStreamEvent]:
        async for event in events:
            yield event
            if isinstance(event, ThreadItemDoneEvent):
                yield event.item  # type: ignore[misc]


class OneIdForARun(GoodServer):
    """Gives all messages of a run one new id."""

    async def passed_on(self, events: AsyncIterator[ThreadStreamEvent]) -> AsyncIterator[ThreadStreamEvent]:
        new = f"msg_{uuid4().hex}"
        async for event in events:
            match event:
                case (
                    ThreadItemAddedEvent(item=AssistantMessageItem()) | ThreadItemDoneEvent(item=AssistantMessageItem())
                ):
                    event.item.id = new
                case ThreadItemUpdatedEvent():
                    event.item_id = new
            yield event


class Files(AttachmentStore[Context]):
    """Files come by a route of the project's own."""

    async def delete_attachment(self, attachment_id: str, context: Context) -> None:
        raise FileNotFoundError(attachment_id)


class TakesFiles(GoodServer):
    """Does not turn files into input."""

    def __init__(self) -> None:
        super().__init__()
        self.attachment_store = Files()


class ReadsFiles(TakesFiles):
    async def history(self, thread: ThreadMetadata, message: UserMessageItem | None, context: Context) -> Any:
        if message is not None and message.attachments:
            raise FileNotFoundError(message.attachments[0].id)
        return await super().history(thread, message, context)


def with_litellm() -> GoodServer:
    """Return what the newest packages refuse on the second turn."""
    return GoodServer(LitellmModel("gemini/gemini-2.5-flash"))


def with_a_tool(make: type[GoodServer] = GoodServer) -> GoodServer:
    @function_tool
    def weather(city: str) -> str:
        """Tell the weather."""
        return f"Rain in {city}"

    return make(tools=[weather])


def one_id_for_a_run() -> GoodServer:
    return with_a_tool(OneIdForARun)
