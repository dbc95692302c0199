"""The clock that rules run by: it stops one that counts no step, and leaves the process's signals as they were."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor import budget
from chatkit_doctor.checks.names import unknown_chatkit_module as rule
from chatkit_doctor.project.app import App
from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_files

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer of the processor's")


def test_a_rule_that_counts_no_step_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"server.py": "import chatkit\n"})
    monkeypatch.setattr(budget, "_SECONDS", 0.02)
    before = signal.getsignal(signal.SIGPROF)

    def spin(_: App) -> Iterator[object]:
        while True:
            pass
        yield

    monkeypatch.setattr(rule, "unknown_chatkit_module", spin)

    result = run([tmp_path], Options(select=("CK101",), may_fork=False))

    assert result.cut == ("CK101",)
    assert signal.getsignal(signal.SIGPROF) == before
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


def test_between_rules_the_clock_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_SECONDS", 0.0)
    monkeypatch.setattr(budget, "_slowness", lambda: 1.0)

    with budget.Clock(1, 0) as clock:
        assert signal.getitimer(signal.ITIMER_PROF)[1] > 0
        _take(0.1)
        clock.start()
        with pytest.raises(budget.OutOfBudgetError):
            _take(10)
        clock.stop()
        _take(0.1)

    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


def _take(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_slow_machine_has_more_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(budget, "_time", lambda: now[0])
    monkeypatch.setattr(budget, "_slowness", lambda: 3.0)
    clock = budget.Clock(1, 0)
    first_rule_has = 3 * budget._SECONDS / 2  # half of the whole

    clock.start()
    now[0] = first_rule_has - 0.1
    assert not clock.is_over()
    now[0] = first_rule_has + 0.1
    assert clock.is_over()

    clock.stop()
    clock.start()
    now[0] += first_rule_has / 2 - 0.1
    assert not clock.is_over()
    now[0] += 0.2
    assert clock.is_over()


def test_reading_is_not_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_SECONDS", 0.0)
    monkeypatch.setattr(budget, "_slowness", lambda: 1.0)
    clock = budget.Clock(1, 0)
    clock.start()
    _take(0.05)

    with budget.unbroken:
        assert not clock.is_over()
        _take(0.05)
    assert clock.is_over()


def test_who_is_told_that_time_is_over_has_a_while_to_end_in(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(budget, "_time", lambda: now[0])
    monkeypatch.setattr(budget, "_slowness", lambda: 1.0)
    clock = budget.Clock(1, 0)
    clock.start()

    told = []
    for now[0] in (1.0, 1.8, 1.9, 2.1):
        told.append(clock.is_over())

    assert told == [False, True, False, True]
