"""Whole commands on the broken app, held against what they printed before.

After a change that is meant to be seen, `UPDATE_SNAPSHOTS=1 pytest tests/test_snapshots.py` writes the files in
tests/snapshots/ anew; read their diff before you commit it.
"""

from __future__ import annotations

import difflib
import json
import os
import shutil
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

import chatkit_doctor
from tests.commands import ROOT, call

BROKEN = ROOT / "fixtures" / "broken"
SNAPSHOTS = Path(__file__).parent / "snapshots"

CALLS = {
    "scan.txt": ["scan"],
    "scan-verbose.txt": ["scan", "--verbose", "--select", "CK302"],
    "scan-color.txt": ["scan", "--color", "always", "--select", "CK101,CK404"],
    "scan-concise.txt": ["scan", "--format", "concise"],
    "scan.json": ["scan", "--format", "json"],
    "scan.jsonl": ["scan", "--format", "jsonl", "--select", "CK1,CK404"],
    "scan.sarif": ["scan", "--format", "sarif", "--select", "CK101,CK404"],
    "scan-github.txt": ["scan", "--format", "github"],
    "scan-gitlab.json": ["scan", "--format", "gitlab"],
    "scan-junit.xml": ["scan", "--format", "junit"],
    "scan.md": ["scan", "--format", "markdown"],
    "scan.diff": ["scan", "--diff", "--unsafe-fixes"],
    "fix.txt": ["scan", "--fix"],
    "fix.md": ["scan", "--fix", "--format", "markdown"],
    "fix.json": ["scan", "--fix", "--format", "json", "--select", "CK1,CK301"],
}


def normalised(text: str) -> str:
    """Return output without what differs from release to release."""
    return text.replace(f'"version": "{chatkit_doctor.__version__}"', '"version": "<version>"')


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a copy of the broken app."""
    copy = tmp_path / "app"
    shutil.copytree(BROKEN, copy, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    monkeypatch.chdir(copy)
    return copy


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.usefixtures("broken")
def test_the_output_is_what_it_was(name: str) -> None:
    outcome = call(*CALLS[name])
    file = SNAPSHOTS / name
    text = normalised(outcome.stdout)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        file.write_text(text, encoding="utf-8", newline="")

    wanted = file.read_text(encoding="utf-8") if file.exists() else ""
    changes = difflib.unified_diff(wanted.splitlines(), text.splitlines(), name, "now", lineterm="")
    assert text == wanted, "\n".join([f"{' '.join(CALLS[name])} prints something else:", *changes])


def test_no_snapshot_is_left_over() -> None:
    assert {path.name for path in SNAPSHOTS.iterdir()} == set(CALLS)


# JSON, version 1: written out here by hand, so that no change of the code changes what scripts rely on.


class Strict(BaseModel):
    """Exactly these keys, in this order, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True)


Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]


class Tool(Strict):
    name: Literal["chatkit-doctor"]
    version: Text


class Target(Strict):
    package: Text
    version: Text
    from_: Text = Field(alias="from")
    app: Text


class Place(Strict):
    line: Number
    column: Number


class Range(Strict):
    start: Place
    end: Place


class ErrorReference(Strict):
    row: Annotated[int, Field(ge=1, le=13)]
    error: Text
    module: Literal["Backend", "Frontend"]
    fix: Text


class Edit(Strict):
    path: Text
    range: Range
    text: str


class Fix(Strict):
    applicability: Literal["safe", "unsafe"]
    title: Text
    edits: Annotated[list[Edit], Field(min_length=1)]


class Finding(Strict):
    code: Annotated[str, Field(pattern=r"^CK\d{3}$")]
    name: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    severity: Literal["error", "warning", "info"]
    message: Text
    help: Text
    path: Text
    range: Range
    error_reference: ErrorReference | None
    fix: Fix | None
    url: Annotated[str, Field(pattern=r"^https://")]
    fixed: bool


class Summary(Strict):
    files_scanned: Count
    errors: Count
    warnings: Count
    infos: Count
    suppressed: Count
    fixable: Count
    fixed: Count


class Document(Strict):
    version: Literal[1]
    tool: Tool
    targets: list[Target]
    findings: list[Finding]
    summary: Summary


@pytest.mark.parametrize("flags", [[], ["--fix"], ["--fix", "--unsafe-fixes"], ["--select", "CK101"]])
@pytest.mark.usefixtures("broken")
def test_json_is_version_1(flags: list[str]) -> None:
    text = call("scan", "--format", "json", *flags).stdout
    document = Document.model_validate_json(text)

    open_ = [each for each in document.findings if not each.fixed]
    assert document.summary == Summary(
        files_scanned=document.summary.files_scanned,
        errors=sum(each.severity == "error" for each in open_),
        warnings=sum(each.severity == "warning" for each in open_),
        infos=sum(each.severity == "info" for each in open_),
        suppressed=0,
        fixable=sum(each.fix is not None for each in open_),
        fixed=len(document.findings) - len(open_),
    )
    # The keys stand in the order of the schema, as people read the document too.
    assert document.model_dump_json(by_alias=True) == _compact(text)


@pytest.mark.usefixtures("broken")
def test_ranges_count_characters_from_1_and_end_exclusive() -> None:
    document = Document.model_validate_json(call("scan", "--format", "json").stdout)

    spans = {_text_at(each.path, each.range) for each in document.findings if each.code in {"CK101", "CK405"}}

    assert spans == {"chatkit.models", "chatkit.stores", "'👋'"}


def _text_at(path: str, at: Range) -> str:
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    assert at.start.line == at.end.line
    return lines[at.start.line - 1][at.start.column - 1 : at.end.column - 1]


def _compact(text: str) -> str:
    return json.dumps(json.loads(text), separators=(",", ":"), ensure_ascii=False)
