"""The whole flow of a scan on one page: find files, read, check, suppress, mend if asked, and say what is left.

Nothing here prints. `run` raises ScanError for what a person has to put right in the call, and SettingsError or
BaselineError for what they have to put right in a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.project.project import Project
from chatkit_doctor.records import dataclass, field, replace
from chatkit_doctor.scanning.checking import needles_of
from chatkit_doctor.scanning.policy import Policy, severity_of
from chatkit_doctor.scanning.results.found import InternalError, Tell, internal_error, note
from chatkit_doctor.scanning.selection import ScanError, Seen, Selection, select_files
from chatkit_doctor.scanning.settings import open_settings
from chatkit_doctor.scanning.triage import AtFirst, Triage
from chatkit_doctor.source import Source, UnreadableSourceError

if TYPE_CHECKING:
    from chatkit_doctor.project.targets import GivenRelease
    from chatkit_doctor.scanning.baseline import Baseline
    from chatkit_doctor.scanning.checking import Results
    from chatkit_doctor.scanning.fixer import FixResult
    from chatkit_doctor.scanning.results.known import KnownResults
    from chatkit_doctor.scanning.settings import SettingsTree


@dataclass(frozen=True, slots=True)
class Options:
    """What a scan is asked for. Codes may be prefixes (`CK1`) and names; empty `select` leaves it to the settings.

    unsafe_fixes: None leaves it to the settings.
    config: the one settings file to read; isolated: none is read.
    force_exclude: what the settings exclude is left out even where it is named.
    baseline: the file of what was there before, which is not reported. before: the same, where it is known already.
    shows_edits: whether a report will ask for the edits of fixes.
    add_ignores: a comment that ignores it is written beside each finding, in the place of fixes.
    may_fork: whether the process is ours to make copies of, which do some of the work.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_severity: Severity = Severity.INFO
    fix: bool = False
    unsafe_fixes: bool | None = None
    add_ignores: bool = False
    shows_edits: bool = False
    targets: tuple[str, ...] = ()
    config: Path | None = None
    isolated: bool = False
    force_exclude: bool = False
    baseline: Path | None = None
    before: Baseline | None = None
    may_fork: bool = True
    stdin_path: Path | None = None
    stdin_data: bytes | None = None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Everything a report or the exit code is made of.

    findings: what is there now. fixed: what was there and was mended, ignored: what a new comment hides now (both
    in `fix_result.texts`, not yet on disk).
    at_first: what comments hid and the baseline had before that.
    stdin: what standard input held, where that was scanned.
    baseline: the file of the baseline, as it was named. before: what stood in its place.
    cut: the codes of the rules that were stopped, having found more than anybody reads.
    """

    project: Project
    selection: Selection
    codes: tuple[str, ...]
    findings: list[Finding]
    at_first: AtFirst
    fixed: list[Finding] = field(default_factory=list)
    ignored: list[Finding] = field(default_factory=list)
    internal_errors: list[InternalError] = field(default_factory=list)
    fix_result: FixResult | None = None
    stdin: Source | None = None
    baseline: Path | None = None
    before: Baseline | None = None
    cut: tuple[str, ...] = ()


def has_failing(findings: Iterable[Finding]) -> bool:
    """Return whether one of the findings is at warning or above."""
    return any(severity_of(finding).rank >= Severity.WARNING.rank for finding in findings)


def run(
    paths: Sequence[Path],
    options: Options,
    tell: Tell = lambda _: None,
    seen: Seen | None = None,
    known: KnownResults | None = None,
) -> ScanResult:
    """Scan files and folders. Raises ScanError for a path, a code or a target that does not exist.

    tell: takes what is done from now on, for a person who waits. seen: what was walked before.
    known: what was found before in apps that may be as they were.
    Raises SettingsError and BaselineError as well.
    """
    result = _run(paths, options, tell, seen, known)
    if known is not None and known.is_doubtful:
        # Nobody but who reads all of it knows what would be refused.
        known.forget()
        result = _run(paths, options, tell, seen, known)
    return result


def _run(
    paths: Sequence[Path], options: Options, tell: Tell, seen: Seen | None, known: KnownResults | None
) -> ScanResult:
    prepared = prepare(paths, options, seen)
    selection, codes, project = prepared.selection, prepared.codes, prepared.project
    if known is not None:
        project = project.knowing(known.open([list(codes), list(map(_told_override, prepared.overrides))]))
    baseline = options.before or _read_baseline(options.baseline)
    triage = Triage(
        prepared.policy,
        selection,
        codes,
        options.min_severity,
        baseline,
        tell,
        _results(known, options),
        options.shows_edits,
        options.may_fork,
    )
    made = _mend(project, triage, options)
    findings, gone = (made.remaining, made.fixed) if made is not None else (triage.check(project), [])
    assert triage.at_first is not None
    gone = list(filter(triage.shows, gone))
    return ScanResult(
        project,
        selection,
        codes,
        findings=list(filter(triage.shows, findings)),
        fixed=[] if options.add_ignores else gone,
        ignored=gone if options.add_ignores else [],
        at_first=triage.at_first,
        internal_errors=triage.errors,
        fix_result=made,
        stdin=prepared.stdin,
        baseline=options.baseline,
        before=options.before,
        cut=tuple(sorted(triage.cut)),
    )


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a scan goes by, before it looks for anything.

    codes: the rules that run on some file. overrides: the releases that settings and call tell.
    stdin: what standard input holds, where it is scanned.
    """

    selection: Selection
    policy: Policy
    codes: tuple[str, ...]
    overrides: Sequence[GivenRelease]
    project: Project
    stdin: Source | None = None


