"""Makes sources, findings and reports by hand for the tests of the formats."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.contracts import error_reference
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, Severity
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.reports.model import Reported, ScanReport, in_order
from chatkit_doctor.source import Location, Source

CWD = Path("/project")


def source(text: str, name: str = "app.py") -> Source:
    return Source(CWD / name, text)


def at(source: Source, needle: str) -> Location:
    start = source.text.index(needle)
    return source.location(start, start + len(needle))


def never() -> list[Edit]:
    raise AssertionError("the edits were built and are not shown")


def fix(*edits: Edit, applicability: Applicability = Applicability.SAFE, title: str = "mend it") -> Fix:
    return Fix(title, applicability, lambda: edits)


def reported(
    location: Location,
    *,
    severity: Severity = Severity.ERROR,
    row: int | None = None,
    fixed: bool = False,
    with_fix: Fix | None = None,
    message: str = "the thing is bad",
    label: str = "this thing",
    help_: str = "make it good",
    of: str = "CK903",
) -> Reported:
    finding = Finding(of, location, message, label, help_, fix=with_fix)
    return Reported(finding, page(of), severity, error_reference(row) if row else None, fixed)


def report(*findings: Reported, **changes: object) -> ScanReport:
    settings: dict[str, object] = {"files_scanned": 3, **changes}
    return ScanReport("1.2.3", CWD, in_order(findings), **settings)  # type: ignore[arg-type]
