"""CK306: the reference app's history as ChatKit's own converter writes it."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation, mutation
from tests.mutations.edits.names_and_models import CONVERTER
from tests.mutations.rows import SERVER

_METHOD = """\
    async def assistant_message_to_input(self, item: AssistantMessageItem) -> TResponseInputItem:
        # ChatKit's own form holds output_text parts, which Chat Completions models refuse from
        # openai-agents 0.19 on. This one, without a type, is read by every release.
        return {"role": "assistant", "content": "".join(part.text for part in item.content)}

"""

MUTATIONS = (
    Mutation(
        "CK306",
        "own-converter",
        (
            Edit(CONVERTER, _METHOD, ""),
            Edit(CONVERTER, "from agents import TResponseInputItem\n", ""),
            Edit(
                CONVERTER,
                "from chatkit.types import AssistantMessageItem, Attachment",
                "from chatkit.types import Attachment",
            ),
        ),
        path=SERVER,
        marked="self._converter.to_agent_input",
    ),
    mutation(
        "CK306",
        "plain-function",
        "simple_to_agent_input",
        Edit(
            SERVER,
            "await self._converter.to_agent_input(list(reversed(page.data)))",
            "await simple_to_agent_input(list(reversed(page.data)))",
        ),
        Edit(
            SERVER,
            "import AgentContext, stream_agent_response",
            "import AgentContext, simple_to_agent_input, stream_agent_response",
        ),
        Edit(SERVER, "from .converter import Converter\n", ""),
        Edit(SERVER, "        self._converter = Converter(store)\n", ""),
    ),
)