def prepare(paths: Sequence[Path], options: Options, seen: Seen | None = None, base: Path | None = None) -> Prepared:
    """Return the files, the rules and the project of a scan. Raises ScanError and SettingsError.

    seen: what was walked before. base: what paths in messages are relative to, by default the working directory where
    the files are in it.
    """
    selection = select_files(paths, options.stdin_path, seen)
    settings = open_settings(
        selection.requested,
        selection.listing,
        config=options.config,
        isolated=options.isolated,
        force_exclude=options.force_exclude,
    )
    stdin = _standard_input(selection.stdin_path, options.stdin_data)
    selection = _without_excluded(selection, settings)
    policy = Policy(settings, options.select, options.ignore, options.unsafe_fixes)
    codes = policy.codes(selection.folders())
    overrides = [*settings.overrides(), *_overrides(options.targets)]
    project = _open_project(selection, codes, overrides, stdin, base)
    return Prepared(selection, policy, codes, overrides, project, stdin)


def _without_excluded(selection: Selection, settings: SettingsTree) -> Selection:
    listing, stdin_path = settings.without_excluded(selection.listing), selection.stdin_path
    is_excluded = selection.listing.explicit != listing.explicit
    if stdin_path is not None and settings.excludes(stdin_path):
        stdin_path, is_excluded = None, True
    if listing is selection.listing and not is_excluded:
        return selection
    left = replace(selection, listing=listing, stdin_path=stdin_path, is_excluded=is_excluded)
    return replace(left, left_out=selection.scanned_count - left.scanned_count)


def _mend(project: Project, triage: Triage, options: Options) -> FixResult | None:
    """Return what fixes, or comments in their place, make of a project; None where neither is asked for."""
    if not (options.fix or options.add_ignores):
        return None
    may_write = triage.selection.may_write
    if options.add_ignores:
        from chatkit_doctor.scanning.suppressions import add_ignores

        made = add_ignores(project, triage.check, triage.shows, may_write, triage.cut)
    else:
        from chatkit_doctor.scanning.fixer import fix

        # A fix is judged by all that is found, asked for or not, and made only for what is asked for.
        def allow(finding: Finding) -> bool:
            return triage.shows(finding) and triage.policy.allows_fix(finding)

        made = fix(project, triage.check, allow, may_write, triage.cut)
    triage.errors += made.errors
    return made


def _results(known: KnownResults | None, options: Options) -> Results | None:
    """Return what knows of apps that need no check: from an earlier scan, or from before a fix that is tried."""
    if known is not None or not (options.fix or options.add_ignores):
        return known
    from chatkit_doctor.scanning.results.held import TriedResults

    return TriedResults()


def _read_baseline(path: Path | None) -> Baseline | None:
    if path is None:
        return None
    from chatkit_doctor.scanning.baseline import read_baseline

    return read_baseline(path)


def build_fixes(result: ScanResult) -> None:
    """Build the edits of all fixes. One that crashes is noted and offered no more, nor is one without edits."""
    for finding in result.findings:
        if finding.fix is None:
            continue
        try:
            possible = bool(finding.fix.edits)
        except Exception as error:  # noqa: BLE001 - one fix's bug must not hide the findings
            note(result.internal_errors, internal_error(finding.code, finding.at.path, error))
            possible = False
        if not possible:
            finding.fix = None


def _open_project(
    selection: Selection,
    codes: Iterable[str],
    overrides: Sequence[GivenRelease],
    stdin: Source | None,
    base: Path | None,
) -> Project:
    """Return the project of the selected files, ready to be read for the rules of these codes.

    stdin: what standard input holds, in the place of the file that it stands for.
    """
    if base is None:
        # As reports name files: from the working directory where the files are in it.
        here = Path.cwd()
        base = here if selection.listing.root.is_relative_to(here) else None
    project = Project(selection.listing, needles_of(codes), releases=_known_releases, overrides=overrides, base=base)
    project = project.about(selection.files_alone)
    if stdin is None or selection.stdin_path is None:
        return project
    return project.with_texts({stdin.path: stdin.text})


def _standard_input(path: Path | None, data: bytes | None) -> Source | None:
    if path is None or data is None:
        return None
    try:
        return Source.from_bytes(path, data)
    except UnreadableSourceError as error:
        raise ScanError(f"standard input: {error.reason}") from None


def _overrides(given: Sequence[str]) -> list[GivenRelease]:
    if not given:
        return []
    from chatkit_doctor.project.targets import TargetError, parse_target

    try:
        return [parse_target(each) for each in given]
    except TargetError as error:
        raise ScanError(str(error)) from None


def _told_override(given: GivenRelease) -> list[object]:
    """Return a release that was given as plain values."""
    apart = sorted(map(str, given.apart))
    return [given.package, given.version, given.given_by, str(given.folder) if given.folder else None, apart]


def _known_releases(package: str) -> tuple[str, ...]:
    from chatkit_doctor.contracts import releases

    try:
        return releases(package)
    except KeyError:
        return ()
