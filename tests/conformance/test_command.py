"""`chatkit-doctor check` as people call it: in a process of its own, and in an interpreter of the project's."""

from __future__ import annotations

import json
import socket
import sys
import threading
import venv
from pathlib import Path

import pytest

from tests.commands import ROOT, Outcome, call
from tests.forked.checks import fork_checks
from tests.projects import write_files

STORE = """
import sys
sys.path.insert(0, {root!r})
from tests.conformance.stores import *

TABLE = {{}}

def make():
    return GoodStore()
"""
USER = ("--context", '{"user_id": "a"}')


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    write_files(folder, {"app/__init__.py": "", "app/store.py": STORE.format(root=str(ROOT))})
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(autouse=True)
def _forked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork all but the first: that is started as people start it, which takes seconds."""
    if request.function is not test_a_good_store_in_words:
        fork_checks(monkeypatch)


def check(*arguments: str) -> Outcome:
    return call("check", *arguments)


def added(project: Path, code: str) -> None:
    with (project / "app" / "store.py").open("a") as file:
        file.write(code)


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_good_store_in_words(project: Path) -> None:
    done = check("app.store:make", *USER, "--context", '{"user_id": "b"}')

    first, *_, last = done.stdout.splitlines()
    assert (done.code, done.stderr) == (0, "")
    assert first.startswith("Checking tests.conformance.stores.GoodStore (app.store:make, openai-chatkit ")
    assert last == "18 passed, 0 failed, 1 skipped."
    assert names(project) == ["app"]


def test_a_bad_store_names_what_when_where_and_the_rule(project: Path) -> None:
    done = check("app.store:OldestFirst", *USER, "--property", "items-newest-first")

    assert done.code == 1
    assert "  fail  the newest items come when the newest are asked for\n" in done.stdout
    assert "        asked for the newest 1 of 3 items, it gives 1\n" in done.stdout
    assert '= shown by: load_thread_items(thread_id, None, 1, "desc", context)\n' in done.stdout
    assert "stores.py:" in done.stdout


def test_json_is_whole(project: Path) -> None:
    done = check("app.store:NoCursor", *USER, "--format", "json")

    document = json.loads(done.stdout)
    assert document["version"] == 1
    assert document["subject"]["kind"] == "store"
    assert document["summary"] == {"passed": 15, "failed": 2, "skipped": 2}
    failed = [each for each in document["properties"] if each["status"] == "fail"]
    assert [each["name"] for each in failed] == ["item-pages", "thread-pages"]
    assert all(each["at"]["path"].endswith("stores.py") and each["fact"] and each["case"] for each in failed)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["app.store"], "is not of the form MODULE:NAME"),
        (["app.none:make"], "app.none cannot be imported: ModuleNotFoundError: No module named 'app.none'"),
        (["app.store:nothing"], "app.store has no nothing"),
        (["app.store:Context"], "makes a dict, which is no Store and no ChatKitServer"),
        (["app.store:TABLE"], "is a dict, and no Store, ChatKitServer, class or factory of one"),
        (["app.store:make", "--context", "{"], "--context takes JSON"),
        (["app.store:make", *USER * 3], "--context can be given twice"),
        (["app.store:make", "--property", "item-page"], "there is no property 'item-page'; the nearest is item-pages"),
        (["app.store:make", "--timeout", "0"], "--timeout takes seconds, more than 0"),
        (["app.store:make", "--python", "/no/python"], "/no/python cannot be run: no such file or directory"),
        (["app.store:make", "--app-dir", "none"], "none: there is no such folder"),
    ],
)
def test_a_call_that_cannot_be_followed_is_one_line(project: Path, arguments: list[str], said: str) -> None:
    done = check(*arguments)

    assert (done.code, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_environment_without_chatkit_is_one_line(project: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"

    done = check("app.store:make", "--python", str(python))

    assert done.code == 2
    assert f"openai-chatkit is not installed for {python}" in done.stderr


def test_a_setting_that_was_taken_away_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///mine.db")
    added(project, "import os\ndef kept():\n    return os.environ['DATABASE_URL']\n")

    done = check("app.store:kept", *USER, "--property", "ids")

    assert done.code == 2
    assert done.stderr.endswith(
        "KeyError: 'DATABASE_URL'; DATABASE_URL is taken away as long as nothing is allowed with --allow\n"
    )


def test_the_data_of_the_project_is_not_touched_unless_it_is_allowed(project: Path) -> None:
    (project / "data").mkdir()
    code = """
