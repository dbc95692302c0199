"""The report as Markdown: for the summary of a job on GitHub ($GITHUB_STEP_SUMMARY), a pull request or a chat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.counts import count
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.reports.drawing.summary import summary, targets
from chatkit_doctor.reports.model import Reported, ScanReport
from chatkit_doctor.reports.sentences import advice

# GitHub refuses more than 1 MiB for all that one step writes; the other half is for a diff beside the report.
MOST_BYTES = 512 * 1024
# Kept free for the lines that no cut may take: the heading, the counts, what was left out.
_RESERVED = 4096
_SPECIAL = regex(r"([\\`*_\[\]#|~$])")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"})


@dataclass(frozen=True, slots=True)
class _Section:
    """A heading (its first lines) and rows of which any number may be left out."""

    opening: str
    rows: Iterable[str]
    noun: str


def render(report: ScanReport) -> str:
    """Return a heading, the counts, and tables of what is there and what was fixed, in at most MOST_BYTES of UTF-8."""
    lines = [f"## chatkit-doctor\n\n{_escaped(summary(report))}\n"]
    # The counts of a clean scan name the releases already.
    if report.findings and (releases := targets(report)):
        lines.append(f"\nChecked against {_escaped(releases)}.\n")
    room = MOST_BYTES - _RESERVED
    for section in _sections(report):
        shown, room = _fitting(section, room)
        lines += shown
    return "".join(lines)


def _sections(report: ScanReport) -> Iterator[_Section]:
    if report.open:
        opening = "| Severity | Rule | Place | What is wrong |\n| --- | --- | --- | --- |"
        yield _Section(opening, (_row(each, report) for each in report.open), "finding")
    if report.fixed and not report.quiet:
        yield _Section("### Fixed\n", (_fixed(each, report) for each in report.fixed), "finding")
    if report.held_back and not report.quiet:
        rows = (f"- {_escaped(f'{report.shown_path(e.path)}: {e.title}: {e.reason}')}" for e in report.held_back)
        yield _Section("### Not fixed\n", rows, "fix")
    if report.failures:
        rows = (f"- {e.code} crashed: {_escaped(e.error)}" for e in report.failures)
        yield _Section("### Internal errors\n", rows, "error")


def _fitting(section: _Section, room: int) -> tuple[list[str], int]:
    """Return a section's lines, those that `room` bytes take, and the room that they leave."""
    lines, left_out = [f"\n{section.opening}\n"], 0
    for row in section.rows:
        size = len(row.encode(errors="replace")) + 1
        if left_out or size > room:
            left_out += 1
            continue
        room -= size
        lines.append(f"{row}\n")
    if left_out:
        lines.append(f"\n{count(left_out, f'more {section.noun}')} left out: the report would be too long.\n")
    return lines, room


def _row(each: Reported, report: ScanReport) -> str:
    return f"| {each.severity} | {_rule(each)} | {_place(each, report)} | {_escaped(advice(each.finding))} |"


def _fixed(each: Reported, report: ScanReport) -> str:
    return f"- {_rule(each)} {_place(each, report)}: {_escaped(each.fix_title)}"


def _rule(each: Reported) -> str:
    return f"[{each.finding.code}]({each.page.url}) {each.page.name}"


def _place(each: Reported, report: ScanReport) -> str:
    at = each.finding.at
    return f"{_escaped(report.shown_path(at.path))}:{at.first.line}"


def _escaped(text: str) -> str:
    """Return text of one line in which nothing is Markdown or HTML any more, nor a mention of somebody."""
    return _SPECIAL.sub(r"\\\1", visible(text)).translate(_HTML)
