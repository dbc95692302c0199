"""The checks run over a project: what they find, the bugs they run into, and the files that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from chatkit_doctor.checks.doctor.invalid_suppression import CODE as INVALID
from chatkit_doctor.checks.doctor.unparsable_file import CODE as UNPARSABLE
from chatkit_doctor.checks.doctor.unparsable_file import unparsable_file, written_for_newer
from chatkit_doctor.checks.doctor.unused_suppression import CODE as UNUSED
from chatkit_doctor.checks.loading import Rule, rules
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App
from chatkit_doctor.project.project import Project
from chatkit_doctor.project.relevance import Needles
from chatkit_doctor.records import dataclass

# How the word is written in package names, element names, imports, hooks and constants.
CHATKIT = (b"chatkit", b"ChatKit", b"Chatkit", b"CHATKIT", b"chat-kit", b"chatKit")
# Of one rule in one app. What a machine wrote wrongly that often is mended by its generator, not by reading on.
MOST_FINDINGS = 2_000
_ABOUT_ANY_FILE = (UNPARSABLE, UNUSED, INVALID)


@dataclass(frozen=True, slots=True)
class InternalError:
    """A bug of ours in one check: its code, the file it was given last, and the traceback."""

    code: str
    path: Path | None
    error: str
    traceback: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the checks found in a project, in the order of the text, and the bugs they ran into.

    cut: the codes of the rules that were stopped, having found more in one app than anybody reads.
    """

    findings: list[Finding]
    internal_errors: list[InternalError]
    cut: frozenset[str] = frozenset()


def needles_of(codes: Iterable[str]) -> Needles:
    """Return what a file must mention for one of these rules to look at it."""
    wanted = set(codes)
    # What is wrong with a file or with the comments in it is noticed in whatever any rule would look at.
    asked = [rule for rule in rules().values() if rule.code in wanted or not wanted.isdisjoint(_ABOUT_ANY_FILE)]
    reads = frozenset(kind for rule in asked for kind in rule.reads)
    return Needles(python=CHATKIT if "python" in reads else (), web=CHATKIT if "web" in reads else ())


def check_project(project: Project, codes: Iterable[str], tell: Callable[[str], None]) -> CheckResult:
    """Run the checks of these codes over a project. A check that crashes is noted, and the others go on.

    tell: takes which rule is checked, at its start.
    """
    wanted = set(codes)
    found: dict[tuple[object, ...], Finding] = {}
    errors: list[InternalError] = []
    cut: set[str] = set()
    asked = [rule for rule in rules().values() if rule.code in wanted]
    checked = project.checked
    for place, app in enumerate(checked, 1):
        kinds = _kinds(app)
        where = f" in app {place} of {len(checked)}" if len(checked) > 1 else ""
        for number, rule in enumerate(asked, 1):
            if kinds.isdisjoint(rule.reads):
                continue
            tell(f"checking {rule.code} ({number} of {len(asked)} rules){where}")
            told = _run_rule(rule, app, errors)
            if len(told) == MOST_FINDINGS:
                cut.add(rule.code)
            for finding in told:
                if app.owns(finding.at.path):
                    found.setdefault(_identity(finding), finding)
    findings = list(found.values())
    if UNPARSABLE in wanted:
        project.take_in()
        findings += [unparsable_file(each, project.text_of_problem(each)) for each in project.problems.values()]
        findings += written_for_newer(project.newer_modules)
    findings.sort(key=lambda each: each.order)
    return CheckResult(findings, errors, frozenset(cut))


def _kinds(app: App) -> frozenset[str]:
    """Return which kinds of files that matter an app has."""
    kinds = {"python": next(app.modules(), None), "web": next(app.documents(), None)}
    return frozenset(kind for kind, first in kinds.items() if first is not None)


def _identity(finding: Finding) -> tuple[object, ...]:
    """Return what a finding is told from others by, for a file that belongs to no app is seen from several."""
    return finding.code, finding.at.path, finding.at.start, finding.at.end, finding.message


def _run_rule(rule: Rule, app: App, errors: list[InternalError]) -> list[Finding]:
    """Return what a rule finds in an app, up to a bound; what it found before a crash is kept."""
    app.last_looked_at = None
    found: list[Finding] = []
    try:
        for finding in islice(rule.check(app), MOST_FINDINGS):
            found.append(finding)  # noqa: PERF402 - what was found before a crash is kept
    except Exception as error:  # noqa: BLE001 - one rule's bug must not hide what the others find
        note(errors, internal_error(rule.code, app.last_looked_at, error))
    return found


def note(errors: list[InternalError], error: InternalError) -> None:
    """Add an error unless it is known, by whatever way it was come upon."""
    if all((each.code, each.path, each.error) != (error.code, error.path, error.error) for each in errors):
        errors.append(error)


def internal_error(code: str, path: Path | None, error: Exception) -> InternalError:
    """Return what is known of a bug: the rule it is in, the file it was about, the error and its traceback."""
    import traceback

    return InternalError(code, path, f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error)))
