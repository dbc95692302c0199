"""Runs that are killed while they write: no file is half written, and the next run removes what was left behind."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import COMMAND, environment, run
from tests.torture.scale import amount, chance

KILLS = amount(2, 60)
FILES = 24
BEFORE = "from chatkit.stores import Store\n" + "# so that a write takes its time\n" * 2_000
AFTER = BEFORE.replace("chatkit.stores", "chatkit.store", 1)
# Makes a write take so long that a kill often comes in the middle of one: each piece to the disk waits.
SLOW = """
import os, sys, time
write = os.write
def slow(descriptor, data):
    if len(data) < 1_000:
        return write(descriptor, data)
    time.sleep(0.005)
    return write(descriptor, bytes(data)[:20_000])
os.write = slow
from chatkit_doctor.__main__ import main
main()
"""


def project(root: Path) -> list[Path]:
    root.mkdir()
    files = [root / f"app{number % 6}" / f"a{number}.py" for number in range(FILES)]
    for path in files:
        path.parent.mkdir(exist_ok=True)
        path.write_text(BEFORE)
    return files


def left(root: Path) -> list[str]:
    """Return what is in a folder that is none of the project's files."""
    return [path.name for path in root.rglob("*") if path.is_file() and path.suffix != ".py"]


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def killed(root: Path, arguments: list[str], number: int, when: Callable[[], bool], draw: random.Random) -> int:
    """Start a slow run, kill it once something has begun, at some moment; return its exit code."""
    call = [sys.executable, "-P", "-c", SLOW, *arguments]
    pipe = subprocess.DEVNULL
    process = subprocess.Popen(call, cwd=root, env=environment(), stdout=pipe, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while process.poll() is None and not when() and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(draw.random() * 0.3)
    process.send_signal(number)
    _, complained = process.communicate(timeout=60)
    assert b"Traceback" not in complained
    return process.returncode


SIGNALS = {"kill -9": signal.SIGKILL, "kill -15": signal.SIGTERM, "control-c": signal.SIGINT}


@pytest.mark.parametrize("number", SIGNALS.values(), ids=SIGNALS)
def test_a_killed_fix_leaves_whole_files_and_the_next_run_nothing_else(tmp_path: Path, number: signal.Signals) -> None:
    draw = chance(f"kills {number}")
    were_in_the_middle = 0
    for turn in range(KILLS):
        root = tmp_path / f"{turn}"
        files = project(root)

        code = killed(root, ["scan", "--fix", "--quiet"], number, lambda root=root: bool(left(root)), draw)  # type: ignore[misc]

        contents = [path.read_text() for path in files]
        assert set(contents) <= {BEFORE, AFTER}
        behind = left(root)
        were_in_the_middle += AFTER in contents and BEFORE in contents
        if number != signal.SIGKILL:
            assert behind == []
            assert code in {-number, 128 + number, 0}
        assert all(name.endswith(".chatkit-doctor.tmp") for name in behind)

        assert run(root, "scan", "--fix", "--quiet").code == 0
        assert [path.read_text() for path in files] == [AFTER] * FILES
        assert left(root) == []
    # Or the kills would have proved nothing.
    assert were_in_the_middle


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["kill -9", "kill -15"])
@pytest.mark.parametrize("arguments", [["scan", "--output", "json:out/report"], ["baseline", "--output", "out/report"]])
def test_a_killed_report_is_the_old_one_or_new(tmp_path: Path, number: signal.Signals, arguments: list[str]) -> None:
    draw = chance(f"reports {number}")
    files = project(tmp_path / "root")
    for path in files[1:]:
        path.unlink()
    # Many findings, so that the report takes many writes.
    files[0].write_text("from chatkit.stores import Store\n" * 300)
    out = tmp_path / "root" / "out"
    run(tmp_path / "root", *arguments)
    whole = (out / "report").read_bytes()
    for _ in range(amount(2, 20)):
        killed(tmp_path / "root", arguments, number, lambda: len(names(out)) > 1, draw)
        assert (out / "report").read_bytes() == whole
        if number == signal.SIGTERM:
            assert names(out) == ["report"]
    run(tmp_path / "root", *arguments)
    assert names(out) == ["report"]


def test_two_runs_at_once_do_each_other_no_harm(tmp_path: Path) -> None:
    for turn in range(amount(1, 10)):
        root = tmp_path / f"{turn}"
        files = project(root)
        call = [*COMMAND, "scan", "--fix", "--quiet"]
        runs = [subprocess.Popen(call, cwd=root, env=environment(), stderr=subprocess.PIPE) for _ in range(3)]
        for each in runs:
            _, complained = each.communicate(timeout=120)
            # The one that comes second finds what the first has changed, and says so.
            assert b"Traceback" not in complained
            assert each.returncode in {0, 2}
        assert run(root, "scan", "--fix", "--quiet").code == 0
        assert [path.read_text() for path in files] == [AFTER] * FILES
        assert left(root) == []
