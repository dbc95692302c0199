"""CK210: the database store of the reference app makes every item an answer."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SQLITE

_ANSWER = """
def _answer(body: str) -> AssistantMessageItem:
    row = json.loads(body)
    return AssistantMessageItem(
        id=row["id"], thread_id=row["thread_id"], created_at=row["created_at"], content=row["content"]
    )


class SqliteStore(AppStore):
"""

_SEQUENCES = "from collections.abc import Callable, Sequence\n"
_TYPES = "from chatkit.types import Attachment, Page,"
_PAGE = "        return _page(rows, limit, THREAD_ITEM.validate_json)\n"

MUTATIONS = (
    mutation(
        "CK210",
        "answers-alone",
        "load_thread_items",
        Edit(SQLITE, _PAGE, _PAGE.replace("THREAD_ITEM.validate_json", "_answer")),
        Edit(SQLITE, "\nclass SqliteStore(AppStore):\n", _ANSWER),
        Edit(SQLITE, _SEQUENCES, f"import json\n{_SEQUENCES}"),
        Edit(SQLITE, _TYPES, _TYPES.replace("Attachment,", "AssistantMessageItem, Attachment,")),
        fixable=False,
    ),
)
