"""CK311: the reference app's runs, remembering in one session."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

_AGENT = "        self._agent = agent\n"
_GIVEN = "session=self._session"

MUTATIONS = (
    mutation(
        "CK311",
        "made-with-the-server",
        "self._session",
        Edit(
            SERVER, "agent_input, context=agent_context)", "agent_input, context=agent_context, session=self._session)"
        ),
        Edit(
            SERVER,
            "        self._agent = agent\n",
            '        self._agent = agent\n        self._session = SQLiteSession("chat")\n',
        ),
        Edit(SERVER, "import Agent, Runner, T", "import Agent, Runner, SQLiteSession, T"),
        fixable=False,
    ),
)
