"""CK307: an answer to a widget's action in the reference app, shown and not stored."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

CANCELLED = "    async def handle_stream_cancelled(\n"
ACTION = """\
    async def action(
        self,
        thread: ThreadMetadata,
        action: Action[str, Any],
        sender: WidgetItem | None,
        context: RequestContext,
    ) -> AsyncIterator[ThreadStreamEvent]:
        answer = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=[AssistantMessageContent(text=f"You chose {action.type}.")],
        )
        yield ThreadItemAddedEvent(item=answer)

"""

IMPORTS = (
    Edit(
        SERVER,
        "from collections.abc import AsyncIterator\n",
        "from collections.abc import AsyncIterator\nfrom datetime import datetime\nfrom typing import Any\n",
    ),
    Edit(SERVER, "from chatkit.agents import A", "from chatkit.actions import Action\nfrom chatkit.agents import A"),
    Edit(
        SERVER,
        "    ThreadItem,\n    ThreadItemAdded",
        "    AssistantMessageContent,\n    AssistantMessageItem,\n    ThreadItem,\n    ThreadItemAdded",
    ),
    Edit(SERVER, "    UserMessageTextContent,\n)", "    UserMessageTextContent,\n    WidgetItem,\n)"),
)

MUTATIONS = (
    mutation(
        "CK307",
        "answer-to-an-action",
        "ThreadItemAddedEvent",
        Edit(SERVER, CANCELLED, f"{ACTION}{CANCELLED}"),
        *IMPORTS,
    ),
)
