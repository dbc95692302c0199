"""CK422 in the reference app: uploads in one request, and a fetch that sends all of them as JSON."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation
from tests.mutations.rows import CHAT

_USER = "frontend/src/user.ts"
_SIGNED = "  headers.set('Authorization', `Bearer ${read(saved())?.token}`)\n"
_FORCED = "headers.set('Content-Type', 'application/json')"
_TWO_PHASE = "uploadStrategy: { type: 'two_phase' },"

MUTATIONS = (
    Mutation(
        "CK422",
        "set",
        (
            Edit(_USER, _SIGNED, f"{_SIGNED}  {_FORCED}\n"),
            Edit(CHAT, _TWO_PHASE, "uploadStrategy: { type: 'direct', uploadUrl: `${CHATKIT_URL}/files` },"),
        ),
        path=_USER,
        marked=_FORCED,
    ),
)
