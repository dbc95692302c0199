"""The report as JSON, version 1: what scripts rely on. Its keys and their order never change within a version."""

from __future__ import annotations

from typing import Any

from chatkit_doctor.finding import Edit, Fix, Severity
from chatkit_doctor.reports.edge import as_json
from chatkit_doctor.reports.model import Reported, ScanReport
from chatkit_doctor.source import Location, Position


def render(report: ScanReport) -> str:
    """Return the document, in ASCII so that any output encoding can take it."""
    return as_json(document(report))


def document(report: ScanReport) -> dict[str, Any]:
    """Return the document, of plain values."""
    findings = [finding_record(each, report) for each in report.findings]
    return {
        "version": 1,
        "tool": {"name": "chatkit-doctor", "version": report.tool_version},
        "targets": [
            {"package": each.package, "version": each.version, "from": each.origin, "app": each.app}
            for each in report.targets
        ],
        "findings": findings,
        "summary": {
            "files_scanned": report.files_scanned,
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "infos": report.count(Severity.INFO),
            "suppressed": report.suppressed + len(report.ignored),
            "fixable": sum(each["fix"] is not None and not each["fixed"] for each in findings),
            "fixed": len(report.fixed),
        },
    }


def finding_record(each: Reported, report: ScanReport) -> dict[str, Any]:
    """Return a finding as the documents of version 1 have it."""
    finding, row = each.finding, each.error_reference
    return {
        "code": finding.code,
        "name": each.page.name,
        "severity": each.severity.value,
        "message": finding.message,
        "help": finding.help,
        "path": report.shown_path(finding.at.path),
        "range": _range(finding.at),
        "error_reference": None
        if row is None
        else {"row": row.row, "error": row.error, "module": row.module, "fix": row.fix},
        "fix": _fix(finding.fix, report),
        "url": each.page.url,
        "fixed": each.fixed,
    }


def _fix(fix: Fix | None, report: ScanReport) -> dict[str, Any] | None:
    if fix is None or not fix.edits:
        return None
    edits = sorted(fix.edits, key=lambda edit: edit.at.order)
    return {
        "applicability": fix.applicability.value,
        "title": fix.title,
        "edits": [_edit(edit, report) for edit in edits],
    }


def _edit(edit: Edit, report: ScanReport) -> dict[str, Any]:
    return {"path": report.shown_path(edit.at.path), "range": _range(edit.at), "text": edit.text}


def _range(at: Location) -> dict[str, Any]:
    return {"start": _position(at.first), "end": _position(at.last)}


def _position(position: Position) -> dict[str, int]:
    return {"line": position.line, "column": position.column}
