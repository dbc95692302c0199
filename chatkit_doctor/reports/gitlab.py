"""The report as GitLab's code quality has it: an array of issues, which a merge request shows beside its changes."""

from __future__ import annotations

from typing import Any

from chatkit_doctor.finding import Severity
from chatkit_doctor.reports.edge import as_json
from chatkit_doctor.reports.fingerprints import fingerprints
from chatkit_doctor.reports.model import Reported, ScanReport
from chatkit_doctor.reports.sentences import advice

# GitLab knows info, minor, major, critical and blocker.
_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(report: ScanReport) -> str:
    """Return the array, in ASCII. GitLab takes its paths from the root of the repository, so scan from there."""
    return as_json([_issue(each, mark, report) for each, mark in fingerprints(report)])


def _issue(each: Reported, fingerprint: str, report: ScanReport) -> dict[str, Any]:
    at = each.finding.at
    return {
        "description": advice(each.finding),
        "check_name": f"{each.finding.code} {each.page.name}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[each.severity],
        "location": {
            "path": report.shown_path(at.path),
            "lines": {"begin": at.first.line, "end": at.last.line},
        },
    }
