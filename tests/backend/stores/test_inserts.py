"""INSERT statements that can be made to replace, and the keys of their tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

STORE = """\
import {driver}
from chatkit.store import Store

SCHEMA = "CREATE TABLE IF NOT EXISTS threads ({columns})"


class SqlStore(Store[dict]):
    async def save_thread(self, thread, context):
        await self.connection.execute({statement}, thread.id, "owner", thread.model_dump_json())
"""
COLUMNS = "id TEXT PRIMARY KEY, owner TEXT, body TEXT"
STATEMENT = '"INSERT INTO threads (id, owner, body) VALUES ($1, $2, $3)"'


def fixed(folder: Path, columns: str = COLUMNS, statement: str = STATEMENT, driver: str = "asyncpg") -> str | None:
    text = STORE.format(columns=columns, statement=statement, driver=driver)
    return Folder(folder, "CK209").fixed(text)


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        (COLUMNS, "(id)"),
        ("owner VARCHAR(20) NOT NULL, id VARCHAR(64) NOT NULL PRIMARY KEY, body TEXT", "(id)"),
        ("id TEXT, owner TEXT, body TEXT, PRIMARY KEY (id, owner)", "(id, owner)"),
        ("at INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT, id TEXT, body TEXT, UNIQUE (owner, id)", "(owner, id)"),
        ("at INTEGER PRIMARY KEY, owner TEXT, id VARCHAR(64) UNIQUE NOT NULL, body TEXT", "(id)"),
    ],
)
def test_the_key_is_read_from_the_table(columns: str, key: str, tmp_path: Path) -> None:
    assert f"ON CONFLICT {key} DO UPDATE SET" in (fixed(tmp_path, columns) or "")


def test_when_a_row_was_first_there_stays(tmp_path: Path) -> None:
    statement = '"INSERT INTO threads (id, created_at, body) VALUES ($1, $2, $3)"'
    text = fixed(tmp_path, "id TEXT PRIMARY KEY, created_at TEXT, body TEXT", statement)

    assert 'ON CONFLICT (id) DO UPDATE SET body = excluded.body"' in (text or "")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("'INSERT INTO threads (id, owner, body) VALUES ($1, $2, $3);'", "body = excluded.body;'"),
        (
            "'INSERT INTO threads (id, owner, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING'",
            "($1, $2, $3) ON CONFLICT (id)",
        ),
    ],
)
def test_the_clause_stands_at_the_end(statement: str, expected: str, tmp_path: Path) -> None:
    assert expected in (fixed(tmp_path, statement=statement) or "")


@pytest.mark.parametrize(
    "given",
    [
        {"columns": "id TEXT, owner TEXT, body TEXT"},
        {"columns": "key TEXT PRIMARY KEY, id TEXT, owner TEXT, body TEXT"},
        {"columns": "at INTEGER PRIMARY KEY, id TEXT UNIQUE, owner TEXT UNIQUE, body TEXT"},
        {"driver": "pymysql"},
        {"statement": 'f"INSERT INTO {TABLE} (id, owner, body) VALUES ($1, $2, $3)"'},
    ],
)
def test_what_is_not_told_is_left_alone(given: dict[str, str], tmp_path: Path) -> None:
    assert fixed(tmp_path, **given) is None
