"""CK421 in the reference app: the object of onThreadChange taken for the id, and the one of onError for the error."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import CHAT

_CHANGED = "onThreadChange: ({ threadId }) => {"
_FAILED = "onError: ({ error }) => console.error(error),"

MUTATIONS = (
    mutation("CK421", "value", "threadId", Edit(CHAT, _CHANGED, "onThreadChange: (threadId) => {")),
    mutation("CK421", "member", "e.message", Edit(CHAT, _FAILED, "onError: (e) => console.error(e.message),")),
)