import sqlite3
def kept():
    sqlite3.connect("data/chat.db").execute("create table if not exists t (a)").connection.commit()
    return GoodStore()
"""
    added(project, code)

    refused = check("app.store:kept", *USER, "--property", "ids")
    assert refused.code == 2
    assert f"it writes to {project / 'data' / 'chat.db'}; allow it with --allow" in refused.stderr
    assert names(project / "data") == []

    allowed = check("app.store:kept", *USER, "--property", "ids", "--allow", str(project / "data"))
    assert allowed.code == 0, allowed.stderr
    assert names(project / "data") == ["chat.db"]


def test_a_new_database_beside_the_code_is_made_in_scratch(project: Path) -> None:
    (project / "chat.db").write_bytes(b"mine")
    added(
        project,
        'import sqlite3\ndef kept():\n    sqlite3.connect("chat.db").execute("create table if not exists t (a)")\n',
    )
    added(project, "    return GoodStore()\n")

    assert check("app.store:kept", *USER, "--property", "ids").code == 0
    assert (project / "chat.db").read_bytes() == b"mine"


def test_no_host_is_connected_to_and_no_address_is_guessed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://me@db.example.com/chat")
    code = """
import os, socket
assert "DATABASE_URL" not in os.environ
def far():
    socket.create_connection(("192.0.2.1", 443), timeout=5)
"""
    added(project, code)

    done = check("app.store:far")

    assert done.code == 2
    assert "it connects to 192.0.2.1:443; allow it with --allow 192.0.2.1:443" in done.stderr


def test_what_the_code_prints_is_shown_on_request(project: Path) -> None:
    added(project, '\nprint("hello from the project")\n')

    quiet, loud = (check("app.store:make", *USER, "--property", "ids", *more) for more in ((), ("--verbose",)))

    assert "hello from" not in quiet.stdout + quiet.stderr
    assert "hello from the project" in loud.stderr


def test_code_that_ends_the_process_is_one_line(project: Path) -> None:
    added(project, '\nimport os\ndef ends():\n    print("good bye", flush=True)\n    os._exit(7)\n')

    done = check("app.store:ends")

    assert done.code == 2
    assert f"{sys.executable} ended before the check did: good bye" in done.stderr


def test_a_context_is_what_the_class_says_it_is(project: Path) -> None:
    code = """
from dataclasses import dataclass
from chatkit.store import Store
@dataclass
class Who:
    user_id: str
    def get(self, key, default=None): return self.user_id
class Typed(GoodStore, Store[Who]):
    pass
"""
    added(project, code)

    assert check("app.store:Typed", *USER, "--property", "thread-pages").code == 0
    wrong = check("app.store:Typed", "--context", '{"id": 1}', "--property", "thread-pages")
    assert wrong.code == 2
    assert "no Who can be made of the context {'id': 1}" in wrong.stderr


def test_a_server_on_the_machine_is_left_alone_where_it_may_be_a_database(project: Path) -> None:
    with socket.socket() as database:
        try:
            database.bind(("127.0.0.1", 6379))
        except OSError:
            pytest.skip("something listens there")
        database.listen()
        threading.Thread(target=lambda: None, daemon=True).start()
        added(project, '\nimport socket\ndef near():\n    socket.create_connection(("127.0.0.1", 6379))\n')

        assert "it connects to 127.0.0.1:6379" in check("app.store:near").stderr


def test_a_context_without_a_class_is_read_by_key_or_as_attributes(project: Path) -> None:
    code = """
class ByAttribute(GoodStore):
    def of(self, table, context):
        return super().of(table, {"user_id": context.user_id})
class ByNoName(GoodStore):
    def of(self, table, context):
        return super().of(table, {"user_id": context.user})
"""
    added(project, code)

    assert check("app.store:ByAttribute", *USER, "--property", "thread-round-trip").code == 0
    wrong = check("app.store:ByNoName", *USER, "--property", "thread-round-trip", "--property", "item-upsert")
    assert wrong.code == 1
    assert "AttributeError: user" in wrong.stdout
    # Where no thread can be saved, that is said once.
    assert wrong.stdout.endswith("0 passed, 1 failed, 1 skipped.\n")
    assert "a thread cannot be saved, which is another property's" in wrong.stdout
