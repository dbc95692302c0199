"""The names of openai-chatkit that models and rules ask by; a test holds that the newest release has each."""

from __future__ import annotations

AGENTS = "chatkit.agents"
TYPES = "chatkit.types"

SERVER = "chatkit.server.ChatKitServer"
# Its method that answers a message.
RESPOND = "respond"
# Its method that answers what somebody did in a widget.
ACTION = "action"

STORE = "chatkit.store.Store"
ATTACHMENT_STORE = "chatkit.store.AttachmentStore"
LOAD_ITEMS = "load_thread_items"

# Its methods that store an item.
ADD_ITEM = "add_thread_item"
SAVE_ITEM = "save_item"

USER_MESSAGE = "chatkit.types.UserMessageItem"
# The event by which an item is stored.
DONE = "chatkit.types.ThreadItemDoneEvent"

# The events by which an item begins, changes and is replaced; only the last stores it as Done does.
ADDED = "chatkit.types.ThreadItemAddedEvent"
UPDATED = "chatkit.types.ThreadItemUpdatedEvent"
REPLACED = "chatkit.types.ThreadItemReplacedEvent"
# The unions of all events, of all items, and of what an item's change may be.
EVENT = "chatkit.types.ThreadStreamEvent"
ITEM = "chatkit.types.ThreadItem"
UPDATE = "chatkit.types.ThreadItemUpdate"

# Makes ChatKit's events of an agent's run.
STREAM = "chatkit.agents.stream_agent_response"

# The class that turns thread items into a run's input, and the function that does so with a plain one.
CONVERTER = "chatkit.agents.ThreadItemConverter"
CONVERT = "chatkit.agents.simple_to_agent_input"
# Its methods that people call: for items, for the user's message. The third is called by the others.
CONVERT_ITEMS = "to_agent_input"
CONVERT_MESSAGE = "user_message_to_input"
CONVERT_ANSWER = "assistant_message_to_input"

# The server's method that an endpoint hands a request to, its parameters, and what it gives back.
PROCESS = "process"
REQUEST = "request"
CONTEXT = "context"
STREAMING_RESULT = "chatkit.server.StreamingResult"
PLAIN_RESULT = "chatkit.server.NonStreamingResult"
# What the second one holds.
PLAIN_JSON = "json"
# The type of what the first one streams.
EVENT_STREAM = "text/event-stream"

# The attribute of a server that holds its Store, and that of its files.
STORE_ATTRIBUTE = "store"
ATTACHMENT_STORE_ATTRIBUTE = "attachment_store"
# The method that makes an item's id, and the kinds that it knows.
GENERATE_ITEM_ID = "generate_item_id"
ITEM_KINDS = "chatkit.store.StoreItemType"

# What a Store takes and gives, and the class of each.
PAGE = "chatkit.types.Page"
THREAD = "chatkit.types.ThreadMetadata"
WHOLE_THREAD = "chatkit.types.Thread"
ITEM = "chatkit.types.ThreadItem"
ATTACHMENT = "chatkit.types.Attachment"
NOT_FOUND = "chatkit.store.NotFoundError"

# When a thread or an item was made: the SDK's own are stamped with `datetime.now()`, without a zone.
MADE_AT = "created_at"

# Its methods by what they do.
LOAD_THREADS = "load_threads"
LOAD_THREAD = "load_thread"
DELETE_THREAD = "delete_thread"
LOAD_ITEM = "load_item"
LOAD_ATTACHMENT = "load_attachment"
SAVE_THREAD = "save_thread"
SAVE_ITEM = "save_item"
ADD_ITEM = "add_thread_item"
SAVE_ATTACHMENT = "save_attachment"
CREATE_ATTACHMENT = "create_attachment"
GENERATE_THREAD_ID = "generate_thread_id"

# Hooks that an app overrides: of the server for what is said and for feedback, of a converter for files.
TRANSCRIBE = "transcribe"
ADD_FEEDBACK = "add_feedback"
CONVERT_ATTACHMENT = "attachment_to_message_content"

# The attribute of a run's context by which a tool asks the browser for something, and what it is given.
CLIENT_TOOL_CALL = "client_tool_call"
# The items after which `respond` is called without a message: a tool of the browser's, and a form.
TOOL_CALL_ITEM = "chatkit.types.ClientToolCallItem"
FORM_ITEM = "chatkit.types.StructuredInputItem"

# The class of widgets' template files, and its method that loads one.
TEMPLATE = "chatkit.widgets.WidgetTemplate"
LOAD_TEMPLATE = "from_file"
# The one version of such files that every release knows, what they must hold, and what is made of them, and how.
TEMPLATE_VERSION = "1.0"
TEMPLATE_KEYS = ("version", "name", "template")
TEMPLATE_ROOT = "chatkit.widgets.DynamicWidgetRoot"
BUILD = "build"
# The way to build a widget whose root is Basic before every way did.
BUILD_BASIC = "build_basic"
# What a component does when somebody clicks it, and the server's method for what is to be answered at once.
ACTION_CONFIG = "chatkit.actions.ActionConfig"
SYNC_ACTION = "sync_action"
# What the server is given of it, and how a server tells the model something that nobody sees.
ACTION_GIVEN = "chatkit.actions.Action"
HIDDEN_CONTEXT = "chatkit.types.HiddenContextItem"
WIDGET_ITEM = "chatkit.types.WidgetItem"

# What a store is asked to make an id for, by the class of the item: as the server and the agents' stream ask it.
_KINDS = {
    "chatkit.types.AssistantMessageItem": "message",
    "chatkit.types.UserMessageItem": "message",
    "chatkit.types.HiddenContextItem": "message",
    "chatkit.types.WidgetItem": "message",
    "chatkit.types.ClientToolCallItem": "tool_call",
    "chatkit.types.TaskItem": "task",
    "chatkit.types.WorkflowItem": "workflow",
}


def kind_of_item(model: str) -> str | None:
    """Return the kind of id that an item of a class has."""
    return _KINDS.get(model)
