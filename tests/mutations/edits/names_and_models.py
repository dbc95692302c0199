"""CK1 in the reference app: modules and names that ChatKit lacks, and models that are built wrongly."""

from __future__ import annotations

from chatkit_doctor.finding import Severity
from tests.mutations.app import Edit, Mutation, mutation
from tests.mutations.rows import MEMORY, SERVER, SQLITE

AGENT = "backend/app/agent.py"
ATTACHMENTS = "backend/app/attachments.py"
CONVERTER = "backend/app/converter.py"
STREAMING = "backend/app/streaming.py"

_MODULES = (
    mutation(
        "CK101",
        "distribution",
        "openai_chatkit.server",
        Edit(SERVER, "from chatkit.server import", "from openai_chatkit.server import"),
    ),
    mutation(
        "CK101",
        "helpers-module",
        "chatkit.helpers",
        Edit(SERVER, "from chatkit.agents import", "from chatkit.helpers import"),
    ),
    mutation(
        "CK101",
        "one-module-for-two",
        "chatkit.models",
        Edit(CONVERTER, "from chatkit.store import NotFoundError\n", ""),
        Edit(
            CONVERTER,
            "from chatkit.types import AssistantMessageItem, Attachment",
            "from chatkit.models import AssistantMessageItem, Attachment, NotFoundError",
        ),
    ),
    mutation(
        "CK101",
        "import-of-the-module",
        "chatkit.stores",
        Edit(STREAMING, "from chatkit.store import NotFoundError\n", ""),
        Edit(STREAMING, "from chatkit.server import", "import chatkit.stores\nfrom chatkit.server import"),
        Edit(STREAMING, "except NotFoundError:", "except chatkit.stores.NotFoundError:"),
    ),
)

_NAMES = (
    mutation(
        "CK102",
        "name-of-the-package",
        "StreamingResult",
        Edit(STREAMING, "from chatkit.server import StreamingResult", "from chatkit import StreamingResult"),
    ),
    mutation(
        "CK102",
        "attribute",
        "types.FilePart",
        Edit(CONVERTER, "from chatkit.agents import", "from chatkit import types\nfrom chatkit.agents import"),
        Edit(CONVERTER, "AssistantMessageItem, Attachment\n", "AssistantMessageItem\n"),
        Edit(
            CONVERTER,
            "attachment_to_message_content(self, attachment: Attachment)",
            "attachment_to_message_content(self, attachment: types.Attachment | types.FilePart)",
        ),
    ),
    mutation(
        "CK102",
        "invented-store",
        "DiskFileStore",
        Edit(ATTACHMENTS, "import AttachmentStore\n", "import DiskFileStore\n"),
        Edit(ATTACHMENTS, "AttachmentStore[RequestContext]", "DiskFileStore[RequestContext]"),
        fixable=False,
    ),
)


def _shown(name: str, marked: str, imported: str, widget: str, *, fixable: bool) -> Mutation:
    """A tool of the agent's that shows a widget."""
    tool = f'''\
        return (date.fromisoformat(day) - date.today()).days


@function_tool
async def show_day(context: RunContextWrapper[AgentContext[RequestContext]], day: str) -> str:
    """Show a day in the chat."""
    await context.context.stream_widget({widget})
    return "shown"
'''
    return mutation(
        "CK103",
        name,
        marked,
        Edit(AGENT, "from agents import Agent, Model, f", "from agents import Agent, Model, RunContextWrapper, f"),
        Edit(AGENT, "import AgentContext\n", f"import AgentContext\nfrom chatkit.widgets import {imported}\n"),
        Edit(AGENT, "    return (date.fromisoformat(day) - date.today()).days\n", tool.removeprefix("    ")),
        Edit(AGENT, "tools=[days_until]", "tools=[days_until, show_day]"),
        fixable=fixable,
    )


_DEPRECATED = (
    _shown("widget-classes", "Card", "Card, Text", "Card(children=[Text(value=day)])", fixable=False),
    _shown(
        "build-basic",
        "build_basic",
        "WidgetTemplate",
        'WidgetTemplate.from_file("day.widget").build_basic({"day": day})',
        fixable=True,
    ),
)

