"""CK8 in the reference app: what the page offers and its server does not do, and a path that nobody answers."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation, mutation
from tests.mutations.edits.endpoint import MAIN
from tests.mutations.rows import CHAT

_SERVER_URL = "frontend/src/server.ts"
_MEMORY = '''\
"""A store for trying things out."""

from __future__ import annotations

from chatkit.types import ThreadMetadata

from .memory import MemoryStore


class Simple(MemoryStore):
    """Threads are in a table of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: dict[str, ThreadMetadata] = {}
'''

MUTATIONS = (
    mutation(
        "CK801",
        "no-strategy",
        "enabled: true",
        Edit(CHAT, "      uploadStrategy: { type: 'two_phase' },\n", ""),
    ),
    Mutation(
        "CK801",
        "no-store-for-files",
        (
            Edit("backend/app/server.py", "super().__init__(store, attachments)", "super().__init__(store)"),
            Edit("backend/app/attachments.py", "AttachmentStore[RequestContext]", "Generic[RequestContext]"),
            Edit(
                "backend/app/attachments.py",
                "from chatkit.store import AttachmentStore\n",
                "from typing import Generic\n",
            ),
        ),
        path=CHAT,
        marked="enabled: true",
    ),
    Mutation(
        "CK802",
        "memory",
        (
            Edit("backend/app/stores/simple.py", None, _MEMORY),
            Edit(CHAT, "`chatkit-thread-${userName}`", "'chatkit-thread'"),
            Edit(MAIN, "store = open_store(settings.database)", "store = Simple()"),
            Edit(MAIN, "from .stores import open_store\n", "from .stores.simple import Simple\n"),
        ),
        path="backend/app/stores/simple.py",
        marked="self.threads",
        fixable=False,
    ),
    mutation(
        "CK803",
        "dictation",
        "enabled: true",
        Edit(
            CHAT,
            "      placeholder: 'Write a message',\n",
            "      placeholder: 'Write', dictation: { enabled: true },\n",
        ),
    ),
    mutation(
        "CK804",
        "feedback",
        "feedback: true",
        Edit(CHAT, "threadItemActions: { retry: true }", "threadItemActions: { retry: true, feedback: true }"),
    ),
    mutation(
        "CK805",
        "other-path",
        "'http://localhost:8000/api/chatkit'",
        Edit(_SERVER_URL, "'http://localhost:8000/chatkit'", "'http://localhost:8000/api/chatkit'"),
        fixable=False,
    ),
    mutation(
        "CK805",
        "path-in-the-options",
        "'http://127.0.0.1:8000/v1/chatkit'",
        Edit(CHAT, "url: CHATKIT_URL", "url: 'http://127.0.0.1:8000/v1/chatkit'"),
        Edit(CHAT, "import { CHATKIT_URL } from './server'\n", ""),
    ),
)
