"""The command as people and scripts call it: its words, its question, its exit codes, and how it is broken off."""

from __future__ import annotations

import importlib.util
import json
import os
import pty
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from chatkit_doctor.verify import conversation
from chatkit_doctor.verify.result import PAGE_CHECKS, TITLES, WRITING_CHECKS, Result, Verification, passed, skipped
from tests.commands import COMMAND, call, environment
from tests.test_startup import TYPER, loaded, third_party
from tests.verify.server import Server

if TYPE_CHECKING:
    from pathlib import Path


def test_every_check_has_a_line_and_the_last_line_counts_them() -> None:
    with Server() as server:
        outcome = call("verify", f"{server.url}/", "--yes")

    first, _, *lines = outcome.stdout.splitlines()
    assert first == f"Checking {server.url}/chatkit"
    assert [line.split("  ")[1] for line in lines[:-2]] == ["pass"] * 14
    titles = [title for name, title in TITLES.items() if name not in PAGE_CHECKS]
    assert all(title in line for title, line in zip(titles, lines, strict=False))
    assert lines[-1] == "14 passed, 0 failed, 0 skipped."
    assert outcome.code == 0


def test_a_failure_is_explained() -> None:
    with Server("forgets") as server:
        outcome = call("verify", server.url, "--yes")

    assert "= page: chatkit-doctor explain CK301 (missing-history)" in outcome.stdout
    assert outcome.stdout.splitlines()[-1] == "13 passed, 1 failed, 0 skipped."


def test_json_is_what_is_promised() -> None:
    with Server("fake ids") as server:
        document = json.loads(call("verify", server.url, "-y", "--format", "json").stdout)

    assert list(document) == ["version", "tool", "url", "checks", "left_behind", "summary"]
    assert document["version"] == 1
    assert document["url"] == f"{server.url}/chatkit"
    assert {tuple(check) for check in document["checks"]} == {("name", "status", "reason", "help", "rule", "seconds")}
    assert document["summary"] == {"passed": 10, "failed": 4, "skipped": 0}


def test_nothing_is_written_where_nobody_can_be_asked() -> None:
    with Server("forgets") as server:
        outcome = call("verify", server.url, "--format", "json")

    checks = {check["name"]: check for check in json.loads(outcome.stdout)["checks"]}
    assert outcome.code == 0
    assert {name for name, check in checks.items() if check["status"] == "skip"} == set(WRITING_CHECKS)
    assert checks["memory"]["reason"] == "messages may not be sent: --yes allows it"
    assert set(server.kinds) == {"threads.list"}


@pytest.mark.parametrize(("typed", "turns"), [("y\n", 2), ("n\n", 0), ("\n", 0), ("\x04", 0)])
def test_at_a_terminal_it_asks_first(typed: str, turns: int, tmp_path: Path) -> None:
    terminal, keyboard = pty.openpty()
    with Server() as server, os.fdopen(terminal, "r+b", buffering=0) as master:
        master.write(typed.encode())
        done = subprocess.run(
            [*COMMAND, "verify", server.url],
            cwd=tmp_path,
            env=environment(),
            stdin=keyboard,
            capture_output=True,
            text=True,
            check=False,
        )
        os.close(keyboard)

    assert "spends the model's tokens. Go on? [y/N]" in done.stderr
    assert done.returncode == 0
    assert len([kind for kind in server.kinds if kind.startswith(("threads.create", "threads.add"))]) == turns
    assert server.threads == {}


def test_broken_off_it_still_deletes_its_thread(tmp_path: Path) -> None:
    with Server("hangs in the stream") as server:
        process = subprocess.Popen(
            [*COMMAND, "verify", server.url, "--yes"],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert server.streaming.wait(20)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)

    assert process.returncode == 130
    assert b"Traceback" not in stderr
    assert server.threads == {}
    assert "threads.delete" in server.kinds


def test_a_crash_of_a_check_leaves_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(conversation, "remembers", crash)
    with Server() as server, pytest.raises(ZeroDivisionError):
        call("verify", server.url, "--yes")
    assert "threads.create" in server.kinds
    assert server.threads == {}


def test_a_server_does_not_steer_the_terminal() -> None:
    with Server("escapes") as server:
        outcome = call("verify", server.url, "--yes", "--color", "never")

    assert "\\x1b" in outcome.stdout
    assert not {"\x1b", "\x07"} & set(outcome.stdout)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ftp://localhost/chatkit"], "not an http address: ftp://localhost/chatkit"),
        (["http://"], "not an http address: http://"),
        (["http://localhost:port"], "not an address"),
        (["http://[::1"], "not an address"),
        (["localhost", "--page", "file:///etc/passwd"], "not an http address"),
        (["localhost", "--header", "nothing"], "--header takes NAME:VALUE"),
        (["localhost", "--header", "A: b\r\nC: d"], "--header takes NAME:VALUE"),
        (["localhost", "--timeout", "0"], "--timeout takes seconds"),
        (["localhost", "--timeout", "nan"], "--timeout takes seconds"),
    ],
)
def test_a_wrong_call_is_one_line_and_2(arguments: list[str], words: str) -> None:
    outcome = call("verify", *arguments)
    assert outcome.code == 2
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("error: ")
    assert words in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_without_httpx_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "httpx" else real(name, *rest))
    outcome = call("verify", "localhost")
    assert outcome.code == 2
    assert outcome.stderr == (
        "error: verify needs httpx, the extra `verify` of chatkit-doctor: pip install 'httpx>=0.27,<1'\n"
    )


def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    assert third_party(loaded(tmp_path, "verify", "--help")) == TYPER
    assert "httpx" not in third_party(loaded(tmp_path, "verify", "ftp://localhost", code=2))


def test_nothing_checked_is_3() -> None:
    run = Verification("http://localhost/chatkit", [Result("reachable", passed(), 0), Result("health", skipped(""), 0)])
    assert run.exit_code == 3
