"""Sound projects in shapes that lie near to what rules look for, and fixes that would break what stands around."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_IMPORTS = """\
from datetime import datetime, timezone
from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import AssistantMessageItem, Page, ThreadItemDoneEvent, ThreadMetadata
"""
_PAGES = """\
        start = [row.id for row in rows].index(after) + 1 if after else 0
        page = rows[start : start + limit]
        more = start + limit < len(rows)
        return Page(data=page, has_more=more, after=page[-1].id if more else None)
"""
_STAMPED_BY_THE_STORE = f"""\
{_IMPORTS}
class MemoryStore(Store[dict]):
    def __init__(self):
        self.threads, self.stamps = {{}}, {{}}

    async def save_thread(self, thread, context):
        self.threads[thread.id] = thread
        self.stamps[thread.id] = datetime.now()

    async def load_threads(self, limit, after, order, context):
        rows = sorted(self.threads.values(), key=lambda row: KEY, reverse=order == "desc")
{_PAGES}"""
_UPDATES = f"""\
{_IMPORTS}
class MemoryStore(Store[dict]):
    def __init__(self):
        self.threads = {{}}

    async def save_thread(self, thread, context):
        known = self.threads.get(thread.id, thread)
        self.threads[thread.id] = known.model_copy(update=UPDATE)

    async def load_threads(self, limit, after, order, context):
        rows = list(self.threads.values()) if order == "asc" else list(self.threads.values())[::-1]
{_PAGES}"""
_MAPPED = f"""\
{_IMPORTS}
def _aware(item):
    return item.model_copy(update={{"created_at": item.created_at.replace(tzinfo=timezone.utc)}})


class MemoryStore(Store[dict]):
    def __init__(self):
        self.items = {{}}

    async def add_thread_item(self, thread_id, item, context):
        self.items.setdefault(thread_id, []).append(item)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        rows = list(map(MADE, self.items[thread_id]))
        rows = sorted(rows, key=lambda item: item.created_at, reverse=order == "desc")
{_PAGES}

class Server(ChatKitServer[dict]):
    async def respond(self, thread, item, context):
        now = datetime.now(timezone.utc)
        yield ThreadItemDoneEvent(item=AssistantMessageItem(id="", thread_id=thread.id, created_at=now, content=[]))


server = Server(MemoryStore())
"""
_SAVES = f"""\
{_IMPORTS}
from models import Thread


class SqlStore(Store[dict]):
    async def save_thread(self, thread, context):
        BODY
"""
_JSON = f"""\
{_IMPORTS}
from sqlalchemy import JSON, Column, String
from sqlalchemy.orm import declarative_base


class Row(declarative_base()):
    __tablename__ = "rows"
    id = Column(String, primary_key=True)
    data = Column(JSON)


class SqlStore(Store[dict]):
    async def load_thread(self, thread_id, context):
        async with self.sessions() as session:
            row = await session.get(Row, thread_id)
            row.data["title"] = row.data.get("title") or "Chat"
            LAST
"""
_COPIES = """\
from agents import Agent, Runner
from chatkit.agents import simple_to_agent_input
from chatkit.server import ChatKitServer
from chatkit.types import UserMessageTextContent

agent = Agent(name="Agent")


def remade(message):
    return message.model_copy(update={"content": CONTENT})


class Server(ChatKitServer[dict]):
    async def respond(self, thread, item, context):
        page = await self.store.load_thread_items(thread.id, None, 20, "desc", context)
        items = list(reversed(page.data))
        if item is not None:
            items.append(remade(item))
        result = Runner.run_streamed(agent, await simple_to_agent_input(items))
        yield result
"""
_ADDS_TO_THREADS = """
from chatkit.server import ChatKitServer
from chatkit.types import FileAttachment, ThreadMetadata


class OwnThread(BASE):
    owner: str = ""


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        yield self.answer(thread.owner, message)
"""
_RUNS_IT = """
from chatkit.server import ChatKitServer
from chatkit.store import Store

