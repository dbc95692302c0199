"""A finding as it is told at a terminal: its message, the code, why, what to do, and what its fix changes.

What is true of all findings of one rule in one file is said once. Few findings are told at length, with the lines
around and the diff of the fix; of many each has the line it is about and its fix in a line, and what is true of all
findings of a rule is said with the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.finding import Applicability, Finding, Fix
from chatkit_doctor.reports.drawing.cells import pieces, visible
from chatkit_doctor.reports.drawing.frame import Frame
from chatkit_doctor.reports.drawing.hunks import Changed, Hunk, hunks
from chatkit_doctor.reports.drawing.paint import ADDED, FAINT, GUTTER, REMOVED, SEVERITY_STYLES, STRONG, Line
from chatkit_doctor.reports.model import Reported, ScanReport
from chatkit_doctor.reports.sentences import sentence

FLAGS = {Applicability.SAFE: "--fix", Applicability.UNSAFE: "--fix --unsafe-fixes"}
_KIND_STYLES = {"+": ADDED, "-": REMOVED, " ": ""}
# Prose in lines longer than this is hard to read, however wide the terminal.
_WIDEST_PROSE = 110
_MOST_DIFF_LINES = 14
# Of a longer line of code the part that changes is shown.
_MOST_ROWS = 4
# So many findings are told at length.
_FEW = 8


def at_length(report: ScanReport) -> bool:
    """Return whether a report's findings are few enough, or asked for in full."""
    return report.verbose or len(report.open) <= _FEW


def told(group: Sequence[Reported], report: ScanReport, said: set[tuple[str, str]]) -> Iterator[Line]:
    """Yield the lines of the findings of one rule in one file, with a blank line at the end.

    said: what was said already, with the codes that it was said of; the group's is added.
    """
    whole = at_length(report)
    if whole:
        said.clear()
    for each in group:
        yield from _finding(each, report, said)
        if whole:
            yield []
    if not whole:
        yield []


def _finding(each: Reported, report: ScanReport, said: set[tuple[str, str]]) -> Iterator[Line]:
    finding, whole = each.finding, at_length(report)
    style = SEVERITY_STYLES[each.severity]
    yield [
        (f"{each.severity}[{finding.code}]", style),
        (f" {each.page.name}", FAINT),
        (f": {finding.message}", STRONG),
    ]
    changes = list(hunks(finding.fix.edits)) if finding.fix is not None else []
    frame = Frame.of(report.terminal, style, _last_number(finding, changes if whole else []), is_tight=not whole)
    place = finding.at.first
    path = report.shown_path(finding.at.path)
    yield [(" " * frame.number_width + "--> ", GUTTER), (f"{path}:{place.line}:{place.column}", "")]
    yield from frame.draw(finding.at, finding.label)
    fix = finding.fix if changes else None
    for keyword, text in _notes(each, fix, whole=whole):
        is_shared = keyword in _SHARED or (keyword == "help" and not whole)
        if not is_shared or (finding.code, text) not in said:
            yield from _note(frame, keyword, text)
        said.add((finding.code, text))
    if whole:
        yield from _cut(list(_diff(changes, frame, report)), frame, report)


def _last_number(finding: Finding, changes: list[Hunk]) -> int:
    """Return the greatest line number that is shown of a finding."""
    shown = min(finding.at.last.line + 1, finding.at.source.line_count)
    return max([shown, *(number for hunk in changes for number in hunk.old_numbers)])


# What is said once where it is the same.
_SHARED = frozenset({"why", "seen as", "reference", "page"})


def _notes(each: Reported, fix: Fix | None, *, whole: bool) -> Iterator[tuple[str, str]]:
    """Yield what is said below the code. Where there are many findings, a fix says what to do."""
    row = each.error_reference
    yield "why", each.why
    if each.finding.help and (whole or fix is None):
        yield "help", sentence(each.finding.help)
    if each.seen_as:
        yield "seen as", each.seen_as
    if row is not None:
        yield "reference", f"row {row.row}, {row.module}: {row.error}. {row.fix}."
    yield "page", f"chatkit-doctor explain {each.finding.code}"
    if fix is not None:
        yield "fix", f"{fix.title} ({fix.applicability}: {FLAGS[fix.applicability]} applies it)"


def _note(frame: Frame, keyword: str, text: str) -> Iterator[Line]:
    start = " " * frame.number_width + " = "
    indent = len(start) + len(keyword) + 2
    room = min(frame.terminal.width, _WIDEST_PROSE) - indent
    import textwrap

    first, *rest = textwrap.wrap(visible(text), room, break_on_hyphens=False) or [""]
    yield [(start, GUTTER), (f"{keyword}: ", STRONG), (first, "")]
    yield from ([(" " * indent + line, "")] for line in rest)


def _cut(lines: list[Line], frame: Frame, report: ScanReport) -> Iterator[Line]:
    """Yield the lines of a diff, of a long one the first."""
    most = len(lines) if report.verbose else _MOST_DIFF_LINES
    # Leaving out a single line saves nothing.
    if len(lines) <= most + 1:
        yield from lines
        return
    yield from lines[:most]
    left_out = f"{len(lines) - most} more lines; --verbose shows them"
    yield [*frame.gutter(), (f" {frame.glyphs.ellipsis} {left_out}", FAINT)]


def _diff(changes: list[Hunk], frame: Frame, report: ScanReport) -> Iterator[Line]:
    """Yield the lines of the hunks, the path before those of each file where there are several."""
    several = len({hunk.path for hunk in changes}) > 1
    before: Hunk | None = None
    for hunk in changes:
        if several and (before is None or hunk.path != before.path):
            yield [(" " * frame.number_width + "--> ", GUTTER), (report.shown_path(hunk.path), "")]
        elif before is not None and min(hunk.old_numbers) > max(before.old_numbers) + 1:
            yield [(frame.glyphs.ellipsis, GUTTER)]
        before = hunk
        for line in hunk.lines:
            yield from _diff_line(line, frame)


def _diff_line(line: Changed, frame: Frame) -> Iterator[Line]:
    """Yield a line of a diff, numbered as the file is now: what is added has no number there."""
    room = frame.terminal.width - frame.number_width - 5
    style = _KIND_STYLES[line.kind]
    shown = pieces(line.text, line.differs_at, room, _MOST_ROWS, frame.glyphs.ellipsis)
    yield [*frame.gutter("" if line.kind == "+" else str(line.number)), (f" {line.kind} {shown[0]}", style)]
    yield from ([*frame.gutter(), (f"   {rest}", style)] for rest in shown[1:])
