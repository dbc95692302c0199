"""CK305: a history that is read past the store, and the new message put beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

MODELS = """
from sqlalchemy import Column, String
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Message(Base):
    __tablename__ = "messages"

    id = Column(String, primary_key=True)
    thread_id = Column(String)
    role = Column(String)
    content = Column(String)
"""
APP = """
from agents import Agent, Runner
from chatkit.server import ChatKitServer
from chatkit.store import Store
from models import Message
from sqlalchemy import select, text

agent = Agent(name="Assistant", model="gpt-5-mini")


class MyStore(Store[dict]):
    async def add_thread_item(self, thread_id, item, context):
        {adds}


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        rows = {reads}
        messages = [{{"role": row["role"], "content": row["content"]}} for row in rows]
        messages.append({{"role": "user", "content": message.content[0].text}})
        yield self.event(Runner.run_streamed(agent, messages))
"""
SQL = "await self.pool.execute('INSERT INTO messages (id, thread_id) VALUES ($1, $2)', item.id, thread_id)"
ROW = "self.session.add(Message(id=item.id, thread_id=thread_id, content=item.model_dump_json()))"
SUPABASE = "self.client.table('messages').insert({'id': item.id, 'thread_id': thread_id}).execute()"
MONGO = "await self.database.messages.insert_one({'_id': item.id, 'thread_id': thread_id})"
READ = "await self.pool.fetch('SELECT role, content FROM {} WHERE thread_id = $1 {}', thread.id)"
QUERY = "self.session.execute(select(Message).where({}).order_by(Message.id)).scalars().all()"


@pytest.mark.parametrize(
    ("adds", "reads", "is_found"),
    [
        (SQL, READ.format("messages", "ORDER BY created_at"), True),
        (SQL, "reversed(" + READ.format("messages", "ORDER BY created_at DESC LIMIT 20") + ")", True),
        (SQL, "self.session.execute(text('SELECT * FROM messages ORDER BY id')).mappings()", True),
        (ROW, QUERY.format("Message.thread_id == thread.id"), True),
        (ROW, "self.session.query(Message).filter(Message.thread_id == thread.id).all()", True),
        (SUPABASE, "self.client.table('messages').select('*').eq('thread_id', thread.id).execute().data", True),
        (MONGO, "await self.database.messages.find({'thread_id': thread.id}).to_list(100)", True),
        (SQL, READ.format("log", "ORDER BY created_at"), False),
        (SQL, READ.format("messages", "ORDER BY created_at DESC LIMIT 20 OFFSET 1"), False),
        (SQL, READ.format("messages", "AND id <> $2 ORDER BY created_at"), False),
        (SQL, READ.format("messages", "AND role = $2 ORDER BY created_at"), False),
        (ROW, QUERY.format("Message.id != message.id"), False),
        (ROW, QUERY.format("Message.role == 'assistant'"), False),
        (MONGO, "await self.database.messages.find({'_id': {'$ne': message.id}}).to_list(100)", False),
        (f"if item.type != 'user_message':\n            {SQL}", READ.format("messages", "ORDER BY created_at"), False),
        (
            f"if item.type == 'user_message':\n            return\n        {SQL}",
            READ.format("messages", "ORDER BY created_at"),
            False,
        ),
        ("self.items.append(item)", READ.format("messages", "ORDER BY created_at"), False),
    ],
)
def test_rows_that_the_store_has_added_hold_the_message(adds: str, reads: str, is_found: bool, tmp_path: Path) -> None:
    files = {"models.py": MODELS, "app.py": APP.format(adds=adds, reads=reads)}

    assert bool(Folder(tmp_path, "CK305").findings(files)) is is_found
