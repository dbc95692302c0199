"""The thirteen rows of the Complete Error Reference, each as people write it, in the reference app."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation

BASE = "backend/app/stores/base.py"
CHAT = "frontend/src/Chat.tsx"
MEMORY = "backend/app/stores/memory.py"
PAGE = "frontend/index.html"
SERVER = "backend/app/server.py"
SQLITE = "backend/app/stores/sqlite.py"

STORES_MODULE = Mutation(
    "CK101",
    "stores-module",
    (Edit(BASE, "from chatkit.store import Store, StoreItemType", "from chatkit.stores import Store, StoreItemType"),),
    path=BASE,
    marked="chatkit.stores",
    row=1,
)

MODELS_MODULE = Mutation(
    "CK101",
    "models-module",
    (
        Edit(
            MEMORY,
            "from chatkit.types import Attachment, Page, ThreadItem, ThreadMetadata, UserMessageItem",
            "from chatkit.models import Attachment, Page, ThreadItem, ThreadMetadata, UserMessageItem",
        ),
    ),
    path=MEMORY,
    marked="chatkit.models",
    row=2,
)

EVENT_NAME = Mutation(
    "CK102",
    "event-name",
    (
        Edit(SERVER, "from chatkit.server import ChatKitServer", "from chatkit.server import ChatKitServer, Event"),
        Edit(SERVER, "    ThreadMetadata,\n    ThreadStreamEvent,\n", "    ThreadMetadata,\n"),
        Edit(SERVER, "AsyncIterator[ThreadStreamEvent]", "AsyncIterator[Event]"),
    ),
    path=SERVER,
    marked="Event",
    row=3,
)

TOOL_OUTPUT_NAME = Mutation(
    "CK102",
    "tool-output-name",
    (
        Edit(SERVER, "from chatkit.types import (\n", "from chatkit.types import (\n    ClientToolCallOutputItem,\n"),
        Edit(
            SERVER,
            "self, thread: ThreadMetadata, input_user_message: UserMessageItem | None, context: RequestContext\n",
            "self,\n"
            "        thread: ThreadMetadata,\n"
            "        input_user_message: UserMessageItem | ClientToolCallOutputItem | None,\n"
            "        context: RequestContext,\n",
        ),
    ),
    path=SERVER,
    marked="ClientToolCallOutputItem",
    row=4,
)

FILE_PART_NAME = Mutation(
    "CK102",
    "file-part-name",
    (
        Edit(SERVER, "from chatkit.types import (\n", "from chatkit.types import (\n    FilePart,\n"),
        Edit(SERVER, "    UserMessageItem,\n    User", "    UserMessageContent,\n    UserMessageItem,\n    User"),
        Edit(SERVER, "title = title_of(input_user_message)", "title = title_of(input_user_message.content)"),
        Edit(SERVER, "title_of(message: UserMessageItem)", "title_of(content: list[UserMessageContent | FilePart])"),
        Edit(SERVER, "for part in message.content if", "for part in content if"),
    ),
    path=SERVER,
    marked="FilePart",
    row=5,
)

_ATTACHMENT_METHODS = """\
    async def save_attachment(self, attachment: Attachment, context: RequestContext) -> None:
        await self._database.write(
            {"owner": context.user_id, "id": attachment.id, "body": attachment.model_dump_json()},
            \"""
            INSERT INTO attachments (owner, id, body) VALUES (:owner, :id, :body)
            ON CONFLICT (owner, id) DO UPDATE SET body = excluded.body
            \""",
        )

    async def load_attachment(self, attachment_id: str, context: RequestContext) -> Attachment:
        query = "SELECT body FROM attachments WHERE owner = :owner AND id = :id"
        return await self._load(query, ATTACHMENT.validate_json, attachment_id, context)

    async def delete_attachment(self, attachment_id: str, context: RequestContext) -> None:
        await self._database.write(
            {"owner": context.user_id, "id": attachment_id},
            "DELETE FROM attachments WHERE owner = :owner AND id = :id",
        )

"""

ATTACHMENT_METHODS = Mutation(
    "CK201",
    "attachment-methods",
    (
        Edit(SQLITE, _ATTACHMENT_METHODS, ""),
        Edit(SQLITE, "from chatkit.types import Attachment, Page", "from chatkit.types import Page"),
    ),
    path=SQLITE,
    marked="SqliteStore",
    row=6,
)

HISTORY = '''
    async def _history(self, thread: ThreadMetadata, context: RequestContext) -> list[TResponseInputItem]:
        """Return the newest items of the thread, oldest first; the new message is stored already and among them."""
        page = await self.store.load_thread_items(thread.id, None, self._history_limit, "desc", context)
        return await self._converter.to_agent_input(list(reversed(page.data)))
'''

NEW_MESSAGE_ONLY = Mutation(
    "CK301",
    "new-message-only",
    (
        Edit(SERVER, "from agents import Agent, Runner, TResponseInputItem", "from agents import Agent, Runner"),
        Edit(
            SERVER,
            "from chatkit.agents import AgentContext, stream_agent_response",
            "from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response",
        ),
        Edit(
            SERVER,
            "agent_input = await self._history(thread, context)",
            "agent_input = await simple_to_agent_input(input_user_message) if input_user_message else []",
        ),
        Edit(SERVER, HISTORY, ""),
        Edit(SERVER, "from .converter import Converter\n", ""),
        Edit(SERVER, "        self._converter = Converter(store)\n", ""),
    ),
    path=SERVER,
    marked="agent_input",
    row=7,
)

PROVIDER_IDS = Mutation(
    "CK302",
    "provider-ids",
    (
        Edit("backend/app/unique_ids.py", None, None),
        Edit(SERVER, "from .unique_ids import with_unique_ids\n", ""),
        Edit(
            SERVER,
            "async for event in with_unique_ids(stream_agent_response(agent_context, result), agent_context):",
            "async for event in stream_agent_response(agent_context, result):",
        ),
    ),
    path=SERVER,
    marked="stream_agent_response(agent_context, result)",
    row=8,
)

NO_DOMAIN_KEY = Mutation(
    "CK401",
    "no-domain-key",
    (
        Edit(CHAT, "      domainKey: DOMAIN_KEY,\n", ""),
        Edit(
            CHAT,
            "// Any value will do on localhost; every other domain has to be registered with OpenAI.\n"
            "const DOMAIN_KEY = import.meta.env.VITE_CHATKIT_DOMAIN_KEY || 'local-dev'\n",
            "",
        ),
    ),
    path=CHAT,
    marked="api",
    row=9,
)

NAME_FOR_LABEL = Mutation(
    "CK404",
    "name-for-label",
    (Edit(CHAT, "{ label: 'Test my memory'", "{ name: 'Test my memory'"),),
    path=CHAT,
    marked="name",
    row=10,
)

EMOJI_ICON = Mutation(
    "CK405",
    "emoji-icon",
    (Edit(CHAT, "icon: 'profile'", "icon: '👋'"),),
    path=CHAT,
    marked="'👋'",
    row=11,
)

NO_SCRIPT = Mutation(
    "CK501",
    "no-script",
    (
        Edit(
            PAGE,
            '    <script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>\n',
            "",
        ),
    ),
    path=PAGE,
    marked="<head>",
    row=12,
)

NOT_PERSISTED = Mutation(
    "CK409",
    "not-persisted",
    (
        Edit(CHAT, "import { useState } from 'react'\n", ""),
        Edit(
            CHAT,
            "  // Of each user their own: nobody else may open it.\n"
            "  const threadKey = `chatkit-thread-${userName}`\n"
            "  // ChatKit reads its first thread once, so the saved one has to be there at the first render.\n"
            "  const [initialThread] = useState(() => localStorage.getItem(threadKey))\n\n",
            "",
        ),
        Edit(
            CHAT,
            "    initialThread,\n"
            "    onThreadChange: ({ threadId }) => {\n"
            "      if (threadId) localStorage.setItem(threadKey, threadId)\n"
            "      else localStorage.removeItem(threadKey)\n"
            "    },\n",
            "",
        ),
    ),
    path=CHAT,
    marked="useChatKit",
    row=13,
)

# One for all users. Whether two are the same that hold a name, only a run can tell.
ONE_KEY = Edit(CHAT, "`chatkit-thread-${userName}`", "'chatkit-thread'")

NOT_CLEARED = Mutation(
    "CK410",
    "not-cleared",
    (ONE_KEY, Edit(CHAT, "      else localStorage.removeItem(threadKey)\n", "")),
    path=CHAT,
    marked="localStorage.setItem(threadKey, threadId)",
    row=13,
)

ROWS = (
    STORES_MODULE,
    MODELS_MODULE,
    EVENT_NAME,
    TOOL_OUTPUT_NAME,
    FILE_PART_NAME,
    ATTACHMENT_METHODS,
    NEW_MESSAGE_ONLY,
    PROVIDER_IDS,
    NO_DOMAIN_KEY,
    NAME_FOR_LABEL,
    EMOJI_ICON,
    NO_SCRIPT,
    NOT_PERSISTED,
    NOT_CLEARED,
)
