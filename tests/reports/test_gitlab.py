from __future__ import annotations

import json
from typing import Any

from chatkit_doctor.finding import Severity
from chatkit_doctor.reports import FORMATS
from chatkit_doctor.reports.model import ScanReport
from tests.reports.making import at, report, reported, source


def rendered(made: ScanReport) -> Any:
    return json.loads(FORMATS["gitlab"](made))


def test_a_finding_is_an_issue() -> None:
    code = source("import os\nclass A:\n    pass\n", "backend/store.py")

    (issue,) = rendered(report(reported(at(code, "A:\n    pass"))))

    fingerprint = issue.pop("fingerprint")
    assert len(fingerprint) == 64
    assert issue == {
        "description": "the thing is bad. Make it good.",
        "check_name": "CK903 unparsable-file",
        "severity": "critical",
        "location": {"path": "backend/store.py", "lines": {"begin": 2, "end": 3}},
    }


def test_severities_have_those_of_gitlab() -> None:
    code = source("abc")
    made = report(*(reported(at(code, letter), severity=each) for letter, each in zip("abc", Severity, strict=True)))

    assert [each["severity"] for each in rendered(made)] == ["critical", "major", "info"]


def test_no_two_fingerprints_are_the_same() -> None:
    code = source("a\na\n")

    issues = rendered(report(reported(code.location(0, 1)), reported(code.location(2, 3))))

    assert len({each["fingerprint"] for each in issues}) == 2


def test_a_clean_project_is_an_empty_array_and_what_was_fixed_is_gone() -> None:
    assert rendered(report()) == []
    assert rendered(report(reported(at(source("x"), "x"), fixed=True))) == []
