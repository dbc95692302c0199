"""The checks of one scan, run over its project and over what fixes make of it, and which findings are shown."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.project.project import Project
from chatkit_doctor.records import dataclass, field
from chatkit_doctor.scanning.checking import Results, check_project
from chatkit_doctor.scanning.policy import Policy, severity_of
from chatkit_doctor.scanning.results.found import MOST_FINDINGS, InternalError, Tell, note
from chatkit_doctor.scanning.selection import Selection
from chatkit_doctor.scanning.suppressions import Suppressions

if TYPE_CHECKING:
    from chatkit_doctor.scanning.baseline import Baseline, KnownFinding


@dataclass(slots=True)
class Triage:
    """Runs the checks and sorts what they find: hidden by a comment, known to the baseline, or new.

    results: what was found before in apps that may be as they were.
    with_edits: whether the edits of fixes will be asked for. may_fork: whether several processes may check.
    errors: the bugs that checks ran into. cut: the rules that found too much to be read.
    known: the findings that the baseline has.
    at_first: what there was in the project as it was read.
    """

    policy: Policy
    selection: Selection
    codes: tuple[str, ...]
    min_severity: Severity
    baseline: Baseline | None
    tell: Tell
    results: Results | None = None
    with_edits: bool = False
    may_fork: bool = True
    errors: list[InternalError] = field(default_factory=list)
    known: set[Finding] = field(default_factory=set)
    cut: set[str] = field(default_factory=set)
    at_first: AtFirst | None = None

    def check(self, project: Project) -> list[Finding]:
        """Return the findings of a project that no comment hides, in the order of the text.

        Those that the baseline has are among them, for fixes are judged by all that there is.
        """
        result = check_project(
            project, self.codes, self.tell, self.results, with_edits=self.with_edits, may_fork=self.may_fork
        )
        for error in result.internal_errors:
            note(self.errors, error)
        self.cut |= result.cut
        # Of a rule that did not come to its end nobody knows what it would not have found.
        unfinished = {error.code for error in result.internal_errors} | result.cut

        def ran(path: Path) -> frozenset[str]:
            return self.policy.codes_on(path) - unfinished

        found = list(self.policy.judged(result.findings))
        suppressions = Suppressions(project)
        hidden = {finding for finding in found if suppressions.hides(finding)}
        visible = [finding for finding in found if finding not in hidden]
        visible += self._judged(suppressions, found, ran)
        visible.sort(key=lambda finding: finding.order)
        known, stale = self._compare(project, visible, ran)
        self.known |= known
        if self.at_first is None:
            suppressed = sum(map(self._is_asked_for, hidden))
            self.at_first = AtFirst(suppressed, sum(map(self._is_asked_for, known)), stale)
        return visible

    def _judged(
        self, suppressions: Suppressions, found: list[Finding], ran: Callable[[Path], Container[str]]
    ) -> Iterator[Finding]:
        """Yield what is wrong with the comments, as much of it as of any rule."""
        judged = list(suppressions.judge(found, ran))
        counts = Counter(finding.code for finding in judged)
        self.cut |= {code for code, count in counts.items() if count == MOST_FINDINGS}
        yield from self.policy.judged(judged)

    def shows(self, finding: Finding) -> bool:
        """Return whether a finding is reported: asked for, bad enough, and not known."""
        return finding not in self.known and self._is_asked_for(finding)

    def _is_asked_for(self, finding: Finding) -> bool:
        return self.selection.is_requested(finding.at.path) and severity_of(finding).rank >= self.min_severity.rank

    def _compare(
        self, project: Project, visible: list[Finding], ran: Callable[[Path], Container[str]]
    ) -> tuple[frozenset[Finding], tuple[KnownFinding, ...]]:
        """Return the findings that the baseline has, and its entries that stand for nothing any more."""
        if self.baseline is None:
            return frozenset(), ()
        from chatkit_doctor.scanning.baseline import match

        problems = project.problems

        def looked_at(code: str, path: Path) -> bool:
            is_read = project.exists(path) and path not in problems
            return self.selection.is_requested(path) and code in ran(path) and (is_read or not os.path.lexists(path))

        asked_for = [finding for finding in visible if self.selection.is_requested(finding.at.path)]
        matched = match(self.baseline, asked_for, looked_at)
        return matched.known, matched.stale


@dataclass(frozen=True, slots=True)
class AtFirst:
    """What a project had before anything was mended.

    suppressed: how many findings comments hid. known: how many were in the baseline.
    stale: the baseline's entries that stood for nothing any more.
    """

    suppressed: int
    known: int
    stale: tuple[KnownFinding, ...]
