"""The whole flow of a scan on one page: find files, read, check, mend if asked, and say what is left.

Nothing here prints. `run` raises ScanError for what a person has to put right in the call.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.catalogue import page
from chatkit_doctor.checks.registry import Rule, all_rules
from chatkit_doctor.finding import Applicability, Finding, Severity
from chatkit_doctor.project import Project
from chatkit_doctor.relevance import Needles
from chatkit_doctor.selection import ScanError, Selection, select_codes, select_files
from chatkit_doctor.source import Source, UnreadableSourceError
from chatkit_doctor.tree import Problem

if TYPE_CHECKING:
    from chatkit_doctor.fixer import FixResult
    from chatkit_doctor.targets import Override

UNPARSABLE = "CK903"


@dataclass(frozen=True, slots=True)
class InternalError:
    """A bug of ours in one check: its code, the file it was given last, and the traceback."""

    code: str
    path: Path | None
    error: str
    traceback: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the checks found in a project, in the order of the text, and the bugs they ran into."""

    findings: list[Finding]
    internal_errors: list[InternalError]


@dataclass(frozen=True, slots=True)
class Options:
    """What a scan is asked for. Codes may be prefixes (`CK1`) and names; empty `select` means every rule."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: Severity = Severity.INFO
    fix: bool = False
    unsafe_fixes: bool = False
    targets: tuple[str, ...] = ()
    stdin_path: Path | None = None
    stdin_data: bytes | None = None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Everything a report or the exit code is made of.

    findings: what is there now; fixed: what was there and was mended (in `fix_result.texts`, not yet on disk).
    stdin: what standard input held, where that was scanned.
    """

    project: Project
    selection: Selection
    codes: tuple[str, ...]
    findings: list[Finding]
    fixed: list[Finding] = field(default_factory=list)
    internal_errors: list[InternalError] = field(default_factory=list)
    fix_result: FixResult | None = None
    stdin: Source | None = None


def has_failing(findings: Iterable[Finding]) -> bool:
    """Tell whether one of the findings is at warning or above."""
    return any(severity_of(finding).rank >= Severity.WARNING.rank for finding in findings)


def severity_of(finding: Finding) -> Severity:
    """Return how bad a finding is: as its check says, or as its rule's page does."""
    return finding.severity or page(finding.code).severity


def run(paths: Sequence[Path], options: Options) -> ScanResult:
    """Scan files and folders. Raises ScanError for a path, a code or a target that does not exist."""
    codes = select_codes(options.select, options.ignore)
    selection = select_files(paths, options.stdin_path)
    stdin = _standard_input(selection.stdin_path, options.stdin_data)
    project = open_project(selection, codes, options.targets, stdin)
    shown = _reported(selection, options)
    internal: list[InternalError] = []

    def check(candidate: Project) -> list[Finding]:
        result = check_project(candidate, codes)
        for error in result.internal_errors:
            _note(internal, error)
        return result.findings

    if not options.fix:
        findings = list(filter(shown, check(project)))
        return ScanResult(project, selection, codes, findings, internal_errors=internal, stdin=stdin)
    from chatkit_doctor.fixer import fix

    # A fix is judged by all that is found, asked for or not, and made only for what is asked for.
    allowed = _allowed(options)
    result = fix(project, check, lambda finding: allowed(finding) and shown(finding), selection.may_write)
    internal += [InternalError(each.code, each.path, each.error, each.traceback) for each in result.errors]
    remaining, fixed = list(filter(shown, result.remaining)), list(filter(shown, result.fixed))
    return ScanResult(project, selection, codes, remaining, fixed, internal, result, stdin)


def build_fixes(result: ScanResult) -> None:
    """Build the edits of all fixes. One that crashes is noted and offered no more, nor is one without edits."""
    for finding in result.findings:
        if finding.fix is None:
            continue
        try:
            possible = bool(finding.fix.edits)
        except Exception as error:  # noqa: BLE001 - one fix's bug must not hide the findings
            _note(result.internal_errors, _internal_error(finding.code, finding.at.path, error))
            possible = False
        if not possible:
            finding.fix = None


