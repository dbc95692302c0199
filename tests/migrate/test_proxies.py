"""Session routes in Python and PHP with a sign-in, migrated and run on real frameworks: who asks is known behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from textwrap import dedent

import httpx
import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.scanning.flow import Options, run
from tests.commands import call
from tests.migrate.hosted import committed, contents, git
from tests.migrate.signed_in import APPS
from tests.reference.harness import Backend, alone, listen, message, serving, texts, url_of

PYTHON = (sys.executable, "-m")
UVICORN = (*PYTHON, "uvicorn", "--port", "{port}")
PHP = shutil.which("php")
# Debian has it in a package of its own.
PHP_HAS_CURL = (
    bool(PHP) and "curl" in subprocess.run([str(PHP), "-m"], capture_output=True, text=True, check=False).stdout
)
KEY = "known to the two of them"
# How each app is started, in which folder, and where its session route is.
STARTED = {
    "fastapi": ((*UVICORN, "main:app"), "server", "/api/chat/session"),
    "flask": ((*PYTHON, "flask", "run", "-p", "{port}"), ".", "/api/chat/session"),
    "django": ((*PYTHON, "django", "runserver", "--noreload", "{port}"), ".", "/api/chat/session"),
    "django-asgi": ((*UVICORN, "desk.asgi:application"), ".", "/api/chat/session"),
    "async-django": ((*PYTHON, "django", "runserver", "--noreload", "{port}"), ".", "/api/chat/session"),
    "async-django-asgi": ((*UVICORN, "desk.asgi:application"), ".", "/api/chat/session"),
    "starlette": ((*UVICORN, "main:app"), ".", "/api/chat/session"),
    "aiohttp": ((*PYTHON, "aiohttp.web", "-P", "{port}", "main:make_app"), ".", "/api/chat/session"),
    "quart": ((*UVICORN, "app:app"), ".", "/api/chat/session"),
    "php": (("php", "-S", "127.0.0.1:{port}"), ".", "/session.php"),
}
BY_TOKEN = {"fastapi", "starlette", "aiohttp"}


def migrated(root: Path, name: str) -> dict[str, str]:
    """Put an app as it is after its migration, which is done once for all tests, into a folder; return its files."""
    shutil.copytree(_migrated_once(name.removesuffix("-asgi")), root, symlinks=True, dirs_exist_ok=True)
    return {path: data.decode() for path, data in contents(root).items()}


@cache
def _migrated_once(name: str) -> Path:
    root = Path(tempfile.mkdtemp(dir=os.environ["XDG_CACHE_HOME"]))
    outcome = call("migrate", str(committed(root, APPS[name])), "--write")
    assert (outcome.code, outcome.stderr) == (0, "")
    return root


@cache
def _database_of_django(settings: str) -> bytes:
    """Return the database that Django makes for an app with some settings: an empty one, the same for all."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "only_settings.py").write_text(settings, encoding="utf-8")
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "only_settings", "PYTHONPATH": "."}
        subprocess.run([*PYTHON, "django", "migrate", "-v0", "--skip-checks"], cwd=name, env=environment, check=True)
        return (Path(name) / "desk.db").read_bytes()


@contextmanager
def running(root: Path, name: str, **environment: str) -> Iterator[tuple[str, str]]:
    """Run a migrated app; yield its address and the path of its proxy."""
    command, folder, path = STARTED[name]
    with listen() as free:
        url = url_of(free)
    given = os.environ | {"DJANGO_SETTINGS_MODULE": "desk.settings", "PYTHONPATH": "", "NO_PROXY": "127.0.0.1"}
    given |= {"CHATKIT_PROXY_KEY": KEY, "PHP_CLI_SERVER_WORKERS": "4", **environment}
    if "django" in name:
        given["PYTHONPATH"] = "."
        (root / "desk.db").write_bytes(_database_of_django((root / "desk" / "settings.py").read_text("utf-8")))
    port = url.rpartition(":")[2]
    log = root / "app.log"
    with log.open("wb") as written:
        started = [each.replace("{port}", port) for each in command]
        process = subprocess.Popen(started, cwd=root / folder, env=given, stdout=written, stderr=written)
        try:
            _wait(url, log)
            yield url, path
        finally:
            process.terminate()
            process.wait()


def _wait(url: str, log: Path) -> None:
    for _ in range(240):
        try:
            httpx.get(url, trust_env=False, timeout=30)
        except httpx.HTTPError:
            time.sleep(0.25)
        else:
            return
    raise AssertionError(log.read_text())


@contextmanager
def person(url: str, name: str, who: str) -> Iterator[httpx.Client]:
    """Open a browser in which somebody has signed in to an app; nobody where there is no name."""
    with httpx.Client(base_url=url, trust_env=False, timeout=60, headers={"X-CSRF": "known"}) as http:
        if who and name in BY_TOKEN:
            http.headers["Authorization"] = f"Bearer token-of-{who}"
        elif who:
            http.post("/sign-in.php" if name == "php" else "/sign-in", data={"name": who}).raise_for_status()
        yield http


