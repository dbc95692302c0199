"""CK315: the reference app's memory left to OpenAI, and its model to LiteLLM."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT
from tests.mutations.rows import SERVER

MUTATIONS = (
    mutation(
        "CK315",
        "by-litellm",
        'thread.metadata.get("last")',
        Edit(
            SERVER,
            "result = Runner.run_streamed(self._agent, agent_input, context=agent_context)",
            "result = Runner.run_streamed(\n"
            "            self._agent,\n"
            "            agent_input,\n"
            "            context=agent_context,\n"
            '            previous_response_id=thread.metadata.get("last"),\n'
            "        )",
        ),
        Edit(
            SERVER,
            "agent_input = await self._history(thread, context)",
            "agent_input = await self._converter.to_agent_input(input_user_message) if input_user_message else []",
        ),
        Edit(AGENT, "model=build_model(settings)", 'model="litellm/gemini/gemini-3.5-flash-lite"'),
        fixable=False,
    ),
)
