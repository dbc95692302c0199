from __future__ import annotations

import json
from typing import Any

from chatkit_doctor.finding import Applicability, Edit, Severity
from chatkit_doctor.reports import FORMATS
from chatkit_doctor.reports.model import CheckedAgainst, ScanReport
from tests.reports.making import at, fix, report, reported, source


def rendered(made: ScanReport) -> Any:
    return json.loads(FORMATS["json"](made))


def test_a_finding_has_exactly_the_keys_of_version_1() -> None:
    store = source("import os\nfrom chatkit.stores import Store\n", "backend/store.py")
    place = at(store, "chatkit.stores")
    mend = fix(Edit(place, "chatkit.store"), title="import from chatkit.store")
    made = report(
        reported(place, row=1, with_fix=mend),
        files_scanned=41,
        suppressed=2,
        targets=(CheckedAgainst("openai-chatkit", "1.4.0", "backend/uv.lock", "backend"),),
    )

    span = {"start": {"line": 2, "column": 6}, "end": {"line": 2, "column": 20}}
    assert rendered(made) == {
        "version": 1,
        "tool": {"name": "chatkit-doctor", "version": "1.2.3"},
        "targets": [
            {"package": "openai-chatkit", "version": "1.4.0", "from": "backend/uv.lock", "app": "backend"},
        ],
        "findings": [
            {
                "code": "CK903",
                "name": "unparsable-file",
                "severity": "error",
                "message": "the thing is bad",
                "help": "make it good",
                "path": "backend/store.py",
                "range": span,
                "error_reference": {
                    "row": 1,
                    "error": "`chatkit.stores` not found",
                    "module": "Backend",
                    "fix": "Use `chatkit.store`",
                },
                "fix": {
                    "applicability": "safe",
                    "title": "import from chatkit.store",
                    "edits": [{"path": "backend/store.py", "range": span, "text": "chatkit.store"}],
                },
                "url": made.findings[0].page.url,
                "fixed": False,
            }
        ],
        "summary": {
            "files_scanned": 41,
            "errors": 1,
            "warnings": 0,
            "infos": 0,
            "suppressed": 2,
            "fixable": 1,
            "fixed": 0,
        },
    }


def test_keys_stand_in_the_order_of_the_contract() -> None:
    document = rendered(report(reported(at(source("x"), "x"))))

    assert list(document) == ["version", "tool", "targets", "findings", "summary"]
    assert list(document["findings"][0]) == (
        ["code", "name", "severity", "message", "help", "path", "range", "error_reference", "fix", "url", "fixed"]
    )


def test_what_was_fixed_stays_in_the_list_and_out_of_the_counts() -> None:
    code = source("a b")
    mend = fix(Edit(at(code, "a"), "c"))
    document = rendered(report(reported(at(code, "a"), fixed=True, with_fix=mend), reported(at(code, "b"))))

    assert [each["fixed"] for each in document["findings"]] == [True, False]
    assert document["summary"]["errors"] == 1
    assert document["summary"]["fixed"] == 1
    assert document["summary"]["fixable"] == 0


def test_columns_count_characters_and_the_end_is_exclusive() -> None:
    code = source("s = '🎉你' + bad\r\nnext = 1\r\n")

    place = rendered(report(reported(at(code, "bad\r\nnext"))))["findings"][0]["range"]

    assert place == {"start": {"line": 1, "column": 12}, "end": {"line": 2, "column": 5}}


def test_a_fix_that_turns_out_impossible_is_no_fix() -> None:
    document = rendered(report(reported(at(source("x"), "x"), with_fix=fix())))

    assert document["findings"][0]["fix"] is None
    assert document["summary"]["fixable"] == 0


def test_edits_come_by_path_and_place() -> None:
    one, two = source("a b", "b.py"), source("c", "a.py")
    mend = fix(
        Edit(at(one, "b"), "x"), Edit(at(one, "a"), "y"), Edit(at(two, "c"), "z"), applicability=Applicability.UNSAFE
    )

    edits = rendered(report(reported(at(one, "a"), with_fix=mend)))["findings"][0]["fix"]["edits"]

    assert [(edit["path"], edit["text"]) for edit in edits] == [("a.py", "z"), ("b.py", "y"), ("b.py", "x")]


def test_severities_are_counted_apart() -> None:
    code = source("abcd")
    kinds = [Severity.WARNING, Severity.INFO, Severity.INFO]
    made = report(*(reported(at(code, letter), severity=kind) for letter, kind in zip("abc", kinds, strict=True)))

    summary = rendered(made)["summary"]

    assert (summary["errors"], summary["warnings"], summary["infos"]) == (0, 1, 2)


def test_a_clean_project_is_an_empty_list() -> None:
    document = rendered(report())

    assert document["findings"] == []
    assert document["targets"] == []


def test_paths_outside_the_working_directory_and_odd_names_survive() -> None:
    outside = source("x", "../elsewhere/b\udcff\n.py")

    text = FORMATS["json"](report(reported(at(outside, "x"))))

    assert text.isascii()
    assert json.loads(text)["findings"][0]["path"] == "../elsewhere/b\udcff\n.py"


def test_the_document_ends_with_one_line_feed() -> None:
    assert FORMATS["json"](report()).endswith("}\n")
