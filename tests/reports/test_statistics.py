from __future__ import annotations

import json

from chatkit_doctor.finding import Applicability, Finding, Severity
from chatkit_doctor.reports import STATISTICS
from chatkit_doctor.reports.model import Reported
from tests.reports.making import at, fix, report, reported, source

APP = source("one two three\n")
OTHER = source("one\n", "other.py")


def reported_as(code: str, each: Reported) -> Reported:
    from chatkit_doctor.pages.catalogue import page

    old = each.finding
    return Reported(Finding(code, old.at, old.message, fix=old.fix), page(code), each.severity)


SEVERAL = report(
    reported(at(APP, "one"), with_fix=fix()),
    reported(at(APP, "two"), with_fix=fix(applicability=Applicability.UNSAFE)),
    reported(at(OTHER, "one")),
    reported_as("CK409", reported(at(APP, "three"), severity=Severity.INFO)),
    reported(at(APP, "three"), fixed=True),
)


def test_each_rule_is_counted_the_most_frequent_first() -> None:
    assert STATISTICS["text"](SEVERAL).splitlines() == [
        "3  error    CK903  unparsable-file       [1 by --fix, 1 by --unsafe-fixes]",
        "1  info     CK409  thread-not-persisted",
        "",
        "3 errors, 1 info in 3 files (1 fixed). 1 of them is fixable with --fix, 2 with --fix --unsafe-fixes.",
    ]


def test_scripts_get_the_same_numbers() -> None:
    document = json.loads(STATISTICS["json"](SEVERAL))

    assert (document["version"], document["tool"]["version"], document["files_scanned"]) == (1, "1.2.3", 3)
    assert document["statistics"] == [
        {
            "code": "CK903",
            "name": "unparsable-file",
            "severity": "error",
            "count": 3,
            "files": 2,
            "fixable": {"safe": 1, "unsafe": 1},
        },
        {
            "code": "CK409",
            "name": "thread-not-persisted",
            "severity": "info",
            "count": 1,
            "files": 1,
            "fixable": {"safe": 0, "unsafe": 0},
        },
    ]


def test_nothing_found_is_one_line() -> None:
    assert STATISTICS["text"](report()) == "Nothing found in 3 files.\n"
