"""CK303 on the real SDKs: a map that is filled once loses the first of a run's two messages; after the fix none."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.broken.harness import doctor, run_backend
from tests.standin.provider import Provider, Reply, ToolCall

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.standin.provider import Message

_TWO = ["Let me count the days.", "Pack your bags."]
_RIGHT = """\
                new_ids.setdefault(item.id, []).append(context.generate_id("message"))
"""
_STALE = """\
                if item.id not in new_ids:
                    new_ids[item.id] = [context.generate_id("message")]
"""


def count_days_first(messages: Sequence[Message]) -> Reply:
    if messages[-1]["role"] == "tool":
        return Reply(_TWO[1])
    return Reply(_TWO[0], (ToolCall("days_until", '{"day": "2030-01-01"}'),))


def test_both_messages_of_a_run_are_stored_after_the_fix_alone(repaired: Path, tmp_path: Path) -> None:
    app = tmp_path / "app"
    shutil.copytree(repaired, app)
    server = app / "backend" / "app" / "server.py"
    text = server.read_text(encoding="utf-8")
    assert text.count(_RIGHT) == 1
    server.write_text(text.replace(_RIGHT, _STALE), encoding="utf-8")

    assert stored(app) == _TWO[1:]

    run = doctor(app, "--fix", "--unsafe-fixes", "--select", "CK303")
    assert run.returncode == 0, run.stdout + run.stderr
    assert stored(app) == _TWO


def stored(app: Path) -> list[str]:
    """Return what the store has of the assistant's messages after a run that writes two."""
    with Provider(count_days_first) as provider, run_backend(app / "backend", provider) as chat:
        turn = chat.create("When do we leave on 2030-01-01?")
        items = chat.items(turn.thread_id)
    return [item["content"][0]["text"] for item in items if item["type"] == "assistant_message"]
