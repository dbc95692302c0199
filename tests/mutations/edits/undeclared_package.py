"""CK602 in the reference app: what its code imports, and nobody asks for."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation
from tests.mutations.edits.impossible_version import PACKAGE
from tests.mutations.edits.wrong_package import REQUIREMENTS
from tests.mutations.rows import CHAT

MUTATIONS = (
    Mutation(
        "CK602",
        "litellm",
        (Edit(REQUIREMENTS, "litellm>=1.80,<2\n", ""), Edit(REQUIREMENTS, "openai-agents[litellm]", "openai-agents")),
        path="backend/app/agent.py",
        marked="agents.extensions.models.litellm_model",
    ),
    Mutation(
        "CK602",
        "npm",
        (Edit(PACKAGE, '    "@openai/chatkit-react": "^1.6.1",\n', ""),),
        path=CHAT,
        marked="'@openai/chatkit-react'",
    ),
)
