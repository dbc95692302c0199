from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

from chatkit_doctor.finding import Severity
from chatkit_doctor.reports import FORMATS
from chatkit_doctor.reports.model import Failure, ScanReport
from tests.reports.making import CWD, at, report, reported, source


def rendered(made: ScanReport) -> Element:
    text = FORMATS["junit"](made)
    assert text.isascii()
    return fromstring(text)  # noqa: S314 - it is our own


def counts(root: Element) -> list[str]:
    suite = root[0]
    assert [root.get(key) for key in ("tests", "failures", "errors")] == [
        suite.get(key) for key in ("tests", "failures", "errors")
    ]
    return [str(suite.get(key)) for key in ("tests", "failures", "errors")]


def test_a_finding_is_a_test_case_that_failed() -> None:
    made = report(reported(at(source("x = bad", "backend/store.py"), "bad")))

    root = rendered(made)

    (case,) = root.iter("testcase")
    assert case.attrib == {
        "classname": "backend/store.py",
        "name": "CK903 unparsable-file at 1:5",
        "file": "backend/store.py",
        "line": "1",
    }
    (failure,) = case
    assert failure.attrib == {"message": "the thing is bad", "type": "error"}
    page = made.findings[0].page
    assert str(failure.text).splitlines() == [
        "backend/store.py:1:5: error: the thing is bad",
        "help: Make it good.",
        f"why: {page.why}",
        page.url,
    ]
    assert counts(root) == ["1", "1", "0"]


def test_advice_passes() -> None:
    root = rendered(report(reported(at(source("x"), "x"), severity=Severity.INFO)))

    assert counts(root) == ["1", "0", "0"]
    assert "the thing is bad" in str(root.findtext(".//system-out"))


def test_a_clean_scan_is_a_test_that_passed() -> None:
    root = rendered(report())

    assert counts(root) == ["1", "0", "0"]
    (case,) = root.iter("testcase")
    assert list(case) == []


def test_a_bug_of_ours_is_an_error() -> None:
    root = rendered(report(failures=(Failure("CK101", CWD / "a.py", "KeyError: 'x'", "Traceback…"),)))

    assert counts(root) == ["1", "0", "1"]
    (error,) = root.iter("error")
    assert (error.get("message"), error.text) == ("KeyError: 'x'", "Traceback…")


def test_nothing_breaks_the_xml() -> None:
    message = '<a href="&">\']]> \x00\x1b\ufffe\udcff 🎉\n<!-- é'
    code = source("x", '<&">\x01.py')

    (failure,) = rendered(report(reported(at(code, "x"), message=message))).iter("failure")

    assert failure.get("message") == '<a href="&">\']]> \\x00\\x1b\\ufffe\ufffd 🎉\\n<!-- é'
    assert str(failure.text).startswith('<&">\\x01.py:1:1: error: <a href="&">')
