"""Made-up rules and small projects for fix runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.project.files.listing import discover
from chatkit_doctor.project.project import Project
from chatkit_doctor.project.relevance import Needles
from chatkit_doctor.scanning.fixer import FixResult, fix
from chatkit_doctor.source import Location
from tests.projects import write_exactly

Scan = Callable[[Project], list[Finding]]
Build = Callable[[Project, Location], Sequence[Edit]]
OnDisk = dict[str, str | bytes]


def rule(pattern: str, build: Build | str, *, message: str = "{} is bad", code: str = "CK001") -> Scan:
    """Return a scan that finds a pattern in every file; a string in the place of `build` replaces what is found."""

    def scan(project: Project) -> list[Finding]:
        sources = [source for path in project.listing.files if (source := project.read(path))]
        return [
            finding(project, source.location(*match.span()))
            for source in sources
            for match in re.finditer(pattern, source.text)
        ]

    def finding(project: Project, at: Location) -> Finding:
        mend = build if callable(build) else lambda _, at: [Edit(at, build)]
        return Finding(
            code, at, message.format(at.text), fix=Fix(f"mend {at.text}", Applicability.SAFE, lambda: mend(project, at))
        )

    return scan


def rules(*scans: Scan) -> Scan:
    return lambda project: [finding for scan in scans for finding in scan(project)]


def opened(root: Path, files: OnDisk) -> Project:
    write_exactly(root, files)
    return Project(discover(root), Needles((), ()))


def run(project: Project, scan: Scan, may_write: Callable[[Path], bool] = lambda _: True) -> FixResult:
    return fix(project, scan, lambda finding: finding.fix is not None, may_write)


def texts(project: Project, result: FixResult) -> dict[str, str]:
    return {path.relative_to(project.root).as_posix(): text for path, text in result.texts.items()}


def reasons(result: FixResult) -> list[tuple[str, str, str]]:
    return [(each.path.name, each.title, each.reason) for each in result.held_back]


def words(findings: Iterable[Finding]) -> list[str]:
    return [finding.message for finding in findings]


def elsewhere(project: Project, name: str, text: str) -> Edit:
    """Put a text at the start of another file."""
    source = project.read(project.root / name)
    assert source is not None
    return Edit(source.location(0, 0), text)
