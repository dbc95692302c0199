"""CK219: an item of the reference app with a zone, and a store in memory that sorts by the time."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.item_never_done import CANCELLED, IMPORTS
from tests.mutations.rows import MEMORY, SERVER

MAIN = "backend/app/main.py"
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
            created_at=datetime.now(UTC),
            content=[AssistantMessageContent(text=f"You chose {action.type}.")],
        )
        yield ThreadItemDoneEvent(item=answer)

"""

MUTATIONS = (
    mutation(
        "CK219",
        "zone",
        "datetime.now(UTC)",
        Edit(SERVER, CANCELLED, f"{ACTION}{CANCELLED}"),
        Edit(
            SERVER,
            "from collections.abc import AsyncIterator\n",
            "from collections.abc import AsyncIterator\nfrom datetime import UTC, datetime\nfrom typing import Any\n",
        ),
        *IMPORTS[1:],
        Edit(MEMORY, "    rows = list(models)\n", "    rows = sorted(models, key=lambda row: row.created_at)\n"),
        Edit(MAIN, "from .stores import open_store\n", "from .stores import MemoryStore\n"),
        Edit(MAIN, "store = open_store(settings.database)\n", "store = MemoryStore()\n"),
    ),
)
