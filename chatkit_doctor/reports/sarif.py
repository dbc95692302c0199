"""The report as SARIF 2.1.0, the standard that code scanning services and editors read.

Section numbers are those of the OASIS standard. Columns count characters (`columnKind`), the end exclusive, as ours do.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chatkit_doctor.finding import Fix, Severity
from chatkit_doctor.pages.catalogue import HOME, Page
from chatkit_doctor.pages.markers import readable
from chatkit_doctor.reports.edge import as_json
from chatkit_doctor.reports.fingerprints import fingerprints
from chatkit_doctor.reports.model import Failure, HeldBack, Reported, ScanReport
from chatkit_doctor.reports.sentences import advice
from chatkit_doctor.source import Location

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# GitHub's word for the same, by which it sorts alerts.
_PROBLEM_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
# Raised when findings get other fingerprints than before (3.27.17).
_FINGERPRINT = "chatkitDoctor/v1"


def render(report: ScanReport) -> str:
    """Return the log with one run, in ASCII so that any output encoding can take it."""
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]})


def _run(report: ScanReport) -> dict[str, Any]:
    pages = sorted({each.page for each in report.open}, key=lambda page: page.code)
    index = {page.code: number for number, page in enumerate(pages)}
    driver = {
        "name": "chatkit-doctor",
        "version": report.tool_version,
        "informationUri": HOME,
        "rules": [_rule(page) for page in pages],
    }
    return {
        "tool": {"driver": driver},
        "invocations": [
            {
                "executionSuccessful": not report.failures,
                "toolExecutionNotifications": list(_notifications(report)),
            }
        ],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that the scan was started in."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, mark, index, report) for each, mark in fingerprints(report)],
    }


def _rule(page: Page) -> dict[str, Any]:
    help_ = "\n".join(readable(page.body))
    return {
        "id": page.code,
        "name": page.name,
        "shortDescription": {"text": f"{page.summary}."},
        "fullDescription": {"text": page.why},
        "help": {"text": help_, "markdown": help_},
        "helpUri": page.url,
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
        "properties": {
            "tags": ["chatkit", page.meta["area"]],
            "problem.severity": _PROBLEM_SEVERITIES[page.severity],
            "precision": "very-high",
        },
    }


def _result(each: Reported, fingerprint: str, index: dict[str, int], report: ScanReport) -> dict[str, Any]:
    finding = each.finding
    location = {"physicalLocation": _physical(finding.at, report)}
    if finding.label:
        location["message"] = _message(finding.label)
    result = {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": _LEVELS[each.severity],
        "message": _message(advice(finding)),
        "locations": [location],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    if finding.fix is not None and finding.fix.edits:
        result["fixes"] = [_fix(finding.fix, report)]
    return result


def _fix(fix: Fix, report: ScanReport) -> dict[str, Any]:
    edits = sorted(fix.edits, key=lambda edit: edit.at.order)
    return {
        "description": _message(fix.title),
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path, report),
                "replacements": [
                    {"deletedRegion": _region(edit.at), "insertedContent": {"text": edit.text}} for edit in of_file
                ],
            }
            for path, of_file in groupby(edits, key=lambda edit: edit.at.path)
        ],
        "properties": {"applicability": fix.applicability.value},
    }


def _physical(at: Location, report: ScanReport) -> dict[str, Any]:
    return {"artifactLocation": _artifact(at.path, report), "region": _region(at)}


def _region(at: Location) -> dict[str, int]:
    first, last = at.first, at.last
    return {
        "startLine": first.line,
        "startColumn": first.column,
        "endLine": last.line,
        "endColumn": last.column,
    }


def _artifact(path: Path, report: ScanReport) -> dict[str, str]:
    """Return where a file is: in the root, or by its whole path, since nothing may lead out of a root (3.4.4)."""
    shown = report.shown_path(path)
    if Path(shown).is_absolute() or shown.startswith("../"):
        return {"uri": path.as_uri()}
    return {"uri": quote(os.fsencode(shown)), "uriBaseId": _ROOT}


def _notifications(report: ScanReport) -> Iterator[dict[str, Any]]:
    yield from (_failure(each, report) for each in report.failures)
    yield from (_held_back(each, report) for each in report.held_back)


def _failure(each: Failure, report: ScanReport) -> dict[str, Any]:
    notification = {"level": "error", "message": _message(f"{each.code} crashed: {each.error}")}
    return notification | _locations(each.path, report)


def _held_back(each: HeldBack, report: ScanReport) -> dict[str, Any]:
    notification = {"level": "warning", "message": _message(f"not fixed: {each.title}: {each.reason}")}
    return notification | _locations(each.path, report)


def _locations(path: Path | None, report: ScanReport) -> dict[str, Any]:
    if path is None:
        return {}
    return {"locations": [{"physicalLocation": {"artifactLocation": _artifact(path, report)}}]}


def _message(text: str) -> dict[str, str]:
    """Return a message of plain text: single braces would hold a place (3.11.5), a bracket before one begin a link.

    What is in a link's brackets has none of its own but escaped ones (3.11.6).
    """
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")}