from background import task


class MyStore(Store[dict]):
    DECORATOR
    async def save_item(self, thread_id, item, context):
        await self.database.put(item)


class Server(ChatKitServer[dict]):
    def __init__(self):
        super().__init__(MyStore())

    async def respond(self, thread, message, context):
        self.store.save_item(thread.id, message, context)
        yield self.answer(thread)
"""
_INSERTS = """
import asyncpg
from chatkit.store import Store


class PostgresStore(Store[dict]):
    async def save_thread(self, thread, context):
        try:
            await self.pool.execute("INSERT INTO threads VALUES ($1, $2)", thread.id, thread.model_dump_json())
        except asyncpg.UniqueViolationError:
            LAST
"""
_LEFT_TO_SUBCLASSES = """
from chatkit.store import Store


class Base(Store[dict]):
    async def load_threads(self, limit, after, order, context):
        \"\"\"Give the threads of a user.\"\"\"


class SqlStore(BASE):
    async def load_threads(self, limit, after, order, context):
        return await self.page(limit, after)
"""
_ONE_ID = """
from agents import Agent, Runner
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.server import ChatKitServer

agent = Agent(name="Assistant", model="gpt-5-mini", tools=[weather])


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(agent, "Hi", context=agent_context)
        new_id = self.store.generate_item_id("message", thread, context)
        async for event in stream_agent_response(agent_context, result):
            if event.type == "thread.item.done":
                event.item.id = new_id
                LAST
            yield event
"""
_UTC = """
from datetime import datetime

from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import AssistantMessageItem, Page, ThreadItemDoneEvent


class MemoryStore(Store[dict]):
    def __init__(self):
        self.items = {}

    async def add_thread_item(self, thread_id, item, context):
        STAMP
        self.items[thread_id].append(item)

    async def load_thread_items(self, thread_id, after, limit, order, context):
        return Page(data=sorted(self.items[thread_id], key=lambda item: item.created_at))


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        now = datetime.utcnow()
        yield ThreadItemDoneEvent(item=AssistantMessageItem(id=new(), thread_id=thread.id, created_at=now, content=[]))


