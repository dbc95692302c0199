"""CK308: the reference app's respond() with a text, or an item, where an event belongs."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

_RUN = "        agent_context = AgentContext[RequestContext]("
_NAMES = "    AssistantMessageContent,\n    AssistantMessageItem,\n"

MUTATIONS = (
    mutation(
        "CK308",
        "text",
        '"One moment."',
        Edit(SERVER, _RUN, f'        yield "One moment."\n{_RUN}'),
        fixable=False,
    ),
    mutation(
        "CK308",
        "item",
        "item",
        Edit(
            SERVER,
            _RUN,
            "        item = AssistantMessageItem(\n"
            '            id=self.store.generate_item_id("message", thread, context),\n'
            "            thread_id=thread.id,\n"
            "            created_at=thread.created_at,\n"
            '            content=[AssistantMessageContent(text="One moment.")],\n'
            "        )\n"
            f"        yield item\n{_RUN}",
        ),
        Edit(SERVER, "import (\n    ThreadItem,", f"import (\n{_NAMES}    ThreadItem,"),
    ),
)
