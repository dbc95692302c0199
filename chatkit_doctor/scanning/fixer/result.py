"""What comes of a fix run: new contents, what they mend, and what was not made and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chatkit_doctor.finding import Finding
from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.results.found import InternalError


@dataclass(frozen=True, slots=True)
class HeldBackFix:
    """A fix that was allowed and not made: the file of its finding, its title, and why in one clause."""

    path: Path
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class FixResult:
    """What the files would hold after the fixes.

    texts: the new contents of the files that change.
    fixed: the findings, as first seen, whose cause has gone.
    remaining: the findings that are left, in terms of the new contents.
    errors: the bugs that the building of edits ran into.
    together: the files of each fix that was made, of which none is right without the others.
    is_cut: whether fixes were not tried for all that had been tried before.
    """

    texts: Mapping[Path, str]
    fixed: list[Finding]
    remaining: list[Finding]
    held_back: list[HeldBackFix]
    errors: list[InternalError]
    together: frozenset[frozenset[Path]] = frozenset()
    is_cut: bool = False