server = Server(MemoryStore())
"""
_HINT = '[UserMessageTextContent(type="input_text", text="Answer in French.")]'


def _saving(*lines: str) -> str:
    return _SAVES.replace("BODY", "\n        ".join(lines))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        # Each row has a time of its own, after which the id has nothing to say.
        ("CK207", _STAMPED_BY_THE_STORE.replace("KEY", "(self.stamps[row.id], row.id)")),
        ("CK206", _STAMPED_BY_THE_STORE.replace("KEY", "self.stamps[row.id]")),
        (
            "CK207",
            "import chatkit.store\nchatkit.store.default_generate_id = of_time\n"
            + _STAMPED_BY_THE_STORE.replace("KEY", "row.id"),
        ),
        ("CK209", _UPDATES.replace("UPDATE", '{"title": thread.title, "metadata": thread.metadata}')),
        ("CK209", _UPDATES.replace("UPDATE", "changes_of(thread)")),
        ("CK219", _MAPPED.replace("MADE", "_aware")),
        # The rest is kept in a file, or set under names that are not written out.
        (
            "CK209",
            _saving(
                '(self.root / f"{thread.id}.json").write_text(thread.model_dump_json())',
                'self.db.execute("UPDATE threads SET updated_at = ? WHERE id = ?", (thread.created_at, thread.id))',
            ),
        ),
        (
            "CK209",
            _saving(
                "row = await Thread.objects.aget(id=thread.id)",
                "row.updated_at = datetime.now()",
                'for key, value in thread.model_dump(mode="json").items():',
                "    setattr(row, key, value)",
                "await row.asave()",
            ),
        ),
        (
            "CK209",
            _saving(
                "row = await self.session.get(Thread, thread.id)",
                "row.__dict__.update(title=thread.title)",
                "row.updated_at = datetime.now()",
                "await self.session.commit()",
            ),
        ),
        # What is changed is what is given, and nothing is stored.
        ("CK215", _JSON.replace("LAST", "return ThreadMetadata.model_validate(row.data)")),
        ("CK115", _ADDS_TO_THREADS.replace("BASE", "ThreadMetadata")),
        ("CK209", _INSERTS.replace("LAST", "await self.update(thread)")),
        ("CK213", _LEFT_TO_SUBCLASSES.replace("BASE", "Base")),
        ("CK219", _UTC.replace("STAMP", "item.created_at = datetime.utcnow()")),
        ("CK219", _UTC.replace("STAMP", 'item = item.model_copy(update={"created_at": datetime.utcnow()})')),
        ("CK219", _UTC.replace("STAMP", 'os.environ.setdefault("TZ", "UTC")')),
        ("CK303", _ONE_ID.replace("LAST", "yield event; break")),
        ("CK309", _RUNS_IT.replace("DECORATOR", "@task")),
        # A note for the model in the place of the message is not the message.
        ("CK305", _COPIES.replace("CONTENT", _HINT)),
    ],
)
def test_sound_code_is_quiet(code: str, text: str, tmp_path: Path) -> None:
    assert Folder(tmp_path, code).findings(text) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("CK207", _STAMPED_BY_THE_STORE.replace("KEY", "row.id")),
        ("CK209", _UPDATES.replace("UPDATE", '{"status": thread.status}')),
        ("CK219", _MAPPED.replace("MADE", "dict")),
        (
            "CK209",
            _saving('self.db.execute("UPDATE threads SET updated_at = ? WHERE id = ?", (datetime.now(), thread.id))'),
        ),
        ("CK215", _JSON.replace("LAST", "await session.commit(); return ThreadMetadata.model_validate(row.data)")),
        ("CK115", _ADDS_TO_THREADS.replace("BASE", "FileAttachment")),
        ("CK209", _INSERTS.replace("LAST", "raise")),
        ("CK213", _LEFT_TO_SUBCLASSES.replace("BASE", "Store[dict]")),
        ("CK219", _UTC.replace("STAMP", "row.created_at = item.created_at")),
        ("CK303", _ONE_ID.replace("LAST", "pass")),
        ("CK309", _RUNS_IT.replace("DECORATOR", "# plain")),
        ("CK305", _COPIES.replace("CONTENT", f"[*message.content, *{_HINT}]")),
    ],
)
def test_what_they_lie_near_to_is_found(code: str, text: str, tmp_path: Path) -> None:
    assert len(Folder(tmp_path, code).findings(text)) == 1


_ROUTE = """\
from chatkit.server import ChatKitServer
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from store import MemoryStore

app = FastAPI()
store = MemoryStore()


class Server(ChatKitServer[dict]):
    async def respond(self, thread, item, context):
        yield


server = Server(store)


@app.post("/chatkit")
async def chatkit(request: Request):
    return StreamingResponse(await server.process(await request.body(), {}), media_type="text/event-stream")
"""
_STORE = """\
from chatkit.store import Store


class MemoryStore(Store[dict]):
    def __init__(self):
        self.threads = {}

    async def save_thread(self, thread, context):
        self.threads[thread.id] = thread.model_copy()

    async def load_thread(self, thread_id, context):
        return self.threads[thread_id].model_copy()
"""
_WRITTEN_AT_THE_END = """\

@app.on_event("shutdown")
def keep():
    Path("threads.json").write_text(json.dumps({key: each.model_dump() for key, each in store.threads.items()}))
