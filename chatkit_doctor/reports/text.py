"""The report for people at a terminal: each finding with its code, reasons and fix, then a line of counts."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.finding import Applicability, Finding, Fix, Severity
from chatkit_doctor.reports.drawing.cells import visible, window
from chatkit_doctor.reports.drawing.frame import Frame
from chatkit_doctor.reports.drawing.hunks import Changed, Hunk, hunks
from chatkit_doctor.reports.drawing.paint import (
    ADDED,
    FAINT,
    GUTTER,
    KEYWORD,
    REMOVED,
    SEVERITY_STYLES,
    STRONG,
    Line,
    paint,
)
from chatkit_doctor.reports.drawing.summary import summary
from chatkit_doctor.reports.model import Failure, HeldBack, Report, Reported
from chatkit_doctor.reports.sentences import sentence

FLAGS = {Applicability.SAFE: "--fix", Applicability.UNSAFE: "--fix --unsafe-fixes"}
_KIND_STYLES = {"+": ADDED, "-": REMOVED, " ": ""}
# Prose in lines longer than this is hard to read, however wide the terminal.
_WIDEST_PROSE = 110
_MOST_DIFF_LINES = 14


def render(report: Report) -> str:
    """Return the report as text, with colour and width as the terminal has them."""
    return paint(_lines(report), color=report.terminal.color)


def _lines(report: Report) -> Iterator[Line]:
    for each in report.open:
        yield from _finding(each, report)
        yield []
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


def _finding(each: Reported, report: Report) -> Iterator[Line]:
    finding = each.finding
    style = SEVERITY_STYLES[each.severity]
    yield [
        (f"{each.severity}[{finding.code}]", style),
        (f" {each.page.name}", FAINT),
        (f": {finding.message}", STRONG),
    ]
    changes = list(hunks(finding.fix.edits)) if finding.fix is not None else []
    frame = Frame.of(report.terminal, style, _last_number(finding, changes))
    place = finding.at.first
    path = report.shown_path(finding.at.path)
    yield [(" " * frame.number_width + "--> ", GUTTER), (f"{path}:{place.line}:{place.column}", "")]
    yield from frame.draw(finding.at, finding.label)
    yield from _notes(each, frame)
    if finding.fix is not None and changes:
        yield from _fix(finding.fix, changes, frame, report)


def _last_number(finding: Finding, changes: list[Hunk]) -> int:
    """Return the greatest line number that is shown of a finding."""
    shown = min(finding.at.last.line + 1, finding.at.source.line_count)
    return max([shown, *(line.number for hunk in changes for line in hunk.lines)])


def _notes(each: Reported, frame: Frame) -> Iterator[Line]:
    finding, row = each.finding, each.error_reference
    yield from _note(frame, "why", each.why)
    if finding.help:
        yield from _note(frame, "help", sentence(finding.help))
    if each.seen_as:
        yield from _note(frame, "seen as", each.seen_as)
    if row is not None:
        yield from _note(frame, "reference", f"row {row.row}, {row.module}: {row.error}. {row.fix}.")
    yield from _note(frame, "page", f"chatkit-doctor explain {finding.code}")


def _note(frame: Frame, keyword: str, text: str) -> Iterator[Line]:
    start = " " * frame.number_width + " = "
    indent = len(start) + len(keyword) + 2
    room = min(frame.terminal.width, _WIDEST_PROSE) - indent
    import textwrap

    first, *rest = textwrap.wrap(visible(text), room, break_on_hyphens=False) or [""]
    yield [(start, GUTTER), (f"{keyword}: ", STRONG), (first, "")]
    yield from ([(" " * indent + line, "")] for line in rest)


def _fix(fix: Fix, changes: list[Hunk], frame: Frame, report: Report) -> Iterator[Line]:
    yield from _note(frame, "fix", f"{fix.title} ({fix.applicability}: {FLAGS[fix.applicability]} applies it)")
    lines = list(_diff(changes, frame, report))
    most = len(lines) if report.verbose else _MOST_DIFF_LINES
    # Leaving out a single line saves nothing.
    if len(lines) <= most + 1:
        yield from lines
        return
    yield from lines[:most]
    left_out = f"{len(lines) - most} more lines; --verbose shows them"
    yield [*frame.gutter(), (f" {frame.glyphs.ellipsis} {left_out}", FAINT)]


def _diff(changes: list[Hunk], frame: Frame, report: Report) -> Iterator[Line]:
    """Yield the lines of the hunks, the path before those of each file where there are several."""
    several = len({hunk.path for hunk in changes}) > 1
    before: Hunk | None = None
    for hunk in changes:
        if several and (before is None or hunk.path != before.path):
            yield [(" " * frame.number_width + "--> ", GUTTER), (report.shown_path(hunk.path), "")]
        elif before is not None and hunk.lines[0].number > before.lines[-1].number + 1:
            yield [(frame.glyphs.ellipsis, GUTTER)]
        before = hunk
        yield from (_diff_line(line, frame) for line in hunk.lines)


def _diff_line(line: Changed, frame: Frame) -> Line:
    room = frame.terminal.width - frame.number_width - 5
    shown = window(line.text, line.differs_at, line.differs_at, room, frame.glyphs.ellipsis)
    return [*frame.gutter(str(line.number)), (f" {line.kind} {shown.text}", _KIND_STYLES[line.kind])]


def _fixed(report: Report) -> Iterator[Line]:
    yield [("Fixed:", STRONG)]
    for each in report.fixed:
        finding = each.finding
        place = f"{report.shown_path(finding.at.path)}:{finding.at.first.line}"
        yield [("  ", ""), (finding.code, ADDED), (f" {place}: {each.fix_title}", "")]


def _ignored(report: Report) -> Iterator[Line]:
    yield [("Ignored from now on:", STRONG)]
    for each in report.ignored:
        finding = each.finding
        place = f"{report.shown_path(finding.at.path)}:{finding.at.first.line}"
        yield [("  ", ""), (finding.code, KEYWORD), (f" {place}: {finding.message}", "")]


def _held_back(held_back: HeldBack, report: Report) -> Iterator[Line]:
    path = report.shown_path(held_back.path)
    yield [("not fixed", KEYWORD), (f": {path}: {held_back.title}: {held_back.reason}", "")]


def _failure(failure: Failure, report: Report) -> Iterator[Line]:
    place = f" at {report.shown_path(failure.path)}" if failure.path is not None else ""
    text = f": {failure.code} crashed{place}: {failure.error}"
    yield [("internal error", SEVERITY_STYLES[Severity.ERROR]), (text, "")]
    hint = "" if report.verbose else "; --verbose shows the traceback"
    yield [(f"  This is a bug in chatkit-doctor. The other rules were checked{hint}.", "")]
    if report.verbose:
        yield from ([(f"  {line}", FAINT)] for line in failure.traceback.splitlines())


def _targets(report: Report) -> Iterator[Line]:
    for target in report.targets:
        app = f" ({target.app})" if target.app else ""
        yield [("checked against", KEYWORD), (f": {target.package} {target.version}, from {target.origin}{app}", "")]
