"""CK209: which ways to save a thread in a database drop its title."""

from __future__ import annotations

from pathlib import Path

from tests.checks.scanning import Folder

MODELS = """
from sqlalchemy import Column, JSON, String
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "threads"

    id = Column(String, primary_key=True)
    user_id = Column(String)
    title = Column(String)
    meta = Column(JSON)
    updated_at = Column(String)
"""
STORE = """
import json
from datetime import datetime

import asyncpg, psycopg, sqlite3
from chatkit.store import Store
from chats.models import Chat
from models import Row
from sqlalchemy import select, text
from titles import rename


class MyStore(Store[dict]):
    async def save_thread(self, thread, context):
{}

    async def add_thread_item(self, thread_id, item, context):
        await self.pool.execute("INSERT INTO items (id, body) VALUES ($1, $2)", item.id, item.model_dump_json())
"""
DROPPING = {
    "sqlite": """
        self.connection.execute(
            "INSERT OR REPLACE INTO threads (id, meta, at) VALUES (?, ?, ?)",
            (thread.id, json.dumps(thread.metadata), thread.updated_at if hasattr(thread, "updated_at") else None),
        )
    """,
    "asyncpg": """
        await self.pool.execute(
            '''INSERT INTO threads (id, user_id, created_at, meta) VALUES ($1, $2, $3, $4)
               ON CONFLICT (id) DO UPDATE SET meta = EXCLUDED.meta''',
            thread.id, context["user_id"], thread.created_at, json.dumps(thread.metadata),
        )
    """,
    "psycopg": """
        with psycopg.connect(self.dsn) as connection:
            named = {"id": thread.id, "meta": json.dumps(thread.metadata)}
            connection.execute("UPDATE threads SET meta = %(meta)s WHERE id = %(id)s", named)
    """,
    "rows": """
        async with self.sessions() as session:
            row = (await session.execute(select(Row).where(Row.id == thread.id))).scalar_one_or_none()
            if row is None:
                session.add(Row(id=thread.id, user_id=context["user_id"], meta=thread.metadata))
            else:
                row.meta = thread.metadata
                row.updated_at = datetime.now()
            await session.commit()
    """,
    "refreshed": """
        row = self.session.exec(select(Row).where(Row.id == thread.id)).first()
        if not row:
            row = Row(id=thread.id, user_id=context["user_id"])
        row.meta = thread.metadata
        self.session.add(row)
        self.session.commit()
        self.session.refresh(row)
    """,
    "merged": """
        await self.session.merge(Row(id=thread.id, status=thread.status.type, meta=thread.metadata))
    """,
    "textual": """
        await self.session.execute(
            text("INSERT INTO threads (id, meta) VALUES (:id, :meta) ON CONFLICT (id) DO UPDATE SET meta = :meta"),
            {"id": thread.id, "meta": json.dumps(thread.metadata)},
        )
    """,
    "mongo": """
        fields = {"metadata": thread.metadata, "status": thread.status.model_dump()}
        await self.database.threads.update_one({"_id": thread.id}, {"$set": fields}, upsert=True)
    """,
    "supabase": """
        row = {"id": thread.id, "user_id": context.get("user_id"), "metadata": thread.metadata}
        self.client.table("threads").upsert(row).execute()
    """,
    "cosmos": """
        await self.container.upsert_item({"id": thread.id, "owner": context["user_id"], "metadata": thread.metadata})
    """,
    "django": """
        fields = {"user_id": context["user_id"], "metadata": thread.metadata}
        await Chat.objects.aupdate_or_create(id=thread.id, defaults=fields)
    """,
}
KEEPING = {
    "under another name": """
        await self.pool.execute(
            '''INSERT INTO threads (id, name, meta) VALUES ($1, $2, $3)
               ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, meta = EXCLUDED.meta''',
            thread.id, getattr(thread, "title", None) or "New chat", json.dumps(thread.metadata),
        )
    """,
    "in the metadata": """
        meta = dict(thread.metadata or {})
        meta["title"] = thread.title
        await self.session.merge(Row(id=thread.id, meta=meta))
    """,
    "whole": """
        await self.session.merge(Row(id=thread.id, meta=thread.model_dump(mode="json")))
    """,
    "in a table of its own": """
        self.connection.execute("UPDATE threads SET meta = ? WHERE id = ?", (json.dumps(thread.metadata), thread.id))
        if thread.title:
            self.connection.execute("UPDATE titles SET title = ? WHERE id = ?", (thread.title, thread.id))
    """,
    "by code that is elsewhere": """
        await rename(thread.id, thread.title)
        await self.pool.execute("UPDATE threads SET meta = $2 WHERE id = $1", thread.id, json.dumps(thread.metadata))
    """,
    "in the statement": """
        statement = f"UPDATE threads SET meta = ?, title = '{thread.title}' WHERE id = ?"
        self.connection.execute(statement, (json.dumps(thread.metadata), thread.id))
    """,
    "made by code that is elsewhere": """
        await self.container.upsert_item({"id": thread.id, "metadata": thread.metadata, "name": self.names.of(thread)})
    """,
    "set by an attribute": """
        row = await self.session.get(Row, thread.id)
        row.meta = thread.metadata
        row.title = thread.title[:200]
        await self.session.commit()
    """,
}


def _stores(bodies: dict[str, str]) -> dict[str, str]:
    stores = {f"{name.replace(' ', '_')}.py": STORE.format(body.strip("\n")) for name, body in bodies.items()}
    return {"models.py": MODELS} | stores


def test_a_title_that_no_write_holds_is_dropped(tmp_path: Path) -> None:
    found = Folder(tmp_path, "CK209").findings(_stores(DROPPING))

    assert {each.at.path.stem for each in found} == DROPPING.keys()
    assert all(each.message.endswith("does not keep the new title of a stored thread") for each in found)


def test_a_title_that_may_be_kept_keeps_it_quiet(tmp_path: Path) -> None:
    assert not Folder(tmp_path, "CK209").findings(_stores(KEEPING))
