"""Statements are read once; what their placeholders stand for is asked each time."""

from __future__ import annotations

from chatkit_doctor.backend.rehearsal import sql
from chatkit_doctor.backend.rehearsal.queries import Condition, Query

TEXT = "SELECT data FROM items WHERE thread_id = ? AND user = 'a' ORDER BY created_at DESC LIMIT ?"


def test_a_statement_has_the_values_that_it_is_given() -> None:
    assert [sql.select(TEXT, [ident, limit]) for ident, limit in (("one", 2), ("two", 3))] == [
        Query((Condition("thread_id", "=", ident),), (("created_at", True),), limit)
        for ident, limit in (("one", 2), ("two", 3))
    ]


def test_a_cursor_that_is_not_given_is_no_condition() -> None:
    behind = "SELECT data FROM items WHERE position > (SELECT position FROM items WHERE id = :after) AND kind <> :kind"

    found = [sql.select(behind, {"after": after, "kind": "x"}).conditions for after in (None, "row")]

    assert found == [
        (Condition("kind", "!=", "x"),),
        (Condition("position", ">", "row"), Condition("kind", "!=", "x")),
    ]


def test_what_cannot_be_read_is_vague_each_time() -> None:
    for _ in range(2):
        assert sql.select("SELECT a FROM b GROUP BY a", []).is_vague
        assert not sql.select("SELECT a FROM b", []).is_vague
