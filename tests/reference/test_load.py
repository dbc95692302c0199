"""A small version of scripts/load_reference.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference.harness import running
from tests.reference.load import run_load

if TYPE_CHECKING:
    from pathlib import Path

TURNS = 60


def test_nothing_acknowledged_is_lost_when_the_server_is_killed_amid_many_turns(tmp_path: Path) -> None:
    with running(tmp_path / "uvicorn.log", DATABASE=str(tmp_path / "chat.db")) as backend:
        figures = run_load(backend, TURNS)
    # Each turn that was answered is a question and an answer.
    assert figures.acknowledged >= 2 * (TURNS - figures.cut)
    assert figures.cut > 0
    assert (figures.lost, figures.merged, figures.unanswered) == (0, 0, 0)
    assert figures.stored == figures.ids >= 2 * TURNS
