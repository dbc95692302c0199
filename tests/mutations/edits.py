"""The mutations of all rules, beside the rows of the error reference: several of each, a kind or a form apart.

A new rule's mutation stands in the module of its hundred; those of the doctor's own rules (CK9) stand here.
"""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.names_and_models import CK1, STREAMING
from tests.mutations.options_and_page import CK4_CK5
from tests.mutations.rows import CHAT, MEMORY, PAGE, SERVER
from tests.mutations.stores_and_runs import CK2_CK3

_PYPROJECT = """\
[project]
name = "assistant"
dependencies = [
  "openai-chatkit>=1.4,<2"
  "fastapi>=0.115,<1"
]
"""

_CK9 = (
    mutation(
        "CK901",
        "behind-code-that-was-mended",
        "chatkit-doctor: ignore[CK101]",
        Edit(
            STREAMING,
            "from chatkit.store import NotFoundError\n",
            "from chatkit.store import NotFoundError  # chatkit-doctor: ignore[CK101] until the fork is gone\n",
        ),
    ),
    mutation(
        "CK901",
        "above-a-line",
        "chatkit-doctor: ignore[CK401]",
        Edit(CHAT, "    api: {\n", "    // chatkit-doctor: ignore[CK401] the proxy adds it\n    api: {\n"),
    ),
    mutation(
        "CK902",
        "no-code",
        "chatkit-doctor: ignore",
        Edit(SERVER, "TITLE_LENGTH = 40\n", "TITLE_LENGTH = 40  # chatkit-doctor: ignore\n"),
    ),
    mutation(
        "CK902",
        "words-of-another-tool",
        "chatkit-doctor: disable[CK501]",
        Edit(PAGE, "    <title>", "    <!-- chatkit-doctor: disable[CK501] -->\n    <title>"),
    ),
    mutation(
        "CK903",
        "unclosed-call",
        "        super().__init__(store, attachments",
        Edit(SERVER, "        super().__init__(store, attachments)\n", "        super().__init__(store, attachments\n"),
        fixable=False,
    ),
    mutation(
        "CK903",
        "lost-indentation",
        "    return self._users[context.user_id]",
        Edit(MEMORY, "        return self._users[context.user_id]", "    return self._users[context.user_id]"),
        fixable=False,
    ),
    mutation(
        "CK903",
        "manifest-in-json",
        "  }",
        Edit("frontend/package.json", '    "vite": "^6.0.3"\n', '    "vite": "^6.0.3",\n'),
        fixable=False,
    ),
    mutation(
        "CK903",
        "manifest-in-toml",
        '  "fastapi>=0.115,<1"',
        Edit("backend/pyproject.toml", None, _PYPROJECT),
        fixable=False,
    ),
)

EDITS = (*CK1, *CK2_CK3, *CK4_CK5, *_CK9)
