"""CK9 in the reference app: comments for the doctor that are idle or wrong, and files that cannot be read."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.names_and_models import STREAMING
from tests.mutations.rows import CHAT, MEMORY, PAGE, SERVER

_PYPROJECT = """\
[project]
name = "assistant"
dependencies = [
  "openai-chatkit>=1.4,<2"
  "fastapi>=0.115,<1"
]
"""

MUTATIONS = (
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