_BROKEN_OFF = "            for item_id in unfinished:\n                yield ThreadItemRemovedEvent(item_id=item_id)\n"
_PLACE = "thread_id=thread.id, created_at=datetime.now()"
_PART = "AssistantMessageContent(text=notice(error).message)"


def _told(code: str, name: str, marked: str, part: str, place: str = _PLACE) -> Mutation:
    """A message in the name of the assistant that says what went wrong, built in some way."""
    item = f"id=item_id, {place}, content=[{part}]" if place else f"id=item_id, content=[{part}]"
    told = f"""\
            item_id = agent_context.generate_id("message")
            yield ThreadItemDoneEvent(item=AssistantMessageItem({item}))
"""
    return mutation(
        code,
        name,
        marked,
        Edit(SERVER, "import AsyncIterator\n", "import AsyncIterator\nfrom datetime import datetime\n"),
        Edit(
            SERVER,
            "from chatkit.types import (\n",
            "from chatkit.types import (\n    AssistantMessageContent,\n    AssistantMessageItem,\n",
        ),
        Edit(SERVER, _BROKEN_OFF, f"{_BROKEN_OFF}{told}"),
    )


_FIRST_RECORD = "attachment = ATTACHMENT.validate_python(self._record(attachment_id, name, mime_type, context))"

_HISTORY = "        agent_input = await self._history(thread, context)\n"
# A note for the model where a turn brings no message.
_NOTE = """\
        if input_user_message is None:
            item_id = self.store.generate_item_id("message", thread, context)
            note = HiddenContextItem(id=item_id, created_at=datetime.now(), content="The tool has run.")
            yield ThreadItemDoneEvent(item=note)
"""

_MISSING_FIELDS = (
    mutation(
        "CK111",
        "in-a-note",
        "HiddenContextItem",
        Edit(SERVER, "import AsyncIterator\n", "import AsyncIterator\nfrom datetime import datetime\n"),
        Edit(SERVER, "from chatkit.types import (\n", "from chatkit.types import (\n    HiddenContextItem,\n"),
        Edit(SERVER, _HISTORY, f"{_NOTE}{_HISTORY}"),
    ),
    _told("CK111", "thread-and-date", "AssistantMessageItem", _PART, place=""),
    _told("CK111", "thread", "AssistantMessageItem", _PART, place="created_at=datetime.now()"),
    _told("CK111", "known-by-another-name", "AssistantMessageContent", "AssistantMessageContent(content=str(error))"),
    _told("CK111", "text-by-position", "str(error)", "AssistantMessageContent(str(error))"),
    mutation(
        "CK111",
        "id-by-position",
        "item_id",
        Edit(SERVER, "ThreadItemRemovedEvent(item_id=item_id)", "ThreadItemRemovedEvent(item_id)"),
    ),
    mutation(
        "CK111",
        "last-word-of-the-name",
        "ThreadItemRemovedEvent",
        Edit(SERVER, "ThreadItemRemovedEvent(item_id=item_id)", "ThreadItemRemovedEvent(id=item_id)"),
    ),
    mutation(
        "CK111",
        "nothing-to-fill-in",
        "FileAttachment",
        Edit(ATTACHMENTS, _FIRST_RECORD, "attachment = FileAttachment(id=attachment_id, mime_type=mime_type)"),
        Edit(ATTACHMENTS, "AttachmentCreateParams\nf", "AttachmentCreateParams, FileAttachment\nf"),
        fixable=False,
    ),
)

_TWO_PHASE_RECORD = """\
        attachment = ATTACHMENT.validate_python(
            self._record(attachment_id, input.name, input.mime_type, context)
            # Before 1.5 the address stood in a field of its own; a release ignores the other's field.
            | {"upload_descriptor": {"url": url, "method": "POST"}, "upload_url": url}
        )
"""

