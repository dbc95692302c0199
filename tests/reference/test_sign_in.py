"""Who may do what: the backend starts in development only where that is said, and believes only what it has signed."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.commands import COMMAND, environment
from tests.forked import programs
from tests.reference.harness import APP, SECRET_KEY, alone, message, running, upload_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import httpx

    from tests.reference.harness import Backend, User

LIST = {"type": "threads.list", "params": {}}
DAY = 24 * 60 * 60


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """Run the backend on its scripted model, in development."""
    with running(tmp_path_factory.mktemp("backend") / "uvicorn.log") as served:
        yield served


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """Run the backend where nobody says that it is in development."""
    folder: Path = tmp_path_factory.mktemp("production")
    with running(folder / "uvicorn.log", DATABASE=str(folder / "chat.db"), ENVIRONMENT="") as served:
        yield served


@pytest.fixture
def ada(backend: Backend) -> Iterator[User]:
    with backend.user("ada") as user:
        yield user


@pytest.fixture
def eve(backend: Backend) -> Iterator[User]:
    with backend.user("eve") as user:
        yield user


@pytest.fixture
def make(module: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that makes a token as the backend does, with any key and at any time."""

    def made(purpose: str, *values: str, key: str = SECRET_KEY, ago: int = 0) -> str:
        with monkeypatch.context() as patched:
            patched.setattr("itsdangerous.TimestampSigner.get_timestamp", lambda _: int(time.time()) - ago)
            return str(module("tokens").Tokens(key).make(purpose, *values))

    return made


def started(**settings: str) -> subprocess.CompletedProcess[str]:
    """Import the app, as every server does that is to run it."""
    return programs.run(["-c", "import app.main"], APP / "backend", alone(**settings))


def listed(http: httpx.Client, **headers: str) -> int:
    return http.post("/chatkit", json=LIST, headers=headers).status_code


def sent(http: httpx.Client, address: str, mime_type: str = "text/plain") -> int:
    """Return the status of the answer to an upload."""
    return http.post(address, files={"file": ("a.txt", b"Go north.", mime_type)}).status_code


@pytest.mark.parametrize("said", ["", "production", "dev", "DEVELOPMENT"])
@pytest.mark.parametrize("key", ["", "too short to keep anybody out"])
def test_without_a_word_of_development_it_does_not_start_without_a_secret_key(said: str, key: str) -> None:
    run = started(ENVIRONMENT=said, SECRET_KEY=key)

    assert run.returncode == 1
    assert run.stderr.startswith("SECRET_KEY is not set, or shorter than 32 characters.")
    assert "python -m app.dev" in run.stderr
    assert "Traceback" not in run.stderr


def test_the_command_of_development_says_so_and_listens_to_this_machine_alone(
    module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Mapping[str, Any]] = []
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setattr("uvicorn.run", lambda app, **options: calls.append({"app": app, **options}))

    module("dev").main()

    assert os.environ["ENVIRONMENT"] == "development"
    assert calls == [{"app": "app.main:app", "host": "127.0.0.1", "port": 8000, "reload": True}]


def test_in_production_nobody_is_let_in_but_by_their_password(production: Backend) -> None:
    with production.stranger() as stranger:
        assert stranger.post("/sign-in", json={"name": "ada"}).status_code == 401

        told = production.accounts("ada")
        password = told.removeprefix("The password of ada: ")
        assert len(password) >= 22
        for name, given in (("ada", ""), ("ada", "guess"), ("ada", password.upper()), ("eve", password), ("eve", "")):
            answer = stranger.post("/sign-in", json={"name": name, "password": given})
            assert (answer.status_code, answer.json()) == (401, {"detail": "There is no such name and password."})

        with production.user("ada", password) as ada:
            assert ada.create("Hello").errors == []

        assert production.accounts("ada") != told
        assert stranger.post("/sign-in", json={"name": "ada", "password": password}).status_code == 401
        assert production.accounts("ada", "--remove") == "ada cannot sign in any more"
        assert production.accounts("ada", "--remove") == "There is no ada"


def test_in_production_nothing_is_shown_to_developers(production: Backend, make: Callable[..., str]) -> None:
    with production.stranger() as stranger:
        assert stranger.get("/health").status_code == 200
        assert stranger.get("/debug/threads").status_code == 404
        session = {"Authorization": f"Bearer {make('session', 'ada')}"}
        assert listed(stranger, **session) == 200
        assert stranger.get("/debug/threads", headers=session).status_code == 404


@pytest.mark.parametrize("host", ["elsewhere.example", "elsewhere.example:8000", "localhost.elsewhere.example", ""])
def test_in_development_no_page_of_another_name_gets_an_answer(backend: Backend, host: str) -> None:
    with backend.stranger() as stranger:
        assert stranger.get("/debug/threads").status_code == 200
        assert stranger.get("/debug/threads", headers={"Host": host}).status_code == 400
        assert stranger.post("/sign-in", json={"name": "ada"}, headers={"Host": host}).status_code == 400


def test_whoever_has_not_signed_in_is_told_to(backend: Backend) -> None:
    with backend.stranger() as stranger:
        assert listed(stranger) == 401
        assert sent(stranger, "/files") == 401
        # The id of a user, which was enough once.
        assert listed(stranger, **{"X-User-Id": "ada"}) == 401
        answer = stranger.post("/chatkit", json=LIST)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json() == {"detail": "sign in first"}


