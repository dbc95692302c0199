"""CK417 in the reference app, made one of Next's: its page gets to the chat, and nothing says that it is a client's."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation
from tests.mutations.rows import CHAT

_PACKAGE = "frontend/package.json"
_PAGE = 'import { Chat } from \'../src/Chat\'\n\nexport default () => <Chat userName="ada" colorScheme="light" />\n'

MUTATIONS = (
    Mutation(
        "CK417",
        "page",
        (
            Edit(_PACKAGE, '    "react": "^18.3.1",', '    "next": "^15.0.0",\n    "react": "^18.3.1",'),
            Edit("frontend/app/page.tsx", None, _PAGE),
        ),
        path=CHAT,
        marked="useChatKit",
        # Vite's way to read the environment is none of Next's, and its page is not Next's either.
        beside=frozenset({"CK420", "CK501"}),
    ),
)
