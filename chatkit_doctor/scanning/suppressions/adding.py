"""Writes ignore comments for findings that stand, where the language and the line allow one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.records import replace

if TYPE_CHECKING:
    from chatkit_doctor.project.project import Project
    from chatkit_doctor.scanning.fixer import FixResult
    from chatkit_doctor.source import Source

ScanAgain = Callable[["Project"], list[Finding]]

_DOCTORS_OWN = "CK9"


def add_ignores(
    project: Project,
    scan: ScanAgain,
    wanted: Callable[[Finding], bool],
    may_write: Callable[[Path], bool],
    unfinished: Collection[str] = frozenset(),
) -> FixResult:
    """Return what the files would hold with an ignore comment for every finding that is wanted and can have one.

    scan: the findings of a project that no comment hides. The result's `fixed` are those that are hidden now,
    `remaining` those that are not, each with the fix that its check offers. What the doctor says of itself gets
    no comment. A comment is kept by the same gates as any fix. unfinished: as for `fix`.
    """
    from chatkit_doctor.scanning.fixer import fix

    originals: dict[Finding, Finding] = {}

    def scan_for_ignoring(candidate: Project) -> list[Finding]:
        offered = []
        for original, finding in _with_ignoring(scan(candidate), wanted):
            originals[finding] = original
            offered.append(finding)
        return offered

    result = fix(project, scan_for_ignoring, lambda finding: finding.fix is not None, may_write, unfinished)
    return replace(
        result,
        fixed=[originals[finding] for finding in result.fixed],
        remaining=[originals[finding] for finding in result.remaining],
    )


def _with_ignoring(findings: list[Finding], wanted: Callable[[Finding], bool]) -> Iterator[tuple[Finding, Finding]]:
    """Yield each finding, and the same with the writing of a comment as its fix."""
    files: dict[Source, _File] = {}
    for finding in findings:
        offer = None
        if wanted(finding) and not finding.code.startswith(_DOCTORS_OWN):
            file = files.setdefault(finding.at.source, _File(finding.at.source))
            offer = file.offer(finding)
        yield finding, replace(finding, fix=offer)


class _File:
    """The comments to write in one file, placed when the first of them is asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._by_line: defaultdict[int, list[Finding]] = defaultdict(list)

    def offer(self, finding: Finding) -> Fix:
        """Return the fix that hides a finding, with all others that start on its line."""
        line = finding.at.first.line
        self._by_line[line].append(finding)
        return Fix(f"ignore {finding.code}", Applicability.SAFE, lambda: self._edits.get(line, ()))

    @cached_property
    def _edits(self) -> dict[int, tuple[Edit]]:
        from chatkit_doctor.scanning.suppressions.placing import ignoring_edits

        return {line: (edit,) for line, edit in ignoring_edits(self._source, self._by_line).items()}
