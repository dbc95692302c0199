"""The clock that stops rules leaves alone what cannot be stopped halfway."""

from __future__ import annotations

import importlib
import signal
import time
from pathlib import Path

import pytest

from chatkit_doctor.budget import Clock, OutOfBudgetError
from chatkit_doctor.project.manifests.folders import Folders
from chatkit_doctor.project.manifests.model import Ecosystem
from chatkit_doctor.source import Source

# Takes longer than the clock gives, which rings meanwhile, and says so where it was let be.
_SLOW = """
import time

started = time.process_time()
while time.process_time() < started + 0.1:
    pass
IS_WHOLE = True
"""


def _spin(seconds: float = 60.0) -> None:
    ends = time.process_time() + seconds
    while time.process_time() < ends:
        pass


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer: the steps look at the clock")
def test_a_module_is_imported_to_its_end_and_what_follows_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_doctor.budget._SECONDS", 0.02)
    monkeypatch.setattr("chatkit_doctor.budget._AGAIN", 0.02)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "slow_to_import.py").write_text(_SLOW)

    with Clock(0, 0) as clock:
        clock.start()
        try:
            module = importlib.import_module("slow_to_import")
            with pytest.raises(OutOfBudgetError):
                _spin()
        finally:
            clock.stop()

    assert module.IS_WHOLE


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer: the steps look at the clock")
def test_a_file_is_read_to_its_end_lest_each_rule_begin_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_doctor.budget._SECONDS", 0.02)
    monkeypatch.setattr("chatkit_doctor.budget._AGAIN", 0.02)
    opened: list[Path] = []

    def slow(path: Path) -> Source:
        opened.append(path)
        _spin(0.1)
        return Source(path, "openai-chatkit==1.0.0\n")

    folders = Folders(slow, names=lambda _: ["requirements.txt"])
    with Clock(0, 0) as clock:
        clock.start()
        try:
            first = folders.declared(tmp_path, Ecosystem.PYTHON)
            with pytest.raises(OutOfBudgetError):
                _spin()
        finally:
            clock.stop()

    assert [each.package for manifest in first for each in manifest.requirements] == ["openai-chatkit"]
    assert folders.declared(tmp_path, Ecosystem.PYTHON) == first
    assert len(opened) == 1
