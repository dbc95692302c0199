"""CK308: the reference app's respond() with a text, or an item, where an event belongs."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

_NOTHING = "        if not agent_input:\n"

MUTATIONS = (
    mutation(
        "CK308",
        "text",
        '"Nothing was said."',
        Edit(SERVER, _NOTHING, f'{_NOTHING}            yield "Nothing was said."\n'),
        fixable=False,
    ),
    mutation(
        "CK308",
        "item",
        "item",
        Edit(
            SERVER,
            _NOTHING,
            f"{_NOTHING}            item = UserMessageItem(\n"
            '                id=self.store.generate_item_id("message", thread, context),\n'
            "                thread_id=thread.id,\n"
            "                created_at=thread.created_at,\n"
            "                content=[],\n"
            "                inference_options=InferenceOptions(),\n"
            "            )\n"
            "            yield item\n",
        ),
        Edit(SERVER, "import (\n    ThreadItem,", "import (\n    InferenceOptions,\n    ThreadItem,"),
    ),
)
