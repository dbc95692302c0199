"""CK312: a widget in the reference app whose button nobody answers for."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SERVER

CARD = """\
TITLE_LENGTH = 40
CONSENT = Card(children=[Button(label="Yes", onClickAction=ActionConfig(type="agree"))])
"""

MUTATIONS = (
    mutation(
        "CK312",
        "button",
        "AppServer",
        Edit(SERVER, "TITLE_LENGTH = 40\n", CARD),
        Edit(
            SERVER,
            "from chatkit.agents import AgentContext, s",
            "from chatkit.actions import ActionConfig\nfrom chatkit.agents import AgentContext, s",
        ),
        Edit(
            SERVER,
            "    UserMessageTextContent,\n)\n",
            "    UserMessageTextContent,\n)\nfrom chatkit.widgets import Button, Card\n",
        ),
        # The classes of widgets have been deprecated since.
        beside={"CK103"},
    ),
)
