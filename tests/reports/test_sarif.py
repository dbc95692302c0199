from __future__ import annotations

import json
from typing import Any

from chatkit_doctor.finding import Applicability, Edit, Severity
from chatkit_doctor.reports import FORMATS
from chatkit_doctor.reports.model import Failure, HeldBack, ScanReport
from chatkit_doctor.source import Source
from tests.reports.making import CWD, at, fix, report, reported, source
from tests.reports.sarif_schema import PUBLISHED, violations


def rendered(made: ScanReport) -> Any:
    log = json.loads(FORMATS["sarif"](made))
    assert violations(log) == []
    return log["runs"][0]


def fingerprints(made: ScanReport) -> list[str]:
    return [each["partialFingerprints"]["chatkitDoctor/v1"] for each in rendered(made)["results"]]


def test_the_schema_notices_what_is_wrong() -> None:
    assert violations({"version": "2.1.0", "runs": [{"results": [{"text": "no message"}]}]}) != []


def test_the_log_names_the_schema_it_is_held_against() -> None:
    log = json.loads(FORMATS["sarif"](report()))

    assert (log["$schema"], log["version"]) == (PUBLISHED, "2.1.0")
    assert log["runs"][0]["results"] == []


def test_a_finding_is_a_result_at_its_place() -> None:
    code = source("s = '🎉' + bad\n", "back end/ä.py")

    (result,) = rendered(report(reported(at(code, "bad"))))["results"]

    assert result["message"] == {"text": "the thing is bad. Make it good."}
    assert result["level"] == "error"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "back%20end/%C3%A4.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 1, "startColumn": 11, "endLine": 1, "endColumn": 14},
            },
            "message": {"text": "this thing"},
        }
    ]


def test_columns_are_said_to_count_characters() -> None:
    assert rendered(report())["columnKind"] == "unicodeCodePoints"


def test_each_rule_stands_once_with_its_page() -> None:
    code = source("a b")

    run = rendered(report(reported(at(code, "a")), reported(at(code, "b"))))

    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"]) == ("CK903", "unparsable-file")
    assert rule["help"]["markdown"].startswith("# unparsable-file (CK903)\n")
    assert [each["ruleIndex"] for each in run["results"]] == [0, 0]


def test_the_help_is_for_readers_and_has_no_markers_of_the_tests() -> None:
    markdown = rendered(report(reported(at(source("a"), "a"))))["tool"]["driver"]["rules"][0]["help"]["markdown"]

    assert "```python\n" in markdown
    assert "expect: CK" not in markdown
    assert "case=" not in markdown


def test_severities_have_their_levels() -> None:
    code = source("abc")
    made = report(*(reported(at(code, letter), severity=each) for letter, each in zip("abc", Severity, strict=True)))

    assert [each["level"] for each in rendered(made)["results"]] == ["error", "warning", "note"]


def test_a_fix_has_its_changes_file_by_file() -> None:
    one, two = source("a b", "b.py"), source("c", "a.py")
    mend = fix(
        Edit(at(one, "b"), "x"), Edit(at(one, "a"), ""), Edit(at(two, "c"), "z"), applicability=Applicability.UNSAFE
    )

    (made,) = rendered(report(reported(at(one, "a"), with_fix=mend)))["results"][0]["fixes"]

    assert made["description"] == {"text": "mend it"}
    assert made["properties"] == {"applicability": "unsafe"}
    changes = [
        (change["artifactLocation"]["uri"], [each["insertedContent"]["text"] for each in change["replacements"]])
        for change in made["artifactChanges"]
    ]
    assert changes == [("a.py", ["z"]), ("b.py", ["", "x"])]


def test_an_insertion_deletes_an_empty_region() -> None:
    code = source("a\nb")
    mend = fix(Edit(code.location(2, 2), "new\n"))

    (made,) = rendered(report(reported(at(code, "b"), with_fix=mend)))["results"][0]["fixes"]

    region = made["artifactChanges"][0]["replacements"][0]["deletedRegion"]
    assert region == {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 1}


def test_a_fix_that_turns_out_impossible_and_what_was_fixed_are_left_out() -> None:
    code = source("a b")

    results = rendered(report(reported(at(code, "a"), with_fix=fix()), reported(at(code, "b"), fixed=True)))["results"]

    assert len(results) == 1
    assert "fixes" not in results[0]


def test_fingerprints_survive_moved_and_indented_lines_and_new_words() -> None:
    before, after = source("x = bad\n"), source("import os\n\nif os:\n    x  =  bad\n")

    assert fingerprints(report(reported(at(before, "bad")))) == fingerprints(
        report(reported(at(after, "bad"), message="worded anew", help_=""))
    )


def test_fingerprints_tell_files_spans_and_repetitions_apart() -> None:
    code = source("f(a, b)\nf(a, b)\n")
    first, second = code.location(2, 3), code.location(10, 11)
    made = report(
        reported(first), reported(second), reported(at(code, "b")), reported(at(source("f(a, b)", "other.py"), "a"))
    )

    assert len(set(fingerprints(made))) == 4


def test_what_follows_a_mended_finding_keeps_its_fingerprint() -> None:
    code = source("a\na\n")
    one, two = code.location(0, 1), code.location(2, 3)

    assert fingerprints(report(reported(one, fixed=True), reported(two))) == fingerprints(report(reported(one)))


def test_files_outside_the_working_directory_have_whole_uris() -> None:
    outside = Source(CWD.parent / "else where" / "b\udcff.py", "x")

    location = rendered(report(reported(at(outside, "x"))))["results"][0]["locations"][0]["physicalLocation"]

    assert location["artifactLocation"] == {"uri": "file:///else%20where/b%FF.py"}


def test_braces_hold_no_place_in_a_message() -> None:
    (result,) = rendered(report(reported(at(source("x"), "x"), message="{0} is {url}", help_="")))["results"]

    assert result["message"]["text"] == "{{0}} is {{url}}"


def test_bugs_of_ours_and_fixes_held_back_are_notifications() -> None:
    made = report(
        failures=(Failure("CK101", CWD / "a.py", "KeyError: 'x'", "…"), Failure("CK102", None, "boom", "…")),
        held_back=(HeldBack(CWD / "b.py", "mend it", "it would not parse"),),
    )

    (invocation,) = rendered(made)["invocations"]

    assert invocation["executionSuccessful"] is False
    texts = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert texts == ["CK101 crashed: KeyError: 'x'", "CK102 crashed: boom", "not fixed: mend it: it would not parse"]


def test_a_scan_without_bugs_was_successful() -> None:
    assert rendered(report())["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
