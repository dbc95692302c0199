"""A file that matters and cannot be read, parsed or compiled, or not by the Python that runs the doctor (CK903)."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Finding, Severity

if TYPE_CHECKING:
    from chatkit_doctor.project.tree import Problem
    from chatkit_doctor.python.module import Module
    from chatkit_doctor.source import Source

CODE = "CK903"


def unparsable_file(problem: Problem, source: Source) -> Finding:
    """Return the finding about a file; source: what can be shown of it, an empty text where nothing can be."""
    start = source.line_start(problem.line)
    at = source.location(start, start + len(source.line(problem.line))) if source.text else source.location(0, 0)
    if problem.is_read:
        return Finding(
            CODE,
            at,
            f"{problem.path.name} cannot be imported: Python refuses to compile it: {problem.reason}",
            label="the import of the file fails here",
            help="mend the line",
            why="Python stops before it runs the file, so whatever imports it does not start either.",
        )
    return Finding(
        CODE,
        at,
        f"{problem.path.name} cannot be read: {problem.reason.removeprefix('it cannot be read: ')}",
        label="the scan stops reading here",
        help="mend the file, or leave it out of the scan",
    )


def written_for_newer(modules: Sequence[Module]) -> Iterator[Finding]:
    """Yield one piece of advice, at the first file that needs the newest Python of those that need a newer one."""
    needs = max((each.needs for each in modules if each.needs is not None), default=None)
    if needs is None:
        return
    first = next(each for each in modules if each.needs == needs)
    others = len(modules) - 1
    also = f", and {others} other file{'s' if others > 1 else ''} for a newer one than the doctor's" if others else ""
    yield Finding(
        CODE,
        first.source.location(0, len(first.source.line(1))),
        f"{first.source.path.name} is written for Python {_text(needs)}{also}",
        label=f"Python {_text(sys.version_info[:2])} runs the doctor, and reads around what is newer",
        help=f"run chatkit-doctor with Python {_text(needs)} or later, and all of it is checked",
        severity=Severity.INFO,
        why="What is new in a file is left out of the checks; the rest of it is checked as usual.",
    )


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
