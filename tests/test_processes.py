"""Several processes find what one finds, in the same order, and where a process fails nothing is missing."""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from chatkit_doctor.commands import front
from chatkit_doctor.project.app import App
from chatkit_doctor.project.files import mention
from chatkit_doctor.scanning.results import processes
from chatkit_doctor.scanning.results.plain import NotPlainError
from tests.commands import ROOT
from tests.projects import write_files

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there are processes forked")

BROKEN = {
    path.relative_to(ROOT / "fixtures" / "broken").as_posix(): path.read_text()
    for path in (ROOT / "fixtures" / "broken").rglob("*")
    if path.is_file() and path.suffix not in {".png", ".ico"}
}
APPS = 4


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for number in range(APPS):
        write_files(tmp_path / f"app_{number}", BROKEN)
    # Read by nobody but a rule, in a process of its own.
    write_files(tmp_path / "last", {"pyproject.toml": "[", "m.py": "from store import S\nimport chatkit.stores\n"})
    write_files(tmp_path / "last", {"store.py": "class S(:\n"})
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the ids of the processes that are started; as many as there is work for are wanted."""
    started: list[int] = []
    fork = os.fork

    def noting() -> int:
        pid = fork()
        started.append(pid)
        return pid

    monkeypatch.setattr(os, "fork", noting)
    monkeypatch.setattr(processes, "number_of_processes", lambda _: 3)
    return started


def scan(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str, object]:
    code = front.answer(["scan", "--no-cache", *words])
    out, err = capsys.readouterr()
    return out, err, code


WAYS = [["--verbose"], ["--format", "json"], ["--format", "concise"], ["--format", "sarif"], ["--diff"]]


@pytest.mark.parametrize("words", WAYS, ids=" ".join)
def test_processes_find_what_one_finds(
    words: list[str], tree: Path, capsys: pytest.CaptureFixture[str], forked: list[int]
) -> None:
    several = scan(capsys, *words)
    assert len(forked) >= 2
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(processes, "number_of_processes", lambda _: 1)
        assert scan(capsys, *words) == several


def test_what_processes_fixed_is_what_one_fixes(
    tree: Path, capsys: pytest.CaptureFixture[str], forked: list[int]
) -> None:
    scan(capsys, "--fix")
    several = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    for number in range(APPS):
        write_files(tree / f"app_{number}", BROKEN)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(processes, "number_of_processes", lambda _: 1)
        scan(capsys, "--fix")

    assert forked
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == several


def test_the_apps_of_a_process_that_fails_are_checked_all_the_same(
    tree: Path, capsys: pytest.CaptureFixture[str], forked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = scan(capsys)

    def fail(*_: object) -> NoReturn:
        os._exit(9)

    monkeypatch.setattr(processes, "_told", fail)
    assert scan(capsys) == wanted
    monkeypatch.setattr(os, "fork", lambda: (_ for _ in ()).throw(OSError("no more processes")))
    assert scan(capsys) == wanted


def test_what_cannot_be_told_is_looked_for_here(
    tree: Path, capsys: pytest.CaptureFixture[str], forked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = scan(capsys)

    def refuse(*_: object) -> NoReturn:
        raise NotPlainError

    monkeypatch.setattr(processes, "plain_findings", refuse)

    assert scan(capsys) == wanted


def test_a_crash_in_a_process_is_reported(
    tree: Path, capsys: pytest.CaptureFixture[str], forked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from chatkit_doctor.checks.names import unknown_chatkit_module as rule

    def crash(app: App) -> Iterator[object]:
        raise ValueError(f"a bug in {app.folder.name}")
        yield

    monkeypatch.setattr(rule, "unknown_chatkit_module", crash)

    out, _, code = scan(capsys)

    assert code == 2
    assert all(f"a bug in {name}" in out for name in ("last", "backend"))


def test_a_fork_looks_into_half_of_many_files(
    tmp_path: Path, forked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("import chatkit\n", "import json\n")
    write_files(tmp_path, {f"part_{number}/m.py": words[number % 2] for number in range(10)})
    write_files(tmp_path, {"part_9/large.py": "#" * (mention._MOST_AT_ONCE + 9), "part_1/other.py": "ChatKit"})
    (tmp_path / "part_8" / "unread.py").mkdir()
    folders = [(str(path), sorted(each.name for each in path.iterdir())) for path in sorted(tmp_path.iterdir())]
    wanted = mention.look(folders, str(tmp_path))
    monkeypatch.setattr(mention, "_WORTH_A_FORK", 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})

    found = mention.look_together(folders, str(tmp_path))

    assert found == wanted
    assert list(found[0]) == list(wanted[0])
    assert len(forked) == 1
    own = os.getpid()
    monkeypatch.setattr(marshal, "dumps", lambda *_: os._exit(9) if os.getpid() != own else None)
    assert mention.look_together(folders, str(tmp_path)) == wanted
    monkeypatch.setattr(os, "fork", lambda: (_ for _ in ()).throw(OSError("no more processes")))
    assert mention.look_together(folders, str(tmp_path)) == wanted


@pytest.mark.parametrize(("weight", "wanted"), [(0, 1), (10, 1), (10_000, 2)])
def test_little_work_is_worth_one_process(weight: int, wanted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})

    assert processes.number_of_processes(weight) == wanted
    monkeypatch.setattr(sys, "platform", "win32")
    assert processes.number_of_processes(weight) == 1
