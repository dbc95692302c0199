"""The report as JUnit XML, which most CI servers show as tests: each finding is a test case that failed.

In the form that Jenkins and GitLab read (testsuites, testsuite, testcase, failure or error), for which no standard
exists. The document is ASCII, with numbers for all other characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from chatkit_doctor.finding import Severity
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.reports.model import Failure, Reported, ScanReport
from chatkit_doctor.reports.sentences import sentence

_NAME = "chatkit-doctor"


def render(report: ScanReport) -> str:
    """Return the document. A scan without findings is one test case that passed; so is advice, which never fails."""
    cases = list(_cases(report)) or [_case(_NAME, "scan")]
    root = Element("testsuites", {"name": _NAME, **_counts(cases)})
    suite = SubElement(root, "testsuite", {"name": _NAME, **_counts(cases)})
    suite.extend(cases)
    indent(root)
    document: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return "".join(f"{_without_command(line)}\n" for line in document.decode("ascii").split("\n"))


def _without_command(line: str) -> str:
    """Return a line of the document that no build's runner takes for a command, with the same meaning in XML."""
    text = line.replace("##", "#&#35;").lstrip()
    return line[: len(line) - len(line.lstrip())] + (f"&#58;{text[1:]}" if text.startswith("::") else text)


def _counts(cases: list[Element]) -> dict[str, str]:
    numbers = {"tests": len(cases)} | {
        f"{outcome}s": sum(case.find(outcome) is not None for case in cases) for outcome in ("failure", "error")
    }
    return {key: str(number) for key, number in numbers.items()}


def _cases(report: ScanReport) -> Iterator[Element]:
    yield from (_finding(each, report) for each in report.open)
    yield from (_failure(each, report) for each in report.failures)


def _finding(each: Reported, report: ScanReport) -> Element:
    finding, place = each.finding, each.finding.at.first
    path = report.shown_path(finding.at.path)
    case = _case(path, f"{finding.code} {each.page.name} at {place.line}:{place.column}", path, place.line)
    text = "\n".join(map(visible, _text(each, f"{path}:{place.line}:{place.column}")))
    if each.severity is Severity.INFO:
        SubElement(case, "system-out").text = text
        return case
    outcome = {"message": visible(finding.message), "type": each.severity.value}
    SubElement(case, "failure", outcome).text = text
    return case


def _text(each: Reported, place: str) -> Iterator[str]:
    yield f"{place}: {each.severity}: {each.finding.message}"
    if each.finding.help:
        yield f"help: {sentence(each.finding.help)}"
    yield f"why: {each.why}"
    yield each.page.url


def _failure(each: Failure, report: ScanReport) -> Element:
    case = _case(report.shown_path(each.path) if each.path is not None else _NAME, f"{each.code} crashed")
    traceback = "\n".join(map(visible, each.traceback.splitlines()))
    SubElement(case, "error", {"message": visible(each.error), "type": "internal error"}).text = traceback
    return case


def _case(classname: str, name: str, file: str = "", line: int = 0) -> Element:
    place = {"file": visible(file), "line": str(line)} if file else {}
    return Element("testcase", {"classname": visible(classname), "name": visible(name), **place})
