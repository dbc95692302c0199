"""What a scan has come to, as reports show it: its findings with what is known of their rules, and what else to say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import chatkit_doctor
from chatkit_doctor.finding import Finding
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.project.files.mention import says_chatkit
from chatkit_doctor.reports.model import CheckedAgainst, Failure, HeldBack, Reported, ScanReport, in_order
from chatkit_doctor.scanning.flow import ScanResult
from chatkit_doctor.scanning.policy import severity_of
from chatkit_doctor.source import relative_path
from chatkit_doctor.words import joined

if TYPE_CHECKING:
    from chatkit_doctor.contracts import ErrorRow


# Of the rules that were cut short, in one line.
_MOST_NAMED = 8


def report_of(result: ScanResult, unwritten: Sequence[HeldBack] = ()) -> ScanReport:
    """Return the report of a scan, as it is shown without a terminal.

    unwritten: the files that were fixed and are not on disk.
    """
    failed = {problem.path for problem in unwritten}
    fixed = [_reported(each, fixed=each.at.path not in failed) for each in result.fixed]
    unhidden = [each for each in result.ignored if each.at.path in failed]
    refused = result.fix_result.held_back if result.fix_result else []
    held_back = [HeldBack(each.path, each.title, each.reason) for each in refused]
    return ScanReport(
        tool_version=chatkit_doctor.__version__,
        cwd=Path.cwd(),
        findings=in_order([*fixed, *map(_reported, [*result.findings, *unhidden])]),
        ignored=in_order(_reported(each) for each in result.ignored if each.at.path not in failed),
        suppressed=result.at_first.suppressed,
        known=result.at_first.known,
        known_from=f"in {result.before.path.as_posix()}" if result.before is not None else "in the baseline",
        notes=tuple(_notes(result)),
        files_scanned=result.selection.scanned_count,
        left_out=result.selection.left_out,
        is_silent=_is_silent(result),
        targets=tuple(_targets(result)),
        held_back=(*held_back, *unwritten),
        failures=tuple(Failure(e.code, e.path, e.error, e.traceback) for e in result.internal_errors),
    )


def _is_silent(result: ScanResult) -> bool:
    """Return whether no file says anything of ChatKit, those included that stand around the ones asked for."""
    # An app that matters has a file that speaks, so that nobody has to look into all the others.
    if result.project.places:
        return False
    listing, stdin = result.selection.listing, result.stdin
    named = [result.project.read(path) for path in listing.explicit]
    texts = [*named, *([stdin] if stdin is not None else [])]
    # What was named is among those that may speak, whatever it says.
    return all(path in listing.explicit for path in listing.speaking()) and not any(
        source is None or says_chatkit(source.text.encode(errors="replace")) for source in texts
    )


def _notes(result: ScanResult) -> Iterator[str]:
    if result.cut:
        from chatkit_doctor.scanning.results.found import MOST_FINDINGS

        rules, stops = _listed(result.cut), "stops" if len(result.cut) == 1 else "stop"
        work = "several times the work that code of its size takes"
        bounds = f"after {MOST_FINDINGS:,} findings in one app, {work}, or far too long"
        yield f"{rules} {stops} {bounds}; more of them may be there"
    if result.fix_result is not None and result.fix_result.is_cut:
        from chatkit_doctor.scanning.fixer import MOST_TRIED

        yield f"fixes stop after {MOST_TRIED:,} characters gone through, or far too long; another run may make more"
    if result.baseline is not None and result.at_first.stale:
        from chatkit_doctor.scanning.baseline import stale_note

        yield stale_note(result.baseline, result.at_first.stale)


def _listed(codes: Sequence[str]) -> str:
    more = len(codes) - _MOST_NAMED
    return joined(codes) if more <= 1 else f"{', '.join(codes[:_MOST_NAMED])} and {more} other rules"


def _targets(result: ScanResult) -> Iterator[CheckedAgainst]:
    cwd = Path.cwd()
    for each in result.project.targets():
        if each.version is not None:
            app = relative_path(each.app, cwd)
            yield CheckedAgainst(each.package, each.version, each.told_from(cwd), app)


def _reported(finding: Finding, *, fixed: bool = False) -> Reported:
    return Reported(finding, page(finding.code), severity_of(finding), _error_row(finding.row), fixed)


def _error_row(row: int | None) -> ErrorRow | None:
    if row is None:
        return None
    from chatkit_doctor.contracts import error_reference

    return error_reference(row)


def written(result: ScanResult) -> list[HeldBack]:
    """Write the fixed files, and return those that could not be."""
    if result.fix_result is None:
        return []
    from chatkit_doctor.scanning.writing import tidy, write

    problems = write(result.fix_result, result.project)
    tidy(result.project)
    return [HeldBack(each.path, "write the fixed file", each.reason) for each in problems]
