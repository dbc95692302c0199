"""CK601 in the reference app: packages that are taken for ChatKit's and the Agents SDK's."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation

REQUIREMENTS = "backend/requirements.txt"

MUTATIONS = (
    mutation("CK601", "server", "chatkit-server", Edit(REQUIREMENTS, "openai-chatkit>=1.4,<2", "chatkit-server>=0.2")),
    mutation("CK601", "agents", "agents", Edit(REQUIREMENTS, "openai-agents[litellm]>=0.6,<1", "agents[litellm]")),
    mutation(
        "CK601",
        "npm",
        "chatkit",
        Edit("frontend/package.json", '"@openai/chatkit-react": "^1.6.1"', '"chatkit": "^1.0.0"'),
    ),
)