_UNKNOWN_FIELDS = (
    mutation(
        "CK112",
        "items-for-data",
        "items",
        Edit(SQLITE, "        data=[parse", "        items=[parse"),
        severity=Severity.ERROR,
    ),
    mutation(
        "CK112",
        "next-cursor-for-after",
        "next_cursor",
        Edit(SQLITE, "        after=rows[limit - 1]", "        next_cursor=rows[limit - 1]"),
        severity=Severity.ERROR,
    ),
    mutation(
        "CK112",
        "cursor-to-the-front",
        "before",
        Edit(SQLITE, "        after=rows", "        before=rows[0][0] if rows else None,\n        after=rows"),
        severity=Severity.ERROR,
    ),
    mutation(
        "CK112",
        "error-for-message",
        "error",
        Edit(STREAMING, 'GONE = ErrorEvent(message="', 'GONE = ErrorEvent(error="'),
    ),
    mutation(
        "CK112",
        "field-of-older-releases",
        "upload_url",
        Edit(
            ATTACHMENTS,
            _TWO_PHASE_RECORD,
            "        name, mime_type = input.name, input.mime_type\n"
            "        attachment = FileAttachment(id=attachment_id, name=name, mime_type=mime_type, upload_url=url)\n",
        ),
        Edit(ATTACHMENTS, "AttachmentCreateParams\nf", "AttachmentCreateParams, FileAttachment\nf"),
    ),
    mutation(
        "CK112",
        "nothing-of-the-kind",
        "updated_at",
        Edit(
            MEMORY,
            "ThreadMetadata.model_validate(thread.model_dump())",
            "ThreadMetadata(\n"
            "            id=thread.id, title=thread.title, created_at=thread.created_at, updated_at=thread.created_at\n"
            "        )",
        ),
        fixable=False,
    ),
)

_LITERALS = (
    _told("CK113", "text", '"text"', 'AssistantMessageContent(type="text", text=str(error))'),
    _told("CK113", "text-in-a-dict", '"text"', '{"type": "text", "text": str(error)}'),
    _told("CK113", "input-for-output", '"input_text"', 'AssistantMessageContent(type="input_text", text=str(error))'),
    mutation(
        "CK113",
        "event-with-underscores",
        '"thread_item_removed"',
        Edit(
            SERVER,
            "ThreadItemRemovedEvent(item_id=item_id)",
            'ThreadItemRemovedEvent(type="thread_item_removed", item_id=item_id)',
        ),
    ),
    mutation(
        "CK113",
        "status-as-a-word",
        '"active"',
        Edit(
            MEMORY,
            "ThreadMetadata.model_validate(thread.model_dump())",
            'ThreadMetadata(id=thread.id, title=thread.title, created_at=thread.created_at, status="active")',
        ),
    ),
    mutation(
        "CK113",
        "text-for-a-list",
        '"sorry"',
        Edit(
            SERVER,
            _BROKEN_OFF,
            f"{_BROKEN_OFF}            yield ThreadItemDoneEvent(\n"
            "                item=AssistantMessageItem(\n"
            '                    id=thread.id, thread_id=thread.id, created_at=thread.created_at, content="sorry"\n'
            "                )\n            )\n",
        ),
        Edit(SERVER, "from chatkit.types import (\n", "from chatkit.types import (\n    AssistantMessageItem,\n"),
        fixable=False,
    ),
)

_UNIONS = (
    mutation(
        "CK114",
        "constructor",
        "Attachment",
        Edit(
            ATTACHMENTS,
            _FIRST_RECORD,
            "attachment = Attachment(**self._record(attachment_id, name, mime_type, context))",
        ),
    ),
    mutation(
        "CK114",
        "validated",
        "ThreadItem.model_validate",
        Edit(MEMORY, "[item.id] = _copy(item)", "[item.id] = ThreadItem.model_validate(item.model_dump())"),
    ),
    mutation(
        "CK114",
        "validated-as-json",
        "Attachment.model_validate_json",
        Edit(
            SQLITE,
            "query, ATTACHMENT.validate_json, attachment_id",
            "query, lambda body: Attachment.model_validate_json(body), attachment_id",
        ),
    ),
    mutation(
        "CK114",
        "method-handed-on",
        "ThreadItem.model_validate_json",
        Edit(
            SQLITE,
            "_page(rows, limit, THREAD_ITEM.validate_json)",
            "_page(rows, limit, ThreadItem.model_validate_json)",
        ),
    ),
)

MUTATIONS = (*_MODULES, *_NAMES, *_DEPRECATED, *_MISSING_FIELDS, *_UNKNOWN_FIELDS, *_LITERALS, *_UNIONS)
