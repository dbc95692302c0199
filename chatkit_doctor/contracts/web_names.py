"""The names of ChatKit's npm packages that models and rules ask by; a test holds that the newest releases have each."""

from __future__ import annotations

from chatkit_doctor.patterns import regex

# The element, and what React's package has around it.
TAG = "openai-chatkit"
COMPONENT = "ChatKit"
HOOK = "useChatKit"
CONTROL = "control"

OPTIONS_TYPE = "ChatKitOptions"
HOOK_OPTIONS_TYPE = "UseChatKitOptions"
PROMPT_TYPE = "StartScreenPrompt"

# Methods of the element.
SET_OPTIONS = "setOptions"
SET_THREAD = "setThreadId"

# Options, and the handler and the event that tell of another thread.
API = "api"
URL, DOMAIN_KEY, SECRET = "url", "domainKey", "getClientSecret"
INITIAL_THREAD = "initialThread"
LOCALE, THEME = "locale", "theme"
PROMPTS = ("startScreen", "prompts")
LABEL, PROMPT, ICON = "label", "prompt", "icon"
THREAD_HANDLER = "onThreadChange"
THREAD_EVENT = "chatkit.thread.change"
EVENT_PREFIX = "chatkit."

# Parts of the chat that the server has to answer for.
ATTACHMENTS = ("composer", "attachments", "enabled")
DICTATION = ("composer", "dictation", "enabled")
FEEDBACK = ("threadItemActions", "feedback")
UPLOAD_STRATEGY = "uploadStrategy"

# The method by which a page sends its server an action.
SEND_ACTION = "sendCustomAction"

_HANDLER = regex(r"on[A-Z]")


def is_handler(name: str) -> bool:
    """Return whether the hook takes a key of its options for a handler, by its name alone."""
    return _HANDLER.match(name) is not None
