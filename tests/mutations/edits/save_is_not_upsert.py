"""CK209: the reference app's database store refuses, or keeps, what is saved a second time."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SQLITE

_UPSERT = """\
            INSERT INTO threads (owner, id, body) VALUES (:owner, :id, :body)
            ON CONFLICT (owner, id) DO UPDATE SET body = excluded.body
"""

MUTATIONS = (
    mutation(
        "CK209",
        "plain-insert",
        "save_thread",
        Edit(SQLITE, _UPSERT, "            INSERT INTO threads (owner, id, body) VALUES (:owner, :id, :body)\n"),
    ),
    mutation(
        "CK209",
        "keeps-the-first",
        "save_thread",
        Edit(SQLITE, _UPSERT, _UPSERT.replace("DO UPDATE SET body = excluded.body", "DO NOTHING")),
    ),
)