def said(http: httpx.Client, path: str, kind: str, **params: object) -> tuple[str, list[str], int]:
    """Send a message; return the thread, what was answered, and in how many pieces it came."""
    with http.stream("POST", path, json={"type": kind, "params": params}) as answer:
        answer.raise_for_status()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        pieces = list(answer.iter_raw())
    lines = b"".join(pieces).decode().splitlines()
    events = [httpx.Response(200, text=line.removeprefix("data: ")).json() for line in lines if line]
    done = [each["item"] for each in events if each["type"] == "thread.item.done"]
    created = [each["thread"]["id"] for each in events if each["type"] == "thread.created"]
    answers = texts([each for each in done if each["type"] == "assistant_message"])
    return "".join(created), answers, len(pieces)


def threads(http: httpx.Client, path: str) -> list[str]:
    """Return the threads that somebody sees."""
    answer = http.post(path, json={"type": "threads.list", "params": {}}).raise_for_status()
    return [each["id"] for each in answer.json()["data"]]


@pytest.mark.parametrize("name", STARTED)
def test_who_has_signed_in_chats_and_sees_only_what_is_theirs(tmp_path: Path, name: str) -> None:
    if name == "php" and not PHP_HAS_CURL:
        pytest.skip("needs php with curl")
    migrated(tmp_path, name)

    with (
        serving(Backend(tmp_path / "uvicorn.log", alone(ENVIRONMENT="", CHATKIT_PROXY_KEY=KEY), tmp_path)) as server,
        running(tmp_path, name, CHATKIT_SERVER_URL=f"{server.url}/chatkit") as (url, path),
        person(url, name, "ada") as ada,
        person(url, name, "bob" if name in BY_TOKEN else "bób") as bob,
        person(url, name, "") as nobody,
    ):
        assert nobody.post(path, json={"type": "threads.list", "params": {}}).status_code in {401, 403}
        thread, answers, pieces = said(ada, path, "threads.create", input=message("My name is Ada"))
        assert answers == ["Nice to meet you, Ada."]
        assert pieces > 3
        again = said(ada, path, "threads.add_user_message", thread_id=thread, input=message("What is my name?"))
        assert again[1] == ["Your name is Ada."]
        assert threads(ada, path) == [thread]
        assert threads(bob, path) == []
        refused = bob.post(path, json={"type": "threads.get_by_id", "params": {"thread_id": thread}})
        assert refused.status_code >= 400


@pytest.mark.parametrize("name", [each for each in STARTED if each != "php" or PHP_HAS_CURL])
def test_a_server_that_does_not_answer_is_said(tmp_path: Path, name: str) -> None:
    migrated(tmp_path, name)
    with listen() as free:
        nowhere = url_of(free)

    with (
        running(tmp_path, name, CHATKIT_SERVER_URL=f"{nowhere}/chatkit") as (url, path),
        person(url, name, "ada") as ada,
    ):
        answer = ada.post(path, json={"type": "threads.list", "params": {}})

    assert (answer.status_code, answer.json()) == (502, {"error": "the chat's server does not answer"})


@pytest.mark.parametrize("name", APPS)
def test_what_served_the_session_is_gone_and_git_brings_it_back(tmp_path: Path, name: str) -> None:
    before = {path: text.encode() for path, text in _dedented(APPS[name]).items()}
    files = migrated(tmp_path, name)

    own = {path: text for path, text in files.items() if not path.startswith("backend/")}
    for path, text in own.items():
        for gone in ("v1/chatkit/sessions", "sessions.create", "getClientSecret", "client_secret", "OPENAI_API_KEY"):
            assert gone not in text, path
        if path.endswith(".py"):
            compile(text, path, "exec")
    assert [each.message for each in run([tmp_path], Options(min_severity=Severity.WARNING)).findings] == []
    git(tmp_path, "checkout", "--quiet", ".")
    git(tmp_path, "clean", "--quiet", "--force", "-d", "-x")
    assert contents(tmp_path) == before


def _dedented(files: dict[str, str]) -> dict[str, str]:
    return {path: dedent(text).lstrip("\n") for path, text in files.items()}


def test_what_turns_people_away_stays(tmp_path: Path) -> None:
    text = migrated(tmp_path, "flask")["app.py"]

    assert "    # Only for those who have signed in.\n    user = current_user()\n    if not user:\n" in text
    assert 'if request.headers.get("X-CSRF") != "known":' in text
    assert text.rstrip().endswith("return hand_on(user)")
    for gone in ("requests", "no key", "workflow", "payload"):
        assert gone not in text