"""
_CHAT = """\
import { ChatKit, useChatKit } from '@openai/chatkit-react'
export function Chat() {
  const { control } = useChatKit({
    api: { url: 'http://localhost:PORT/chatkit', domainKey: 'local-dev' },
    initialThread: localStorage.getItem('thread'),
    onThreadChange: ({ threadId }) => { if (threadId) localStorage.setItem('thread', threadId) },
  })
  return <ChatKit control={control} />
}
"""
_NEEDS = {"web/package.json": '{"dependencies": {"@openai/chatkit-react": "1.4.0", "react": "19.0.0"}}'}
_OF_ONE_FILE = _STORE + _ROUTE.replace("from store import MemoryStore\n", "")
_TOOLS = """\
import uvicorn
from mcp.server.fastmcp import FastMCP

uvicorn.run(FastMCP("tools").streamable_http_app(), port=9001)
"""
_STARTS = '\nimport uvicorn\n\nif __name__ == "__main__":\n    uvicorn.run(app, port=9001)\n'


@pytest.mark.parametrize(("more", "count"), [(_WRITTEN_AT_THE_END, 0), ("", 1)])
def test_threads_that_are_written_down_when_the_server_stops_are_kept(more: str, count: int, tmp_path: Path) -> None:
    files = {**_NEEDS, "web/Chat.tsx": _CHAT.replace("PORT", "8000"), "main.py": _OF_ONE_FILE + more}
    assert len(Folder(tmp_path, "CK802").findings(files)) == count


@pytest.mark.parametrize(
    ("files", "port", "count"),
    [
        # A server of tools is not the backend, whose port nobody writes.
        ({"tools.py": _TOOLS, "main.py": _ROUTE}, "8002", 0),
        # By hand it is started where uvicorn listens by itself.
        ({"main.py": _ROUTE + _STARTS}, "8000", 0),
        ({"main.py": _ROUTE + _STARTS}, "8002", 1),
        ({"run.py": "from main import app\n" + _STARTS, "main.py": _ROUTE}, "8002", 1),
        ({"run.py": 'import uvicorn\nuvicorn.run("main:app", port=9001)\n', "main.py": _ROUTE}, "8002", 1),
        ({"Procfile": "web: uvicorn main:app --port 9001\n", "main.py": _ROUTE}, "8000", 1),
        ({"Procfile": "web: gunicorn -b 0.0.0.0:9001 main:app\n", "main.py": _ROUTE}, "8002", 1),
        ({"Procfile": "tools: uvicorn tools:app --port 9001\n", "main.py": _ROUTE, "tools.py": ""}, "8002", 0),
    ],
)
def test_the_port_of_another_server_is_not_the_backends(
    files: dict[str, str], port: str, count: int, tmp_path: Path
) -> None:
    page = {**_NEEDS, "web/Chat.tsx": _CHAT.replace("PORT", port), "store.py": _STORE}
    assert len(Folder(tmp_path, "CK805").findings(page | files)) == count


_UPLOADS = """\
import { useChatKit } from '@openai/chatkit-react'
export function Chat() {
  const fetch_ = (input, init) => { FETCH }
  const uploadStrategy = { type: 'direct', uploadUrl: '/upload' }
  return useChatKit({ api: { url: '/chatkit', domainKey: 'k', uploadStrategy, fetch: fetch_ } })
}
"""
_SET = "const headers = new Headers(init.headers); headers.set('Content-Type', 'application/json');"
_SEND = "return fetch(input, { ...init, headers })"


@pytest.mark.parametrize(
    ("code", "count"),
    [
        (f"{_SET} {_SEND}", 1),
        (f"{_SET} if (typeof init.body !== 'string') headers.delete('Content-Type'); {_SEND}", 0),
        (f"{_SET} {_SEND.replace('headers }', 'headers, body: JSON.stringify({}) }')}", 0),
    ],
)
def test_a_type_that_is_taken_back_for_uploads_is_not_forced_on_them(code: str, count: int, tmp_path: Path) -> None:
    files = {"package.json": _NEEDS["web/package.json"], "Chat.tsx": _UPLOADS.replace("FETCH", code)}
    assert len(Folder(tmp_path, "CK422").findings(files)) == count


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("await self.threads.insert_one({'_id': thread.id, 'body': thread.model_dump()})", True),
        ("made = await self.threads.insert_one({'_id': thread.id, 'body': thread.model_dump()})", False),
        ("await Thread.objects.acreate(id=thread.id, body=thread.model_dump())", True),
        ("await Thread.objects.acreate(id=thread.id,  # the key\n            body=thread.model_dump())", False),
        ("made = await Thread.objects.acreate(id=thread.id, body=thread.model_dump())", False),
    ],
)
def test_what_an_insertion_gives_is_not_given_by_what_replaces(line: str, mended: bool, tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK209")
    assert (folder.fixed(_saving(line)) is not None) is mended


@pytest.mark.parametrize(("setting", "count"), [("RunConfig(model_provider=OpenRouter())", 0), ("RunConfig()", 1)])
def test_providers_may_be_chosen_in_a_file_without_chatkit(setting: str, count: int, tmp_path: Path) -> None:
    server = """
    from agents import Agent, Runner
    from chatkit.server import ChatKitServer
    from configuration import run_config

    class Server(ChatKitServer[dict]):
        async def respond(self, thread, message, context):
            agent = Agent(name="Assistant", model="openrouter/z-ai/glm-5")
            yield self.events(Runner.run_streamed(agent, "Hi", run_config=run_config))
    """
    files = {"server.py": server, "configuration.py": f"from agents import RunConfig\nrun_config = {setting}\n"}

    assert len(Folder(tmp_path, "CK316").findings(files)) == count


_LISTENS = """const element = document.querySelector('openai-chatkit')
element.addEventListener('chatkit:ready', begin)
element.removeEventListener('chatkit:ready', begin)
"""
_HANDLES = """import { useChatKit } from '@openai/chatkit-react'
export const useChat = ({ api, onChatkitError, onError }) => useChatKit({ api, onChatkitError, onError })
"""
_METHOD = """import { useChatKit } from '@openai/chatkit-react'
export const useChat = ({ api, keep }) => useChatKit({ api, async onChatkitThreadChange() { await keep() } })
"""
_LOADS = """
import json
from chatkit.server import ChatKitServer
from fastapi import APIRouter, Request

