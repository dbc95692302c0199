"""CK306 on the real SDKs: the second turn of a LiteLLM app dies of ChatKit's own converter, and lives after the fix."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from tests.broken.harness import doctor, run_backend
from tests.standin.provider import Provider, converse

if TYPE_CHECKING:
    from pathlib import Path

_SAID = ("Hello, my name is Ada", "I like the sea", "What is my name?")


def with_default_converter(app: Path, folder: Path) -> Path:
    """Return a copy of the mended app that converts its history as ChatKit's documentation does."""
    copy = folder / "rejected"
    shutil.copytree(app, copy)
    server = copy / "backend" / "app" / "server.py"
    text = server.read_text(encoding="utf-8")
    text, count = re.subn(r"class HistoryConverter\(.*?\n\n\n(?=\S)", "", text, flags=re.DOTALL)
    assert count == 1
    text = text.replace("HistoryConverter().to_agent_input", "simple_to_agent_input")
    text = text.replace("ThreadItemConverter", "simple_to_agent_input")
    server.write_text(text, encoding="utf-8")
    return copy


def test_second_turn_fails_before_the_fix_and_three_turns_work_after_it(repaired: Path, tmp_path: Path) -> None:
    app = with_default_converter(repaired, tmp_path)
    with Provider() as provider:
        provider.script = converse
        with run_backend(app / "backend", provider) as chat:
            first = chat.create(_SAID[0])
            assert first.errors == []
            assert chat.say(first.thread_id, _SAID[1]).errors != []
        log = (app / "backend" / "uvicorn.log").read_text()
        assert "agents.exceptions.UserError: Unknown content: {" in log
        assert "'type': 'output_text'" in log

        found = doctor(app, "--format", "concise")
        assert "CK306" in found.stdout
        run = doctor(app, "--fix", "--unsafe-fixes")
        assert run.returncode == 0, run.stdout + run.stderr
        provider.requests.clear()
        with run_backend(app / "backend", provider) as chat:
            first = chat.create(_SAID[0])
            turns = [first, *(chat.say(first.thread_id, each) for each in _SAID[1:])]
        assert [turn.errors for turn in turns] == [[], [], []]
        assert turns[-1].answers[0]["content"][0]["text"] == "Your name is Ada."