def test_a_handler_of_fastapi_loses_what_a_request_of_the_chat_does_not_have(tmp_path: Path) -> None:
    files = migrated(tmp_path, "fastapi")

    assert "server/sessions.py" not in files
    main = files["server/main.py"]
    assert (
        '@router.post("/session")\nasync def session(\n    current_user: User = Depends(get_current_user),\n):' in main
    )
    assert 'raise HTTPException(403, "not you")\n    return hand_on(current_user.id)\n' in main
    assert "SessionRequest" not in main
    assert files["server/requirements.txt"].endswith("httpx>=0.27,<1\n")
    # The server that is there has the port that the new one would take.
    assert "http://localhost:8001/chatkit" in files["server/chatkit_proxy.py"]
    assert "port=8001" in files["backend/app/dev.py"]


def test_the_page_sends_along_what_said_who_it_is(tmp_path: Path) -> None:
    page = migrated(tmp_path, "fastapi")["index.html"]

    assert 'url: "/api/chat/session",' in page
    assert 'const token = localStorage.getItem("token");' in page
    assert 'throw new Error("sign in first");' in page
    assert 'headers.set("Authorization", `Bearer ${token}`);' in page


def test_a_plugin_of_wordpress_hands_on_for_the_user_that_wordpress_knows(tmp_path: Path) -> None:
    files = migrated(tmp_path, "wordpress")

    plugin = files["plugin.php"]
    assert "$user_id = get_current_user_id();" in plugin
    assert "\\chatkit_hand_on( $user_id );" in plugin
    assert "api_key" not in plugin
    assert "'permission_callback' => 'is_user_logged_in'" in plugin
    assert "url: chatSettings.session," in files["chat.js"]
    assert 'headers.set("X-WP-Nonce", chatSettings.nonce);' in files["chat.js"]
    if PHP:
        for name in ("plugin.php", "chatkit-proxy.php"):
            subprocess.run([PHP, "-l", str(tmp_path / name)], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        # What the session was made of is asked for by what stays.
        ("flask", "    if not user:\n", "    data = request.get_json()\n    if not user or data['plan'] == 'none':\n"),
        # Who asks is told inside of the block that goes.
        (
            "php",
            "$call = curl_init(",
            "if (true) {\nif ($user === 'mallory') { http_response_code(403); exit; }\n$call = curl_init(",
        ),
    ],
)
def test_what_cannot_be_told_apart_is_left_to_a_person(tmp_path: Path, name: str, old: str, new: str) -> None:
    files = {path: text.replace(old, new) for path, text in _dedented(APPS[name]).items()}
    assert files != _dedented(APPS[name])

    if name == "php":
        files["session.php"] += "}\n"
    outcome = call("migrate", str(committed(tmp_path, files)), "--write")

    assert outcome.code == 0
    assert "hands the chat on" not in outcome.stdout
    assert "somebody who has signed in: tell backend/app/context.py who that is" in outcome.stdout


ROUTER = """
import os
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from openai import OpenAI
{imported}

router = APIRouter()
client = OpenAI()


@router.get("/api/{{owner}}/chat/session")
def begin(owner: str, plan: str, name: Annotated[str, Depends(known)]) -> dict[str, str]:
    if name != owner:
        raise HTTPException(403, "not yours")
    if plan == "free" and not os.getenv("OPENAI_API_KEY"):
        raise HTTPException(500, "no key")
    made = client.beta.chatkit.sessions.create(user=name, workflow={{"id": os.environ["WORKFLOW_ID"]}})
    return {{"client_secret": made.client_secret}}
"""


@pytest.mark.parametrize(
    ("path", "imported", "expected"),
    [
        ("src/api/chat.py", "from src.people import known", "from src.api.chatkit_proxy import hand_on"),
        ("src/api/chat.py", "from ..people import known", "from .chatkit_proxy import hand_on"),
        ("chat.py", "from people import known", "from chatkit_proxy import hand_on"),
    ],
)
def test_the_module_is_imported_as_its_neighbours_are(tmp_path: Path, path: str, imported: str, expected: str) -> None:
    page = APPS["fastapi"]["index.html"].replace('"/api/chat/session"', "`/api/${window.owner}/chat/session`")
    files = {
        "index.html": page,
        "package.json": "{}",
        path: ROUTER.format(imported=imported),
        "people.py": "known = 1\n",
    }

    call("migrate", str(committed(tmp_path, files)), "--write")

    text = (tmp_path / path).read_text(encoding="utf-8")
    assert f"{expected}\n" in text
    # What the chat does not ask with goes, what the path holds stays, and it is asked with POST.
    assert (
        '@router.post("/api/{owner}/chat/session")\ndef begin(owner: str, name: Annotated[str, Depends(known)]):'
        in text
    )
    assert 'raise HTTPException(403, "not yours")\n    return hand_on(name)\n' in text
    assert "url: `/api/${window.owner}/chat/session`," in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", APPS)
def test_no_thread_is_kept_for_the_next_who_signs_in(tmp_path: Path, name: str) -> None:
    files = migrated(tmp_path, name)

    assert not any("initialThread" in text for path, text in files.items() if not path.startswith("backend/"))
