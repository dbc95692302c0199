"""CK605 in the reference app: an own agents/ beside the app, and an own chatkit.py in its place."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation

_AGENT = "backend/app/agent.py"
_OWN_AGENTS = "backend/agents/__init__.py"
_OWN_CHATKIT = "backend/chatkit/__init__.py"
_FIRST = "from __future__ import annotations\n"

MUTATIONS = (
    Mutation(
        "CK605",
        "own-agents",
        (
            Edit(_OWN_AGENTS, None, ""),
            Edit("backend/agents/words.py", None, "GREETING = 'Hello'\n"),
            Edit("backend/app/context.py", _FIRST, f"{_FIRST}\nfrom agents.words import GREETING\n"),
        ),
        path=_AGENT,
        marked="agents",
        fixable=False,
    ),
    Mutation(
        "CK605",
        "own-chatkit",
        (
            Edit(_OWN_CHATKIT, None, "NAME = 'Notes'\n"),
            Edit(_AGENT, "from chatkit.agents import AgentContext\n", "from chatkit import NAME\n"),
            Edit("backend/serve.py", None, "import app.main\n\nif __name__ == '__main__':\n    app.main\n"),
        ),
        path="backend/app/attachments.py",
        marked="chatkit.store",
        fixable=False,
    ),
)
