"""CK418 in the reference app: the method that OpenAI's page on actions calls, and a member that the hook never had."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.item_never_done import ACTION, CANCELLED, IMPORTS
from tests.mutations.rows import CHAT, SERVER

_SHOWN = "  return <ChatKit control={control} />"
_TAKEN = "  const { control } = useChatKit({"

MUTATIONS = (
    mutation(
        "CK418",
        "method",
        "sendAction",
        Edit(CHAT, _TAKEN, "  const { control, sendAction } = useChatKit({"),
        Edit(CHAT, _SHOWN, "  return <ChatKit control={control} onClick={() => sendAction({ type: 'seen' })} />"),
        # What answers it: a page is not mended into one that the server refuses.
        Edit(SERVER, CANCELLED, f"{ACTION}{CANCELLED}".replace("ThreadItemAddedEvent", "ThreadItemDoneEvent")),
        *IMPORTS,
    ),
    mutation(
        "CK418",
        "member",
        "error",
        Edit(CHAT, _TAKEN, "  const { control, error } = useChatKit({"),
        Edit(CHAT, _SHOWN, "  return error ? <p>{error}</p> : <ChatKit control={control} />"),
        fixable=False,
    ),
)
