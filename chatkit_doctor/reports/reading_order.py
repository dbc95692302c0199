"""Findings in the order that people read them: what stops the app from starting first, advice last."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from chatkit_doctor.finding import Severity
from chatkit_doctor.reports.model import Reported, ScanReport


def groups(report: ScanReport) -> Iterator[list[Reported]]:
    """Yield the open findings, those of one rule in one file together."""
    firsts: dict[object, tuple[Any, ...]] = {}
    for each in report.open:
        firsts.setdefault(_group(each), each.finding.order)
    in_order = sorted(report.open, key=lambda each: (_weight(each), firsts[_group(each)], each.finding.order))
    for _, found in groupby(in_order, key=_group):
        yield list(found)


def _group(each: Reported) -> tuple[object, ...]:
    return each.severity, each.finding.code, each.finding.at.path


def _weight(each: Reported) -> int:
    """Return what sorts the worst first."""
    is_error = each.severity is Severity.ERROR
    return -each.severity.rank - (is_error and each.page.stops_the_start)