def test_a_session_is_believed_as_it_was_signed_for_a_week(backend: Backend, make: Callable[..., str]) -> None:
    good = make("session", "ada")
    payload, _, signed = good.partition(".")
    bad = {
        "forged": "WyJhZGEiXQ.aSNoYQ.AAAA",
        "of-another-user": make("session", "eve").partition(".")[0] + "." + signed,
        "cut": good[:-2],
        "unsigned": payload,
        "foreign": make("session", "ada", key="the key of another server, as long as ours"),
        "of-development": make("session", "ada", key="development"),
        "expired": make("session", "ada", ago=7 * DAY + 60),
        "of-the-future": make("session", "ada", ago=-DAY),
        "link-to-upload": make("upload", "ada", "attachment_x"),
        "name": "ada",
        "letters": "é.é.é",
        "nothing": "",
    }
    with backend.stranger() as http:
        for name, token in bad.items():
            header = f"Bearer {token}".strip().encode("latin-1")
            for path in ("/chatkit", "/files"):
                answer = http.post(path, json=LIST, headers={b"Authorization": header})
                assert answer.status_code == 401, name
        for scheme in ("Basic", "bearer:", ""):
            assert listed(http, Authorization=f"{scheme} {good}".strip()) == 401
        assert listed(http, Authorization=f"Bearer {good}") == 200
        assert listed(http, Authorization=f"Bearer {make('session', 'ada', ago=7 * DAY - 60)}") == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"garbage",
        b"\xff",
        b'{"name": ""}',
        b'{"name": "  "}',
        b'{"name": null}',
        b'{"name": "ada", "password": null}',
        b'{"name": "ada", "password": NaN}',
        rb'{"name": "\ud800", "password": "my password"}',
        rb'{"name": "ada", "password": "my password\ud800"}',
        b'{"name": "%s", "password": "my password"}' % (b"a" * 101),
        b'{"name": "ada", "password": "my password%s"}' % (b"a" * 200),
    ],
)
def test_what_is_no_name_and_password_is_refused_and_not_repeated(backend: Backend, body: bytes) -> None:
    with backend.stranger() as http:
        answer = http.post("/sign-in", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]
    assert "my password" not in answer.text


def test_a_name_is_the_same_with_blanks_around_it(backend: Backend) -> None:
    with backend.user("grace") as grace, backend.user(" grace ") as same:
        thread_id = grace.create("Hello").thread_id
        assert [thread["id"] for thread in same.ask("threads.list")["data"]] == [thread_id]


def test_a_link_to_upload_is_believed_as_it_was_signed_for_a_while(
    backend: Backend, ada: User, make: Callable[..., str]
) -> None:
    record = ada.ask("attachments.create", name="a.png", size=9, mime_type="image/png")
    file = record["id"]
    bad = {
        "forged": "WyJhZGEiXQ.aSNoYQ.AAAA",
        "the-id": file,
        "foreign": make("upload", "ada", file, key="the key of another server, as long as ours"),
        "expired": make("upload", "ada", file, ago=15 * 60 + 60),
        "to-view": record["preview_url"].rpartition("/")[2],
        "session": ada.http.headers["Authorization"].removeprefix("Bearer "),
    }
    with backend.stranger() as http:
        for name, link in bad.items():
            assert sent(http, f"/files/{link}") == 403, name
        assert sent(http, f"/files/{make('upload', 'eve', file)}") == 404
        assert sent(http, f"/files/{make('upload', 'ada', file, ago=15 * 60 - 60)}") == 204
        assert sent(http, f"/files/{make('upload', 'ada', file)}") == 409


def test_a_file_is_seen_by_its_link_alone(backend: Backend, ada: User, make: Callable[..., str]) -> None:
    record = ada.http.post("/files", files={"file": ("a.png", b"\x89PNG", "image/png")}).raise_for_status().json()
    file = record["id"]
    with backend.stranger() as http:
        for link in (file, make("upload", "ada", file), make("view", "ada", file, key="development")):
            assert http.get(f"/files/{link}").status_code == 403
        assert http.get(f"/files/{make('view', 'eve', file)}").status_code == 404
        # It is kept in the message, and has to last.
        assert http.get(f"/files/{make('view', 'ada', file, ago=1000 * DAY)}").content == b"\x89PNG"
        answer = http.get(record["preview_url"])
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_files_of_another_user_are_not_there(ada: User, eve: User) -> None:
    record = ada.ask("attachments.create", name="a.txt", size=9, mime_type="text/plain")
    assert sent(ada.http, upload_url(record)) == 204

    turn = eve.stream("threads.create", input=message("Read this", record["id"]))
    assert [error["message"].partition(" is")[0] for error in turn.errors] == ["This chat or its file"]
    assert eve.status("attachments.delete", attachment_id=record["id"]) == 404
    assert ada.stream("threads.create", input=message("Read this", record["id"])).errors == []


@pytest.mark.parametrize(("path", "status"), [("/files", 401), ("/files/x", 403), ("/chatkit", 401)])
def test_nothing_is_read_of_what_nobody_may_send(backend: Backend, path: str, status: int) -> None:
    assert backend.answer_before_the_body(path, 1000).startswith(f"HTTP/1.1 {status} ")


def test_the_readme_says_how_to_check_the_app_as_a_user(backend: Backend) -> None:
    readme = (APP / "README.md").read_text()
    (block,) = (each for each in readme.split("```")[1::2] if "chatkit-doctor verify" in each)
    script = block.replace("http://localhost:8000", backend.url).replace("chatkit-doctor", shlex.join(COMMAND))

    run = subprocess.run(["bash", "-ec", script], env=environment(), capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "  pass  a turn is streamed" in run.stdout
