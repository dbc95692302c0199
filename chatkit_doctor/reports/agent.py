"""The report for coding agents: a block for each finding, with the fact, the line, the exact edit, and what proves it.

What stops the app from starting comes first. An id stays the same while the line does, wherever it moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from chatkit_doctor.finding import Edit, Fix
from chatkit_doctor.reports.counts import count
from chatkit_doctor.reports.drawing.summary import summary
from chatkit_doctor.reports.edge import printed_lines
from chatkit_doctor.reports.fingerprints import fingerprints
from chatkit_doctor.reports.model import Reported, ScanReport
from chatkit_doctor.reports.reading_order import groups
from chatkit_doctor.reports.sentences import sentence
from chatkit_doctor.reports.unified import unified

_ID = 12
_MOST_CODE = 200


def render(report: ScanReport, most: int | None = None) -> str:
    """Return the blocks, a blank line between them, then the counts. most: how many blocks at most; None for all."""
    return printed_lines(_lines(report, most))


def _lines(report: ScanReport, most: int | None) -> Iterator[str]:
    ids = {id(each): found[:_ID] for each, found in fingerprints(report)}
    found = [each for group in groups(report) for each in group]
    for each in found[:most]:
        yield from _block(each, ids[id(each)], report)
        yield ""
    if most is not None and len(found) > most:
        yield f"not shown: {count(len(found) - most, 'more finding')}"
    if report.quiet:
        return
    for held_back in report.held_back:
        yield f"not fixed: {report.shown_path(held_back.path)}: {held_back.title}: {held_back.reason}"
    for failure in report.failures:
        yield f"internal error: {failure.code} crashed: {failure.error}"
    yield summary(report)


def _block(each: Reported, id_: str, report: ScanReport) -> Iterator[str]:
    finding, at = each.finding, each.finding.at
    path = report.shown_path(at.path)
    yield f"{finding.code} {each.page.name} {each.severity} id={id_}"
    yield f"at: {path}:{at.first.line}:{at.first.column}"
    yield f"fact: {finding.message}"
    if at.source.text:
        yield f"code: {at.source.line(at.first.line).strip()[:_MOST_CODE]}"
    yield f"why: {each.why}"
    if each.seen_as:
        yield f"seen as: {each.seen_as}"
    if finding.help:
        yield f"do: {sentence(finding.help)}"
    if finding.fix is not None and finding.fix.edits:
        yield from _edit(finding.fix, report)
    yield f"verify: chatkit-doctor scan --select {finding.code} {_quoted(path)}"


def _edit(fix: Fix, report: ScanReport) -> Iterator[str]:
    """Yield what a fix changes in the files as they are now, as a diff that `patch -p0` takes."""
    yield f"edit ({fix.applicability}): {fix.title}"
    for path, edits in groupby(sorted(fix.edits, key=lambda edit: edit.at.order), key=attrgetter("at.path")):
        found = list(edits)
        source = found[0].at.source
        yield from (line.removesuffix("\n") for line in unified(source.text, _edited(found), report.shown_path(path)))


def _edited(edits: list[Edit]) -> str:
    text = edits[0].at.source.text
    for edit in reversed(edits):
        text = text[: edit.at.start] + edit.text + text[edit.at.end :]
    return text


def _quoted(path: str) -> str:
    import shlex

    return shlex.quote(path)
