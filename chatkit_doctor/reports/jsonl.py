"""The report as JSON Lines: each finding as an object of its own line, with the keys that it has in JSON, version 1."""

from __future__ import annotations

from chatkit_doctor.reports.edge import as_json
from chatkit_doctor.reports.json import finding_record
from chatkit_doctor.reports.model import ScanReport


def render(report: ScanReport) -> str:
    """Return a line for each finding, in ASCII; nothing where there is none."""
    return "".join(as_json(finding_record(each, report), indent=None) for each in report.findings)
