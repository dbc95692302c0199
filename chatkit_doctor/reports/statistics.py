"""The report of `--statistics`: how often each rule was found, as a table for people or a document for scripts."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.finding import Applicability, Severity
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.drawing.paint import FAINT, SEVERITY_STYLES, Line, paint
from chatkit_doctor.reports.drawing.summary import summary
from chatkit_doctor.reports.edge import as_json
from chatkit_doctor.reports.model import Reported, ScanReport


@dataclass(frozen=True, slots=True)
class Row:
    """What there is of one rule at one severity. safe, unsafe: how many have such a fix; files: how many hold one."""

    code: str
    name: str
    severity: Severity
    count: int
    files: int
    safe: int
    unsafe: int


def render(report: ScanReport) -> str:
    """Return a line for each rule that was found, the most frequent first, then the counts."""
    return paint(_lines(report), color=report.terminal.color)


def render_json(report: ScanReport) -> str:
    """Return the same as one document, its `version` that of `--format json`."""
    rows = [
        {
            "code": row.code,
            "name": row.name,
            "severity": row.severity.value,
            "count": row.count,
            "files": row.files,
            "fixable": {"safe": row.safe, "unsafe": row.unsafe},
        }
        for row in rows_of(report)
    ]
    tool = {"name": "chatkit-doctor", "version": report.tool_version}
    document = {"version": 1, "tool": tool, "statistics": rows, "files_scanned": report.files_scanned}
    return as_json(document)


def rows_of(report: ScanReport) -> list[Row]:
    """Return the table's rows: the most frequent first, then the worst, then by code."""
    groups: dict[tuple[str, Severity], list[Reported]] = {}
    for each in report.open:
        groups.setdefault((each.finding.code, each.severity), []).append(each)
    rows = [_row(code, severity, found) for (code, severity), found in groups.items()]
    return sorted(rows, key=lambda row: (-row.count, -row.severity.rank, row.code))


def _row(code: str, severity: Severity, found: list[Reported]) -> Row:
    return Row(
        code,
        found[0].page.name,
        severity,
        count=len(found),
        files=len({each.finding.at.path for each in found}),
        safe=sum(each.applicability is Applicability.SAFE for each in found),
        unsafe=sum(each.applicability is Applicability.UNSAFE for each in found),
    )


def _lines(report: ScanReport) -> Iterator[Line]:
    rows = rows_of(report)
    number_width = max((len(str(row.count)) for row in rows), default=0)
    name_width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        yield [
            (f"{row.count:>{number_width}}  ", ""),
            (f"{row.severity:<7}", SEVERITY_STYLES[row.severity]),
            (f"  {row.code}  {row.name:<{name_width}}  ", ""),
            (_fixes(row), FAINT),
        ]
    if report.quiet:
        return
    if rows:
        yield []
    yield [(summary(report), "")]


def _fixes(row: Row) -> str:
    safe = [f"{row.safe} by --fix"] if row.safe else []
    unsafe = [f"{row.unsafe} by --unsafe-fixes"] if row.unsafe else []
    return f"[{', '.join([*safe, *unsafe])}]" if safe or unsafe else ""
