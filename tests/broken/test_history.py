"""What the model is given on the real SDKs: wrong with an error of a rule about history, right after its fix."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.broken.harness import doctor, run_backend
from tests.standin.provider import Provider, converse

if TYPE_CHECKING:
    from pathlib import Path

_SAID = ("Hello, my name is Ada", "I like the sea", "What is my name?")
_RIGHT = [
    ("user", _SAID[0]),
    ("assistant", f"You said: {_SAID[0]}"),
    ("user", _SAID[1]),
    ("assistant", f"You said: {_SAID[1]}"),
    ("user", _SAID[2]),
]


@dataclass(frozen=True, slots=True)
class Error:
    """An error planted in the mended server: replacements, and what the model is then given in the third turn."""

    code: str
    edits: tuple[tuple[str, str], ...]
    heard: list[tuple[str, str]]
    kept: tuple[tuple[str, str], ...] = tuple(_RIGHT)


_CONVERTED = "HistoryConverter().to_agent_input(list(reversed(page.data)))"
_ERRORS = (
    Error(
        "CK304",
        (('limit=50, order="desc"', 'limit=3, order="asc"'), ("list(reversed(page.data))", "page.data")),
        heard=_RIGHT[:3],
        # The limit is the app's to choose.
        kept=tuple(_RIGHT[-3:]),
    ),
    Error(
        "CK305",
        ((_CONVERTED, f"{_CONVERTED[:-1]} + [input])"),),
        heard=[*_RIGHT, _RIGHT[-1]],
    ),
)


@pytest.mark.parametrize("error", _ERRORS, ids=lambda error: error.code)
def test_the_third_turn_is_wrong_before_the_fix_and_right_after_it(
    error: Error, repaired: Path, tmp_path: Path
) -> None:
    app = tmp_path / "app"
    shutil.copytree(repaired, app)
    server = app / "backend" / "app" / "server.py"
    text = server.read_text(encoding="utf-8")
    for old, new in error.edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    server.write_text(text, encoding="utf-8")

    assert heard(app) == error.heard

    run = doctor(app, "--fix", "--unsafe-fixes", "--select", error.code)
    assert run.returncode == 0, run.stdout + run.stderr
    assert server.read_text(encoding="utf-8") != text
    assert heard(app) == list(error.kept)


def heard(app: Path) -> list[tuple[str, str]]:
    """Return what the model is given in the third turn of a conversation."""
    with Provider() as provider:
        provider.script = converse
        with run_backend(app / "backend", provider) as chat:
            first = chat.create(_SAID[0])
            turns = [first, *(chat.say(first.thread_id, each) for each in _SAID[1:])]
        assert [turn.errors for turn in turns] == [[], [], []]
        return provider.heard()
