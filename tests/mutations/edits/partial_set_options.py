"""CK415 in the reference app: the colours changed by a second call, which leaves api out."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import CHAT

_SHOWN = "  return <ChatKit control={control} />"
_TAKEN = "  const { control } = useChatKit({"
_DARKEN = "() => (chatkit.current as OpenAIChatKit).setOptions({ theme: 'dark' })"

MUTATIONS = (
    mutation(
        "CK415",
        "theme",
        "setOptions",
        Edit(CHAT, _TAKEN, "  const { control, ref: chatkit } = useChatKit({"),
        Edit(CHAT, _SHOWN, f"  return <ChatKit control={{control}} onDoubleClick={{{_DARKEN}}} />"),
        Edit(CHAT, "type ColorScheme }", "type ColorScheme, type OpenAIChatKit }"),
        fixable=False,
    ),
)