router = APIRouter()


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        yield self.event(message)


server = Server(store)


@router.post("/chatkit")
async def chatkit(request: Request):
    body = json.loads(
        await request.body()  # all of it
    )
    return await server.process(body, {})
"""
_PARTS = """
from agents import Agent, Runner
from chatkit.server import ChatKitServer

agent = Agent(name="Assistant", model="gpt-5-mini")


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        messages = [{"role": "user", "content": [{"type": u"text", "text": message.content[0].text}]}]
        yield self.event(Runner.run_streamed(agent, messages))
"""


@pytest.mark.parametrize(
    ("code", "path", "text", "fixed"),
    [
        # What is put there under another name is taken off under that name.
        ("CK411", "chat.js", _LISTENS, _LISTENS.replace("chatkit:ready", "chatkit.ready")),
        # Two of one name, or a program that is gone, are no fix, and neither is a comment that is lost.
        ("CK411", "chat.jsx", _HANDLES, None),
        ("CK411", "chat.jsx", _METHOD, None),
        ("CK701", "app.py", _LOADS, None),
        ("CK113", "app.py", _PARTS, _PARTS.replace('u"text"', '"input_text"')),
    ],
)
def test_a_fix_keeps_what_stands_around(code: str, path: str, text: str, fixed: str | None, tmp_path: Path) -> None:
    folder = Folder(tmp_path, code)
    packages = '{"dependencies": {"@openai/chatkit": "^1.9.0", "@openai/chatkit-react": "^1.6.1"}}'
    files = {path: text, "package.json": packages}

    assert folder.findings(files)
    assert folder.fixed(files, path) == fixed
