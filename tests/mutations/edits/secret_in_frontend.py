"""CK607 in the reference app: a key that the page is given."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import CHAT

MUTATIONS = (
    mutation(
        "CK607",
        "variable",
        "import.meta.env.VITE_OPENAI_API_KEY",
        Edit(
            CHAT,
            "export function Chat(",
            "export const hasModel = Boolean(import.meta.env.VITE_OPENAI_API_KEY)\n\nexport function Chat(",
        ),
        fixable=False,
    ),
)