def open_project(
    selection: Selection, codes: Iterable[str], targets: Sequence[str] = (), stdin: Source | None = None
) -> Project:
    """Return the project of the selected files, ready to be read for the rules of these codes.

    stdin: what standard input holds, in the place of the file that it stands for.
    """
    overrides = _overrides(targets) if targets else []
    project = Project(selection.listing, needles_of(codes), releases=_known_releases, overrides=overrides)
    return project.with_texts({stdin.path: stdin.text}) if stdin is not None else project


def _standard_input(path: Path | None, data: bytes | None) -> Source | None:
    if path is None or data is None:
        return None
    try:
        return Source.from_bytes(path, data)
    except UnreadableSourceError as error:
        raise ScanError(f"standard input: {error.reason}") from None


def _overrides(given: Sequence[str]) -> list[Override]:
    from chatkit_doctor.targets import TargetError, parse_target

    try:
        return [parse_target(each) for each in given]
    except TargetError as error:
        raise ScanError(str(error)) from None


def _known_releases(package: str) -> tuple[str, ...]:
    from chatkit_doctor.contracts import releases

    try:
        return releases(package)
    except KeyError:
        return ()


def needles_of(codes: Iterable[str]) -> Needles:
    """Return what a file must mention for one of these rules to look at it."""
    wanted = set(codes)
    # What cannot be parsed is only noticed by looking at what any rule would look at.
    rules = [rule for rule in all_rules() if rule.code in wanted or UNPARSABLE in wanted]
    return Needles(
        python=tuple(dict.fromkeys(needle for rule in rules for needle in rule.python)),
        web=tuple(dict.fromkeys(needle for rule in rules for needle in rule.web)),
    )


def check_project(project: Project, codes: Iterable[str]) -> CheckResult:
    """Run the checks of these codes over a project. A check that crashes is noted, and the others go on."""
    wanted = set(codes)
    findings: list[Finding] = []
    errors: list[InternalError] = []
    for rule in all_rules():
        if rule.code in wanted:
            _run_rule(rule, project, findings, errors)
    if UNPARSABLE in wanted:
        project.take_in()
        findings += [_unparsable(project, problem) for problem in project.problems.values()]
    findings.sort(key=lambda each: (str(each.at.path), each.at.start, each.at.end, each.code, each.message))
    return CheckResult(findings, errors)


def _run_rule(rule: Rule, project: Project, findings: list[Finding], errors: list[InternalError]) -> None:
    project.last_looked_at = None
    try:
        for finding in rule.check(project):
            findings.append(finding)  # noqa: PERF402 - what was found before a crash is kept
    except Exception as error:  # noqa: BLE001 - one rule's bug must not hide what the others find
        errors.append(_internal_error(rule.code, project.last_looked_at, error))


def _note(errors: list[InternalError], error: InternalError) -> None:
    """Add an error unless it is known, by whatever way it was come upon."""
    if all((each.code, each.path, each.error) != (error.code, error.path, error.error) for each in errors):
        errors.append(error)


def _internal_error(code: str, path: Path | None, error: Exception) -> InternalError:
    return InternalError(code, path, f"{type(error).__name__}: {error}", "".join(traceback.format_exception(error)))


def _unparsable(project: Project, problem: Problem) -> Finding:
    source = project.text_of_problem(problem)
    start = source.line_start(problem.line)
    at = source.location(start, start + len(source.line(problem.line))) if source.text else source.location(0, 0)
    return Finding(
        UNPARSABLE,
        at,
        f"{problem.path.name} cannot be read: {problem.reason}",
        label="the scan stops reading here",
        help="mend the file, or leave it out of the scan",
    )


def _reported(selection: Selection, options: Options) -> Callable[[Finding], bool]:
    def shown(finding: Finding) -> bool:
        if not selection.is_requested(finding.at.path):
            return False
        return severity_of(finding).rank >= options.min_severity.rank

    return shown


def _allowed(options: Options) -> Callable[[Finding], bool]:
    def allowed(finding: Finding) -> bool:
        fix = finding.fix
        return fix is not None and (options.unsafe_fixes or fix.applicability is Applicability.SAFE)

    return allowed
