"""docs/api.md: its code is run, its tables name the fields and parameters that there are."""

from __future__ import annotations

import dataclasses
import inspect
import re
import shutil
from pathlib import Path

import pytest

import chatkit_doctor
from chatkit_doctor.api import Report, ReportFinding, ReportSummary
from tests.commands import ROOT, call
from tests.docs.pages import blocks, rows

PAGE = "docs/api.md"
FIRST, SECOND = (block.text for block in blocks(PAGE, "python"))


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the broken app, which is the working directory."""
    project = tmp_path / "project"
    shutil.copytree(ROOT / "fixtures" / "broken", project, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    monkeypatch.chdir(project)
    return project


def test_the_first_block_prints_what_the_command_prints(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(FIRST, PAGE, "exec"), {})  # noqa: S102 - the page's own code

    *findings, counts = capsys.readouterr().out.splitlines()
    *told, _ = call("scan", "backend", "--format", "concise", "--no-cache").stdout.splitlines()
    shown = re.compile(r"^(\S+) (CK\d+) (.*)$")
    assert len(findings) == len(told) > 5
    for line, each in zip(findings, told, strict=True):
        found = shown.match(line)
        assert found is not None
        assert each.startswith(found[1])
        assert found[2] in each
        assert found[3] in each
    assert re.fullmatch(r"\d+ errors, \d+ findings are fixable", counts)


def test_the_second_block_mends_what_it_counts(broken: Path) -> None:
    exec(compile(SECOND, PAGE, "exec"), {})  # noqa: S102 - the page's own code

    assert chatkit_doctor.scan(select=["CK101", "CK404"]).findings == ()


def test_the_second_block_says_what_is_wrong_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit, match=r"^cannot scan: backend: there is no such file or folder$"):
        exec(compile(SECOND, PAGE, "exec"), {})  # noqa: S102 - the page's own code


def named(head: str) -> list[str]:
    """Return what the first cells of the table with a head name."""
    text = (ROOT / PAGE).read_text(encoding="utf-8").partition(f"| {head} |")[2]
    names = []
    for line in text.splitlines()[2:]:
        if not line.startswith("|"):
            break
        names += re.findall(r"`(\w+)`", line.split("|")[1])
    return names


def test_the_parameters_are_those_of_the_function() -> None:
    there = [name for cell, _ in rows(PAGE, "## scan") for name in re.findall(r"`(\w+)`", cell)]

    assert ["paths", *there] == list(inspect.signature(chatkit_doctor.scan).parameters)


@pytest.mark.parametrize("record", [Report, ReportFinding])
def test_the_fields_are_those_of_the_records(record: type) -> None:
    there = named(f"Field of `{record.__name__}` | What it holds")

    assert sorted(there) == sorted(field.name for field in dataclasses.fields(record))


def test_the_counts_are_all_named() -> None:
    (line,) = (cell for name, cell in rows(PAGE, "## Report") if name == "`summary`")

    assert re.findall(r"`(\w+)`", line) == [field.name for field in dataclasses.fields(ReportSummary)]
