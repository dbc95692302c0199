"""CK419 in the reference app: undefined for a new chat, as a guide of OpenAI's has it, and a text for a message."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import CHAT

_SHOWN = "  return <ChatKit control={control} />"
_TAKEN = "  const { control } = useChatKit({"


def _asked(name: str, call: str) -> tuple[Edit, Edit]:
    return (
        Edit(CHAT, _TAKEN, f"  const {{ control, {name} }} = useChatKit({{"),
        Edit(CHAT, _SHOWN, f"  return <ChatKit control={{control}} onDoubleClick={{() => {call}}} />"),
    )


MUTATIONS = (
    mutation("CK419", "undefined", "undefined", *_asked("setThreadId", "setThreadId(undefined)")),
    mutation("CK419", "text", "'Hello'", *_asked("sendUserMessage", "sendUserMessage('Hello')")),
)
