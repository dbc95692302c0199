"""The report for people at a terminal: each finding with its code, reasons and fix, then a line of counts."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.finding import Severity
from chatkit_doctor.reports.drawing.paint import (
    ADDED,
    FAINT,
    KEYWORD,
    SEVERITY_STYLES,
    STRONG,
    Line,
    paint,
)
from chatkit_doctor.reports.drawing.summary import summary
from chatkit_doctor.reports.drawing.told import at_length, told
from chatkit_doctor.reports.model import Failure, HeldBack, ScanReport
from chatkit_doctor.reports.reading_order import groups


def render(report: ScanReport) -> str:
    """Return the report as text, with colour and width as the terminal has them."""
    return paint(_lines(report), color=report.terminal.color)


def _lines(report: ScanReport) -> Iterator[Line]:
    said: set[tuple[str, str]] = set()
    for group in groups(report):
        yield from told(group, report, said)
    if report.quiet:
        return
    if report.fixed:
        yield from _fixed(report)
        yield []
    if report.ignored:
        yield from _ignored(report)
        yield []
    for held_back in report.held_back:
        yield from _held_back(held_back, report)
    for failure in report.failures:
        yield from _failure(failure, report)
    yield from ([("note", KEYWORD), (f": {note}", "")] for note in report.notes)
    if report.verbose:
        yield from _targets(report)
    yield [(summary(report), STRONG if report.findings else "")]
    if not at_length(report):
        yield [("--verbose tells each at length, with what its fix changes.", "")]


def _fixed(report: ScanReport) -> Iterator[Line]:
    yield [("Fixed:", STRONG)]
    for each in report.fixed:
        finding = each.finding
        place = f"{report.shown_path(finding.at.path)}:{finding.at.first.line}"
        yield [("  ", ""), (finding.code, ADDED), (f" {place}: {each.fix_title}", "")]


def _ignored(report: ScanReport) -> Iterator[Line]:
    yield [("Ignored from now on:", STRONG)]
    for each in report.ignored:
        finding = each.finding
        place = f"{report.shown_path(finding.at.path)}:{finding.at.first.line}"
        yield [("  ", ""), (finding.code, KEYWORD), (f" {place}: {finding.message}", "")]


def _held_back(held_back: HeldBack, report: ScanReport) -> Iterator[Line]:
    path = report.shown_path(held_back.path)
    yield [("not fixed", KEYWORD), (f": {path}: {held_back.title}: {held_back.reason}", "")]


def _failure(failure: Failure, report: ScanReport) -> Iterator[Line]:
    place = f" at {report.shown_path(failure.path)}" if failure.path is not None else ""
    text = f": {failure.code} crashed{place}: {failure.error}"
    yield [("internal error", SEVERITY_STYLES[Severity.ERROR]), (text, "")]
    hint = "" if report.verbose else "; --verbose shows the traceback"
    yield [(f"  This is a bug in chatkit-doctor. The other rules were checked{hint}.", "")]
    if report.verbose:
        yield from ([(f"  {line}", FAINT)] for line in failure.traceback.splitlines())


def _targets(report: ScanReport) -> Iterator[Line]:
    for target in report.targets:
        app = f" ({target.app})" if target.app else ""
        yield [("checked against", KEYWORD), (f": {target.package} {target.version}, from {target.origin}{app}", "")]
