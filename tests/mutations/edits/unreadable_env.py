"""CK420 in the reference app: the way of Node in a page of Vite's, and a name without its prefix."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import CHAT

_KEY = "import.meta.env.VITE_CHATKIT_DOMAIN_KEY"
_SERVER = "frontend/src/server.ts"

MUTATIONS = (
    mutation(
        "CK420",
        "process",
        "process.env.VITE_CHATKIT_DOMAIN_KEY",
        Edit(CHAT, _KEY, "process.env.VITE_CHATKIT_DOMAIN_KEY"),
    ),
    mutation(
        "CK420",
        "prefix",
        "import.meta.env.CHATKIT_URL",
        Edit(_SERVER, "import.meta.env.VITE_CHATKIT_URL", "import.meta.env.CHATKIT_URL"),
    ),
)
