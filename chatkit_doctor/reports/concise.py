"""The report with a line for each finding, in the form that editors and log matchers know from compilers."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.reports.drawing.summary import summary
from chatkit_doctor.reports.edge import printed_lines
from chatkit_doctor.reports.model import Reported, ScanReport


def render(report: ScanReport) -> str:
    """Return `path:line:column: severity: message [code]` for each finding, then the counts."""
    return printed_lines(_lines(report))


def _lines(report: ScanReport) -> Iterator[str]:
    yield from (_line(each, report) for each in report.open)
    if report.quiet:
        return
    for held_back in report.held_back:
        yield f"not fixed: {report.shown_path(held_back.path)}: {held_back.title}: {held_back.reason}"
    for failure in report.failures:
        place = f" at {report.shown_path(failure.path)}" if failure.path is not None else ""
        yield f"internal error: {failure.code} crashed{place}: {failure.error}"
    yield from (f"note: {note}" for note in report.notes)
    yield summary(report)


def _line(each: Reported, report: ScanReport) -> str:
    finding, place = each.finding, each.finding.at.first
    path = report.shown_path(finding.at.path)
    fix = f" [fix: {each.applicability}]" if each.applicability is not None else ""
    return f"{path}:{place.line}:{place.column}: {each.severity}: {finding.message} [{finding.code}]{fix}"
