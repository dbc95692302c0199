"""The report as workflow commands of GitHub Actions: each finding becomes an annotation of its lines.

Written as GitHub documents its workflow commands; a command is a line that starts with two colons.
"""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.finding import Severity
from chatkit_doctor.reports.drawing.summary import summary
from chatkit_doctor.reports.edge import printed
from chatkit_doctor.reports.model import Failure, HeldBack, Reported, ScanReport
from chatkit_doctor.reports.sentences import advice

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: ScanReport) -> str:
    """Return a command for each finding, fix held back and bug of ours, then the counts."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: ScanReport) -> Iterator[str]:
    yield from (_finding(each, report) for each in report.open)
    yield from (_failure(each, report) for each in report.failures)
    if report.quiet:
        return
    yield from (_held_back(each, report) for each in report.held_back)
    yield printed(summary(report))


def _finding(each: Reported, report: ScanReport) -> str:
    at = each.finding.at
    path, first, last = report.shown_path(at.path), at.first, at.last
    places: dict[str, object] = {"file": path, "line": first.line, "endLine": last.line}
    # GitHub takes columns only within one line.
    if first.line == last.line:
        places |= {"col": first.column, "endColumn": last.column}
    places["title"] = f"{each.finding.code} {each.page.name}"
    # The log shows the text alone, so the place stands in it as well.
    text = f"{path}:{first.line}:{first.column}: {advice(each.finding)}"
    return _command(_COMMANDS[each.severity], places, text, each.page.url)


def _held_back(each: HeldBack, report: ScanReport) -> str:
    path = report.shown_path(each.path)
    text = f"not fixed: {path}: {each.title}: {each.reason}"
    return _command("warning", {"file": path, "title": "chatkit-doctor"}, text)


def _failure(each: Failure, report: ScanReport) -> str:
    place = f" at {report.shown_path(each.path)}" if each.path is not None else ""
    text = f"internal error: {each.code} crashed{place}: {each.error}"
    return _command("error", {"title": "chatkit-doctor"}, text)


def _command(name: str, properties: dict[str, object], *lines: str) -> str:
    """Return a command, the only lines that may begin with colons; what it says is made visible here."""
    listed = ",".join(f"{key}={_escaped_property(printed(str(value)))}" for key, value in properties.items())
    return f"::{name} {listed}::{_escaped(chr(10).join(map(printed, lines)))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
