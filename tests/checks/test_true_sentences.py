"""Sentences that are true of one shape of a mistake and not of another: each finding says those of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.reports.model import Reported
from chatkit_doctor.scanning.flow import Options, run
from tests.checks.scanning import Folder
from tests.projects import write_exactly

_STORE = """\
    from datetime import datetime, timezone

    from chatkit.server import ChatKitServer
    from chatkit.store import NotFoundError, Store
    from chatkit.types import AssistantMessageItem, Page, ThreadMetadata


    class MemoryStore(Store[dict]):
        def __init__(self):
            self.threads = {}
            self.items = {}

        async def load_thread(self, thread_id, context):
            if thread_id not in self.threads:
                raise NotFoundError(thread_id)
            return self.threads[thread_id]

        async def save_thread(self, thread, context):
            self.threads[thread.id] = thread

        async def load_threads(self, limit, after, order, context):
            rows = sorted(self.threads.values(), key=lambda each: each.created_at, reverse=order == "desc")
            return Page(data=rows[:limit], has_more=False)

        async def add_thread_item(self, thread_id, item, context):
            self.items.setdefault(thread_id, []).append(item)

        async def load_thread_items(self, thread_id, after, limit, order, context):
            rows = sorted(self.items.get(thread_id, []), key=lambda each: each.created_at, reverse=order == "desc")
            return Page(data=rows[:limit], has_more=False)


    class Server(ChatKitServer[dict]):
        async def respond(self, thread, item, context):
            REST


    server = Server(MemoryStore())
"""


def _why(tmp_path: Path, code: str, rest: str) -> str:
    (found,) = Folder(tmp_path, code).findings(_STORE.replace("REST", rest))
    return Reported(found, page(code), Severity.ERROR).why


def test_a_list_of_threads_is_not_told_as_a_thread(tmp_path: Path) -> None:
    rest = 'await self.store.save_thread(ThreadMetadata(id="a", created_at=datetime.now(timezone.utc)), context)'
    assert "no list of threads can be loaded" in _why(tmp_path, "CK219", rest)


def test_a_thread_is_not_told_as_a_list(tmp_path: Path) -> None:
    rest = 'yield AssistantMessageItem(id="a", thread_id=thread.id, created_at=datetime.now(timezone.utc), content=[])'
    assert "so that the thread cannot be loaded" in _why(tmp_path, "CK219", rest)


def test_a_whole_thread_is_told_neither_as_a_list_nor_as_a_dict(tmp_path: Path) -> None:
    why = _why(tmp_path, "CK213", 'thread.title = "New"\n            yield None')
    assert why.startswith("The server makes a Thread of what is loaded")


def test_one_mistake_in_data_that_two_calls_hand_over_counts_once(tmp_path: Path) -> None:
    page_text = """\
<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js"></script>
<openai-chatkit></openai-chatkit>
<script type="module">
  const tools = [{ id: "a", label: "a", icon: "bolt", hint: "x" }, { id: "b", label: "b", icon: "bolt", hint: "y" }];
  console.log(tools);
  function draw(url) {
    document.querySelector("openai-chatkit").setOptions({ api: { url, domainKey: "k" }, composer: { tools } });
  }
  draw("/one");
  draw("/other");
</script>
"""
    write_exactly(tmp_path, {"index.html": page_text})
    (found,) = run([tmp_path], Options(isolated=True, select=("CK406",))).findings
    assert "2 times in it" in found.label


_ORIGINS = """\
from chatkit.server import ChatKitServer
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=[{}], allow_headers=["*"])


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        yield


server = Server(store)


@app.post("/chatkit")
async def chatkit(request: Request):
    return await server.process(await request.body(), {{}})
"""


@pytest.mark.parametrize(
    ("origins", "count"),
    [
        ('"https://a.app/"', 1),
        ('"https://a.app", "https://a.app/"', 0),
        # Neither is an origin.
        ('"https://a.app/chat", "https://a.app/chat/"', 2),
    ],
)
def test_an_origin_beside_the_one_that_it_means_does_no_harm(origins: str, count: int, tmp_path: Path) -> None:
    assert len(Folder(tmp_path, "CK705").findings(_ORIGINS.format(origins))) == count


@pytest.mark.parametrize(
    ("asked", "wanted"), [("openai-agents==0.6.0", "openai-agents[litellm]"), ("openai-chatkit==1.6.5", "litellm")]
)
def test_a_package_is_added_as_the_fix_says(asked: str, wanted: str, tmp_path: Path) -> None:
    files = {
        "requirements.txt": f"{asked}\n",
        "app.py": "from chatkit.server import ChatKitServer\n"
        "from agents.extensions.models.litellm_model import LitellmModel\n",
    }
    found = [each for each in Folder(tmp_path, "CK602").findings(files) if "litellm" in each.message]
    assert [each.help for each in found] == [f"add {wanted} to requirements.txt"]
    assert [each.fix.title for each in found if each.fix] == [f"add {wanted} to requirements.txt"]
    assert wanted in (Folder(tmp_path, "CK602").fixed(files, "requirements.txt") or "")


_COPIED = """\
from chatkit.server import ChatKitServer
from chatkit.types import UserMessageItem


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        own = self.store.generate_item_id("message", thread, context)
        item = UserMessageItem(id=own, thread_id=thread.id, content=message.content)
        await self.store.add_thread_item(thread.id, item, context)
        page = await self.store.load_thread_items(thread.id, None, 10, "desc", context)
        yield answer([each for each in page.data if LEFT])
"""


@pytest.mark.parametrize(("left", "is_fixed"), [("each.id != own", False), ("each.content", True)])
def test_a_copy_that_is_told_apart_by_its_id_is_not_just_left_out(left: str, is_fixed: bool, tmp_path: Path) -> None:
    (found,) = Folder(tmp_path, "CK305").findings(_COPIED.replace("LEFT", left))
    assert (found.fix is not None) is is_fixed
