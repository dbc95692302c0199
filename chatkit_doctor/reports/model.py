"""What a report is made of: everything that an output format may show, already decided, nothing to look up.

Formats read a `ScanReport` and return text. They count on its order (path, place, code) and never on the project.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Finding, Severity
from chatkit_doctor.pages.templates import filled
from chatkit_doctor.records import dataclass, field
from chatkit_doctor.reports.drawing.terminal import Terminal
from chatkit_doctor.source import relative_path

if TYPE_CHECKING:
    from chatkit_doctor.contracts.error_reference import ErrorRow
    from chatkit_doctor.pages.catalogue import Page


@dataclass(frozen=True, slots=True)
class CheckedAgainst:
    """A package release that an app was checked against, and the file or flag that says so (`origin`)."""

    package: str
    version: str
    origin: str
    app: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A finding with what is known of its rule. `fixed`: it was there and is mended."""

    finding: Finding
    page: Page
    severity: Severity
    error_reference: ErrorRow | None = None
    fixed: bool = False

    @property
    def applicability(self) -> Applicability | None:
        """Return how its fix may be applied; None where there is none, or nothing is left to fix."""
        return None if self.fixed or self.finding.fix is None else self.finding.fix.applicability

    @property
    def why(self) -> str:
        """Return one sentence: why what it found is bad."""
        return self.finding.why or self.page.why

    @property
    def seen_as(self) -> str:
        """Return what the user sees of it, in the names of the project; empty where that is not known."""
        seen_as = self.finding.seen_as
        return filled(self.page.seen_as[seen_as.line], seen_as.names) if seen_as is not None else ""

    @property
    def fix_title(self) -> str:
        """Return what its fix does, in the imperative; empty where there is none."""
        return self.finding.fix.title if self.finding.fix is not None else ""


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A fix that was asked for and not made in a file, and the reason in one clause."""

    path: Path
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A bug of ours: the rule that crashed, the file it looked at last, the error and its traceback."""

    code: str
    path: Path | None
    error: str
    traceback: str


@dataclass(frozen=True)
class ScanReport:
    """A scan's outcome as every format gets it.

    cwd: the folder that paths are shown relative to.
    left_out: how many files the settings exclude.
    is_silent: whether no file says anything of ChatKit.
    ignored: the findings that new comments hide. suppressed: how many comments hid before.
    known: how many are in the baseline, or whatever `known_from` says.
    notes: what else there is to say, a sentence each without a full stop.
    quiet: the findings only. verbose: also where the releases were read, whole diffs and tracebacks.
    """

    tool_version: str
    cwd: Path
    findings: tuple[Reported, ...]
    files_scanned: int
    left_out: int = 0
    is_silent: bool = False
    targets: tuple[CheckedAgainst, ...] = ()
    ignored: tuple[Reported, ...] = ()
    suppressed: int = 0
    known: int = 0
    known_from: str = "in the baseline"
    notes: tuple[str, ...] = ()
    held_back: tuple[HeldBack, ...] = ()
    failures: tuple[Failure, ...] = ()
    quiet: bool = False
    verbose: bool = False
    terminal: Terminal = field(default_factory=Terminal)

    @cached_property
    def open(self) -> tuple[Reported, ...]:
        """Return the findings that are still there."""
        return tuple(each for each in self.findings if not each.fixed)

    @cached_property
    def fixed(self) -> tuple[Reported, ...]:
        """Return the findings that were mended."""
        return tuple(each for each in self.findings if each.fixed)

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity are still there."""
        return sum(each.severity is severity for each in self.open)

    def fixable(self, applicability: Applicability) -> int:
        """Return how many findings that are still there have a fix of an applicability that was not held back."""
        given_up = {(each.path, each.title) for each in self.held_back}
        return sum(
            each.applicability is applicability and (each.finding.at.path, each.fix_title) not in given_up
            for each in self.open
        )

    def shown_path(self, path: Path) -> str:
        """Return a path relative to the working directory, with `/`; absolute on another drive."""
        return relative_path(path, self.cwd)


def in_order(findings: Iterable[Reported]) -> tuple[Reported, ...]:
    """Return findings by path, place and code."""
    return tuple(sorted(findings, key=lambda each: each.finding.order))
