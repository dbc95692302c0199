"""CK305: the reference app's new message, given to the model beside the history or stored by hand."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

_HISTORY = "        agent_input = await self._history(thread, context)\n"
_MADE = """\
        if input_user_message:
            copy = UserMessageItem(
                id=self.store.generate_item_id("message", thread, context),
                thread_id=thread.id,
                created_at=input_user_message.created_at,
                content=input_user_message.content,
                inference_options=input_user_message.inference_options,
            )
            await self.store.add_thread_item(thread.id, copy, context)
"""

MUTATIONS = (
    mutation(
        "CK305",
        "beside-the-history",
        "await self._converter.to_agent_input([input_user_message])",
        Edit(
            SERVER,
            _HISTORY,
            f"{_HISTORY}        if input_user_message:\n"
            "            agent_input += await self._converter.to_agent_input([input_user_message])\n",
        ),
    ),
    mutation("CK305", "stored-by-hand", "copy", Edit(SERVER, _HISTORY, f"{_MADE}{_HISTORY}")),
)
