"""`chatkit_doctor.scan`: it says what the command says, and does nothing that a program would not expect of it."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import chatkit_doctor
from chatkit_doctor import api
from chatkit_doctor.scanning.results import processes
from tests.commands import ROOT, call, environment
from tests.projects import write_files

BROKEN = {"app.py": "from chatkit.stores import Store\n"}
BROKEN_APP = ROOT / "fixtures" / "broken"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def as_json(report: chatkit_doctor.Report) -> dict[str, Any]:
    """Return a report as the document of version 1 has it."""
    told = json.loads(json.dumps(dataclasses.asdict(report)))
    targets = [
        {("from" if name == "origin" else name): value for name, value in each.items()} for each in told["targets"]
    ]
    tool = {"name": "chatkit-doctor", "version": chatkit_doctor.__version__}
    document = {"version": 1, "tool": tool, "targets": targets}
    return document | {name: told[name] for name in ("findings", "summary")}


def test_a_report_holds_the_document_of_version_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN_APP)
    told = call("scan", "--format", "json", "--no-cache")

    report = chatkit_doctor.scan()

    assert as_json(report) == json.loads(told.stdout)
    assert report.exit_code == told.code == 1
    assert report.summary.fixable > 10


def test_options_mean_what_they_mean_for_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN_APP)
    options = ("--select", "CK1,CK404", "--ignore", "CK104", "--min-severity", "error", "--isolated")
    told = call("scan", "backend", "--format", "json", "--target", "openai-chatkit=1.3.0", *options)

    report = chatkit_doctor.scan(
        Path("backend"),
        select=["CK1", "CK404"],
        ignore="CK104",
        min_severity="error",
        isolated=True,
        targets={"openai-chatkit": "1.3.0"},
    )

    assert as_json(report) == json.loads(told.stdout)
    assert ("openai-chatkit", "1.3.0") in {(each.package, each.version) for each in report.targets}


def test_a_scan_writes_nothing_and_a_fix_what_it_says(tmp_path: Path) -> None:
    write_files(tmp_path, BROKEN)
    before = sorted(tmp_path.rglob("*"))

    found = chatkit_doctor.scan(tmp_path)
    assert (tmp_path / "app.py").read_text() == BROKEN["app.py"]
    mended = chatkit_doctor.scan(tmp_path, fix=True)

    assert [(each.code, each.fixed) for each in found.findings] == [("CK101", False)]
    assert [(each.code, each.fixed) for each in mended.findings] == [("CK101", True)]
    assert (mended.exit_code, mended.summary.fixed, mended.problems) == (0, 1, ())
    assert (tmp_path / "app.py").read_text() == "from chatkit.store import Store\n"
    assert sorted(tmp_path.rglob("*")) == before


def test_the_edits_of_a_fix_make_what_the_fix_makes(tmp_path: Path) -> None:
    write_files(tmp_path, BROKEN)
    (finding,) = chatkit_doctor.scan(tmp_path).findings
    assert finding.fix is not None
    lines = BROKEN["app.py"].splitlines(keepends=True)
    for edit in sorted(
        finding.fix.edits, key=lambda each: (each.range.start.line, each.range.start.column), reverse=True
    ):
        (line,) = {edit.range.start.line, edit.range.end.line}
        text = lines[line - 1]
        lines[line - 1] = text[: edit.range.start.column - 1] + edit.text + text[edit.range.end.column - 1 :]

    assert "".join(lines) == "from chatkit.store import Store\n"


def test_what_could_not_be_written_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, BROKEN)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("chatkit_doctor.scanning.writing.Replacement", full)

    report = chatkit_doctor.scan(fix=True)

    assert report.problems == ("app.py: it cannot be written: no space left on device",)
    assert (report.exit_code, report.summary.fixed, report.notes) == (2, 0, ())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"paths": "nowhere"}, "nowhere: there is no such file or folder"),
        ({"paths": []}, "no path was given"),
        ({"select": "CK999"}, "no rule has the code, prefix or name 'CK999'"),
        ({"min_severity": "fatal"}, "min_severity is error, warning, info, not 'fatal'"),
        ({"targets": {"openai-chatkit": "x"}}, "openai-chatkit"),
        ({"config": "none.toml"}, "none.toml: there is no such file"),
        ({"config": "none.toml", "isolated": True}, "--isolated"),
        ({"baseline": "none.json"}, "none.json: there is no such file"),
    ],
)
def test_what_the_caller_has_wrong_is_one_error_of_one_line(options: dict[str, Any], said: str) -> None:
    with pytest.raises(chatkit_doctor.ScanError) as caught:
        chatkit_doctor.scan(**options)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_there_is_an_exit_code_for_nothing_to_scan(tmp_path: Path) -> None:
    assert chatkit_doctor.scan().exit_code == 3
    write_files(tmp_path, {"app.py": "print(1)\n"})
    assert chatkit_doctor.scan().exit_code == 0


def test_no_process_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork of a program with threads may never end; what a command may do, a library may not."""
    for name in ("one", "other"):
        write_files(tmp_path / name, BROKEN | {"requirements.txt": ""})
    monkeypatch.setattr(processes, "number_of_processes", lambda _: 2)

    def forked() -> int:
        raise AssertionError

    monkeypatch.setattr(os, "fork", forked)

    assert len(chatkit_doctor.scan().findings) == 2
    with pytest.raises(AssertionError):
        call("scan", "--no-cache")


def test_a_scan_is_made_in_any_thread(tmp_path: Path) -> None:
    write_files(tmp_path, BROKEN)
    reports: list[chatkit_doctor.Report] = []
    thread = threading.Thread(target=lambda: reports.append(chatkit_doctor.scan(fix=True)))
    thread.start()
    thread.join()

    assert [report.summary.fixed for report in reports] == [1]


def test_records_cannot_be_changed() -> None:
    report = chatkit_doctor.scan(BROKEN_APP / "backend")

    with pytest.raises(dataclasses.FrozenInstanceError):
        report.findings[0].message = "fine"  # type: ignore[misc]
    assert report == chatkit_doctor.scan(BROKEN_APP / "backend")


def test_importing_the_package_loads_nothing_and_has_the_names() -> None:
    code = "import sys; before = set(sys.modules); import chatkit_doctor; print(*sorted(set(sys.modules) - before));"
    code += "print(chatkit_doctor.Report.__name__, chatkit_doctor.ScanError.__name__, hasattr(chatkit_doctor, 'nope'));"
    code += "print('typer' in sys.modules, 'asyncio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["chatkit_doctor", "Report ScanError False", "False False"]


def test_what_the_package_lists_is_there() -> None:
    assert {name: hasattr(chatkit_doctor, name) for name in chatkit_doctor.__all__} == dict.fromkeys(
        chatkit_doctor.__all__, True
    )
    assert chatkit_doctor.scan is api.scan
