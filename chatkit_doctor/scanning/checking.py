"""The checks run over a project: what they find, the bugs they run into, and the files that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from chatkit_doctor.checks.doctor.invalid_suppression import CODE as INVALID
from chatkit_doctor.checks.doctor.unparsable_file import CODE as UNPARSABLE
from chatkit_doctor.checks.doctor.unparsable_file import unparsable_file, written_for_newer
from chatkit_doctor.checks.doctor.unused_suppression import CODE as UNUSED
from chatkit_doctor.checks.loading import rules
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App
from chatkit_doctor.project.project import Project
from chatkit_doctor.project.relevance import Needles
from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.results.found import Found, InternalError, Tell, identity, note
from chatkit_doctor.scanning.results.processes import Work, check_side_by_side
from chatkit_doctor.scanning.results.units import Unit, units_of

if TYPE_CHECKING:
    from chatkit_doctor.checks.loading import Rule
    from chatkit_doctor.scanning.results.known import CheckUnits

# How the word is written in package names, element names, imports, hooks and constants.
CHATKIT = (b"chatkit", b"ChatKit", b"Chatkit", b"CHATKIT", b"chat-kit", b"chatKit")
_ABOUT_ANY_FILE = (UNPARSABLE, UNUSED, INVALID)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the checks found in a project, in the order of the text, and the bugs they ran into.

    cut: the codes of the rules that were stopped, having found more in one app than anybody reads.
    """

    findings: list[Finding]
    internal_errors: list[InternalError]
    cut: frozenset[str] = frozenset()


class Results(Protocol):
    """What was found before in apps that may be as they were."""

    def results(
        self, project: Project, units: Sequence[Unit], rules: Sequence[Rule], check: CheckUnits, /
    ) -> dict[App, Found]:
        """Return what the rules find in each app. check: finds it out, for those of which it is not known."""


def needles_of(codes: Iterable[str]) -> Needles:
    """Return what a file must mention for one of these rules to look at it."""
    wanted = set(codes)
    # What is wrong with a file or with the comments in it is noticed in whatever any rule would look at.
    asked = [rule for rule in rules().values() if rule.code in wanted or not wanted.isdisjoint(_ABOUT_ANY_FILE)]
    reads = frozenset(kind for rule in asked for kind in rule.reads)
    is_web = not reads.isdisjoint({"web", "own web"})
    return Needles(python=CHATKIT if "python" in reads else (), web=CHATKIT if is_web else ())


def check_project(
    project: Project,
    codes: Iterable[str],
    tell: Tell,
    known: Results | None = None,
    *,
    with_edits: bool = False,
    may_fork: bool = True,
) -> CheckResult:
    """Run the checks of these codes over a project. A check that crashes is noted, and the others go on.

    tell: takes which rule is checked, at its start. known: what was found in apps that are as they were.
    with_edits: whether the edits of fixes will be asked for, which whoever finds something then builds at once.
    may_fork: whether several processes may check.
    """
    wanted = set(codes)
    asked = [rule for rule in rules().values() if rule.code in wanted]
    found: dict[tuple[object, ...], Finding] = {}
    errors: list[InternalError] = []
    cut: set[str] = set()
    units = units_of(project.checked)
    work = Work(project, asked, with_edits=with_edits, may_fork=may_fork)

    def check(pending: Sequence[Unit]) -> dict[App, Found]:
        return check_side_by_side(work, pending, tell)

    results = known.results(project, units, asked, check) if known is not None else check(units)
    for app in project.checked:
        result = results[app]
        for error in result.errors:
            note(errors, error)
        cut |= result.cut
        for finding in result.findings:
            if app.owns(finding.at.path):
                found.setdefault(identity(finding), finding)
    findings = list(found.values())
    if UNPARSABLE in wanted:
        project.take_in()
        findings += [unparsable_file(each, project.text_of_problem(each)) for each in project.problems.values()]
        findings += written_for_newer(project.newer_modules)
    findings.sort(key=lambda each: each.order)
    return CheckResult(findings, errors, frozenset(cut))
