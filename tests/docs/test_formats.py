"""docs/formats.md: its table has every format, and its documents have the keys that a scan prints."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.reports import FORMATS
from tests.commands import call
from tests.docs.pages import blocks_below, rows
from tests.projects import write_files

PAGE = "docs/formats.md"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in the project of the page's examples."""
    write_files(tmp_path, {"backend/store.py": "import json\n\nfrom chatkit.stores import Store\n"})
    write_files(tmp_path, {"backend/requirements.txt": "openai-chatkit==1.4.0\n"})
    monkeypatch.chdir(tmp_path)


def document(heading: str) -> Any:
    (text,) = blocks_below(PAGE, heading, "json")
    return json.loads(text)


def shape(value: Any) -> Any:
    """Return what a document is made of, the order of its keys with it, and none of its values."""
    if isinstance(value, dict):
        return [(key, shape(each)) for key, each in value.items()]
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_the_table_has_every_format() -> None:
    assert [name.strip("`") for name, _ in rows(PAGE, "# Formats")] == list(FORMATS)


def test_the_json_document_is_what_a_scan_of_such_a_project_prints() -> None:
    told, printed = document("## JSON"), json.loads(call("scan", "--format", "json").stdout)

    assert shape(told) == shape(printed)
    assert told["findings"] == printed["findings"]
    assert told["summary"] == printed["summary"]


def test_the_lines_of_jsonl_are_its_findings() -> None:
    (line,) = call("scan", "--format", "jsonl").stdout.splitlines()

    assert json.loads(line) == document("## JSON")["findings"][0]


def test_the_document_of_statistics_is_what_a_scan_prints() -> None:
    assert shape(document("## Statistics")) == shape(
        json.loads(call("scan", "--statistics", "--format", "json").stdout)
    )


def test_the_line_of_concise_is_of_the_form_that_is_told() -> None:
    form = dict(rows(PAGE, "# Formats"))["`concise`"].split("`")[1]
    line = call("scan", "--format", "concise", "--quiet").stdout.splitlines()[0]
    finding = document("## JSON")["findings"][0]
    values = {"path": finding["path"], **finding["range"]["start"], **finding}

    for word in ("path", "line", "column", "severity", "message", "code"):
        form = form.replace(word, str(values[word]), 1)
    assert line.startswith(form)


def test_several_reports_come_of_one_scan(tmp_path: Path) -> None:
    (command,) = blocks_below(PAGE, "## Files", "sh")

    assert call(*shlex.split(command)[1:]).code == 1
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["doctor.sarif", "doctor.xml"]
