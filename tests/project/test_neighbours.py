"""Which apps of a tree have to do with each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.project.neighbours import Halves, reach
from chatkit_doctor.scanning.flow import Options, run
from tests.projects import project_of, write_files

ROOT = Path("/tree")


@pytest.mark.parametrize(
    ("folder", "others", "expected"),
    [
        ("frontend", ["backend"], ["backend"]),
        ("frontend", ["core"], ["core"]),
        ("core", ["server"], ["server"]),
        ("frontend", ["web"], []),
        ("one", ["two"], []),
        ("shop-web", ["shop-server"], ["shop-server"]),
        ("shop-web", ["mail-server"], []),
        ("shop", ["mail-server"], []),
        ("one/frontend", ["one/backend", "two/backend"], ["one/backend"]),
        ("one/frontend", ["two/backend"], []),
        ("apps/web", ["apps/api", "packages/ui"], ["apps/api"]),
        (".", ["api"], ["api"]),
        ("site/chat", ["site"], ["site"]),
    ],
)
def test_the_other_half(folder: str, others: list[str], expected: list[str]) -> None:
    found = Halves([str(ROOT / each) for each in [folder, *others]]).of(str(ROOT / folder))

    assert found == {str(ROOT / each) for each in expected}


def test_two_apps_that_share_a_library_do_not_reach_each_other() -> None:
    one, two, shared = "/tree/one", "/tree/two", "/tree/shared"
    users, used = {shared: {one, two}}, {one: {shared}, two: {shared}}

    assert reach(one, users, used) == {one, shared}
    assert reach(shared, users, used) == {one, two, shared}


SERVER = """
from agents import Agent, Runner
from agents.extensions.models.litellm_model import LitellmModel
from chatkit.agents import AgentContext, stream_agent_response
from chatkit.server import ChatKitServer

assistant = Agent(name="Assistant", model=LitellmModel(model="gemini/gemini-3.5-flash-lite"))


class Server(ChatKitServer[dict]):
    async def respond(self, thread, item, context):
        agent_context = AgentContext(thread=thread, store=self.store, request_context=context)
        result = Runner.run_streamed(assistant, "hello", context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event
"""
RENAMES = """
from chatkit.types import ThreadItemAddedEvent


def renamed(event: ThreadItemAddedEvent) -> None:
    event.item.id = "x"
"""


def codes(paths: list[Path]) -> list[tuple[str, str]]:
    found = run(paths, Options(select=("CK302",))).findings
    return [(each.code, each.at.path.relative_to(Path.cwd()).as_posix()) for each in found]


@pytest.mark.parametrize("manifest", ["requirements.txt", ""])
def test_what_one_backend_does_with_ids_is_nothing_to_another(
    manifest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, {"a/server.py": SERVER, "b/ids.py": RENAMES})
    if manifest:
        write_files(tmp_path, {f"{folder}/{manifest}": "openai-chatkit==1.6.5\n" for folder in "ab"})

    assert codes([Path("a")]) == codes([Path()]) == [("CK302", "a/server.py")]


def test_a_package_that_the_manifest_names_is_within_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "services/api/server.py": SERVER + "\n\nfrom chat_ids.ids import renamed\n",
        "services/api/requirements.txt": "-e ../../packages/chat-ids\n",
        "packages/chat-ids/src/chat_ids/__init__.py": "",
        "packages/chat-ids/src/chat_ids/ids.py": RENAMES,
        "packages/chat-ids/pyproject.toml": '[project]\nname = "chat-ids"\n',
    }
    write_files(tmp_path, files)

    assert codes([Path()]) == []
    write_files(tmp_path, {"services/api/requirements.txt": "openai-chatkit\n"})
    assert codes([Path()]) == [("CK302", "services/api/server.py")]


def test_findings_are_told_once_by_the_app_that_owns_the_file(tmp_path: Path) -> None:
    server = "from chatkit.server import Event\nfrom shared.base import Base\n"
    files = {
        "shared/base.py": "from chatkit.stores import Store\n\n\nclass Base(Store): ...\n",
        "api/main.py": server,
        "api/requirements.txt": "",
        "worker/main.py": server,
        "worker/requirements.txt": "",
    }

    project = project_of(tmp_path, files)
    found = run([tmp_path], Options(select=("CK1",))).findings

    assert [app.folder.name for app in project.apps] == ["api", "shared", "worker"]
    assert [(each.code, each.at.path.parent.name) for each in found] == [
        ("CK102", "api"),
        ("CK101", "shared"),
        ("CK102", "worker"),
    ]
