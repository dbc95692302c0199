"""CK2 and CK3 in the reference app: methods that are missing or out of reach, and runs without memory or ids."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import AGENT, ATTACHMENTS, CONVERTER
from tests.mutations.rows import BASE, HISTORY, MEMORY, PROVIDER_IDS, SERVER, SQLITE

_DELETE_ITEM = """\
    async def delete_thread_item(self, thread_id: str, item_id: str, context: RequestContext) -> None:
        self._of(context).items[thread_id].pop(item_id, None)

"""
_DELETE_ATTACHMENT = '''
    async def delete_attachment(self, attachment_id: str, context: RequestContext) -> None:
        """Delete the content; the server deletes the record. Raises NotFoundError for another user's."""
        await self._store.load_attachment(attachment_id, context)
        await self._store.delete_file(attachment_id)
'''

_METHODS = (
    mutation("CK201", "one-method", "MemoryStore", Edit(MEMORY, _DELETE_ITEM, "")),
    mutation(
        "CK201", "method-of-another-name", "SqliteStore", Edit(SQLITE, "async def load_threads(", "async def threads(")
    ),
    mutation("CK201", "attachment-store", "Attachments", Edit(ATTACHMENTS, _DELETE_ATTACHMENT, "")),
    mutation("CK201", "server", "AppServer", Edit(SERVER, "async def respond(", "async def reply(")),
)

_RESPOND = "self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: RequestContext\n"
_TITLE = (
    "        if input_user_message and not thread.title:\n            thread.title = title_of(input_user_message)\n\n"
)

_SIGNATURES = (
    mutation(
        "CK202",
        "name-of-a-parameter",
        "save_thread",
        Edit(
            MEMORY,
            "save_thread(self, thread: ThreadMetadata, context:",
            "save_thread(self, thread: ThreadMetadata, ctx:",
        ),
        Edit(MEMORY, "self._of(context).threads[thread.id] =", "self._of(ctx).threads[thread.id] ="),
    ),
    mutation(
        "CK202",
        "swapped-parameters",
        "limit",
        Edit(
            SQLITE, "thread_id: str, after: str | None, limit: int,", "thread_id: str, limit: int, after: str | None,"
        ),
    ),
    mutation(
        "CK202",
        "no-context",
        "generate_thread_id",
        Edit(BASE, "def generate_thread_id(self, context: RequestContext)", "def generate_thread_id(self)"),
    ),
    mutation(
        "CK202",
        "no-message",
        "respond",
        Edit(SERVER, _RESPOND, _RESPOND.replace("input_user_message: UserMessageItem | None, ", "")),
        Edit(SERVER, _TITLE, ""),
    ),
    mutation(
        "CK202",
        "one-parameter-more",
        "user",
        Edit(
            MEMORY,
            "delete_thread(self, thread_id: str, context:",
            "delete_thread(self, thread_id: str, user: str, context:",
        ),
        fixable=False,
    ),
    mutation(
        "CK202",
        "converter",
        "context",
        Edit(
            CONVERTER,
            "attachment_to_message_content(self, attachment: Attachment)",
            "attachment_to_message_content(self, attachment: Attachment, context: object)",
        ),
        fixable=False,
    ),
)

_COLOURS = (
    mutation("CK203", "sync", "load_thread", Edit(MEMORY, "    async def load_thread(", "    def load_thread(")),
    mutation(
        "CK203",
        "sync-and-called",
        "save_item",
        Edit(MEMORY, "    async def save_item(", "    def save_item("),
        Edit(MEMORY, "        await self.save_item(", "        self.save_item("),
    ),
    mutation(
        "CK203",
        "async",
        "generate_item_id",
        Edit(BASE, "    def generate_item_id(", "    async def generate_item_id("),
    ),
    mutation(
        "CK203",
        "converter",
        "assistant_message_to_input",
        Edit(CONVERTER, "    async def assistant_message_to_input(", "    def assistant_message_to_input("),
    ),
)

_LOADED = """\
        agent_input = await self._history(thread, context)
        if not agent_input:
            return
"""
_NO_MESSAGE = "        if not input_user_message:\n            return\n"
_TEXT_OF = '''

def text_of(message: UserMessageItem) -> str:
    """Return what a message says."""
    return " ".join(part.text for part in message.content if isinstance(part, UserMessageTextContent))


def title_of('''

_RUNS = (
    mutation(
        "CK301",
        "own-converter",
        "agent_input",
        Edit(SERVER, "from agents import Agent, Runner, TResponseInputItem", "from agents import Agent, Runner"),
        Edit(SERVER, HISTORY, ""),
        Edit(
            SERVER,
            _LOADED,
            f"{_NO_MESSAGE}        agent_input = await self._converter.to_agent_input([input_user_message])\n",
        ),
    ),
    mutation(
        "CK301",
        "text-of-the-message",
        "text_of(input_user_message)",
        Edit(SERVER, "from agents import Agent, Runner, TResponseInputItem", "from agents import Agent, Runner"),
        Edit(SERVER, "from .converter import Converter\n", ""),
        Edit(SERVER, "        self._converter = Converter(store)\n", ""),
        Edit(SERVER, HISTORY, ""),
        Edit(SERVER, _LOADED, _NO_MESSAGE),
        Edit(SERVER, "(self._agent, agent_input, context=", "(self._agent, text_of(input_user_message), context="),
        Edit(SERVER, "\n\ndef title_of(", _TEXT_OF),
    ),
    mutation(
        "CK302",
        "model-by-name",
        "stream_agent_response(agent_context, result)",
        *reversed(PROVIDER_IDS.edits),
        Edit(AGENT, "from agents.extensions.models.litellm_model import LitellmModel\n", ""),
        Edit(
            AGENT,
            "def build_model(settings: Settings) -> Model:",
            "def build_model(settings: Settings) -> Model | str:",
        ),
        Edit(
            AGENT,
            "LitellmModel(model=settings.model, base_url=settings.base_url, api_key=settings.api_key)",
            'f"litellm/{settings.model}"',
        ),
    ),
    mutation(
        "CK302",
        "chat-completions-of-openai",
        "stream_agent_response(agent_context, result)",
        *reversed(PROVIDER_IDS.edits),
        Edit(
            AGENT,
            "from agents import Agent, Model, f",
            "from agents import Agent, Model, OpenAIChatCompletionsModel, f",
        ),
        Edit(
            AGENT,
            "from agents.extensions.models.litellm_model import LitellmModel\nfrom chatkit.agents import A",
            "from openai import AsyncOpenAI\nfrom chatkit.agents import A",
        ),
        Edit(
            AGENT,
            "    return LitellmModel(model=settings.model, base_url=settings.base_url, api_key=settings.api_key)",
            "    client = AsyncOpenAI(base_url=settings.base_url, api_key=settings.api_key)\n"
            "    return OpenAIChatCompletionsModel(model=settings.model, openai_client=client)",
        ),
    ),
)

MUTATIONS = (*_METHODS, *_SIGNATURES, *_COLOURS, *_RUNS)
