"""A file that matters and cannot be read or parsed (CK903)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.finding import Finding

if TYPE_CHECKING:
    from chatkit_doctor.project.tree import Problem
    from chatkit_doctor.source import Source

CODE = "CK903"


def unparsable_file(problem: Problem, source: Source) -> Finding:
    """Return the finding about a file; source: what can be shown of it, an empty text where nothing can be."""
    start = source.line_start(problem.line)
    at = source.location(start, start + len(source.line(problem.line))) if source.text else source.location(0, 0)
    return Finding(
        CODE,
        at,
        f"{problem.path.name} cannot be read: {problem.reason.removeprefix('it cannot be read: ')}",
        label="the scan stops reading here",
        help="mend the file, or leave it out of the scan",
    )
