"""`chatkit-doctor scan`: a call that was read is checked, carried out and printed, and comes to an exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.commands.exits import EXIT_CLEAN, EXIT_FINDINGS, code_of, fail
from chatkit_doctor.commands.output import FORMATS_WITH_EDITS, Printed, Printing, print_scan
from chatkit_doctor.commands.progress import shown_progress
from chatkit_doctor.finding import Severity
from chatkit_doctor.records import replace
from chatkit_doctor.reports import STATISTICS
from chatkit_doctor.scanning.flow import Options, ScanResult, run
from chatkit_doctor.scanning.report_files import OutputError, parse_outputs
from chatkit_doctor.scanning.selection import ScanError, Seen

if TYPE_CHECKING:
    from chatkit_doctor.commands.call import ScanCall
    from chatkit_doctor.scanning.results.known import KnownResults


def run_scan(call: ScanCall, seen: Seen | None = None) -> int:
    """Carry out a scan and return its exit code. seen: the folders that were walked before.

    Raises SystemExit for a call that cannot be carried out.
    """
    return scan_and_print(call, seen)[0]


def scan_and_print(call: ScanCall, seen: Seen | None = None, known: KnownResults | None = None) -> tuple[int, Printed]:
    """Carry out a scan; return its exit code and what was printed. Raises as `run_scan`.

    known: what was found before in apps that may be as they were.
    """
    _refuse_what_does_not_go_together(call)
    from_stdin = call.paths == ("-",)
    try:
        files = parse_outputs(call.output)
        with shown_progress(wanted=not call.quiet) as tell:
            paths = [] if from_stdin else [Path(path) for path in call.paths or (".",)]
            options = _options(call, from_stdin=from_stdin)
            if call.since is not None or call.staged:
                paths, options = _asked_of_git(paths, options, call)
                seen = None
            result = run(paths, options, tell, seen, known)
    except (OutputError, ScanError) as error:
        fail(str(error))
    mend = (call.fix or call.add_ignores) and not call.diff
    printing = Printing(
        call.format,
        call.color,
        call.quiet,
        call.verbose,
        call.diff,
        write=mend and not from_stdin,
        echo=mend and from_stdin,
        files=files,
        statistics=call.statistics,
    )
    printed = print_scan(result, printing)
    return _exit_code(result, call, failed=printed.failed), printed


def _asked_of_git(paths: list[Path], options: Options, call: ScanCall) -> tuple[list[Path], Options]:
    """Return what is scanned, and the options with what a revision has. Ends the program where nothing is staged."""
    from chatkit_doctor.commands.since import baseline_at, staged_files

    if call.staged:
        paths = sorted({each for path in paths for each in staged_files(path.absolute())})
        if not paths:
            if not call.quiet:
                sys.stdout.write("Nothing to scan: no file is staged here.\n")
            raise SystemExit(EXIT_CLEAN)
    return paths, replace(options, before=baseline_at(call.since or "HEAD", paths, options), baseline=None)


def _refuse_what_does_not_go_together(call: ScanCall) -> None:
    from_stdin = call.paths == ("-",)
    if from_stdin and call.stdin_filename is None:
        fail("reading standard input needs --stdin-filename, the path that it stands for")
    if call.stdin_filename is not None and not from_stdin:
        fail("--stdin-filename goes with - as the only path")
    if (call.since is not None or call.staged) and (from_stdin or call.baseline is not None):
        fail("--since and --staged go with files and folders, and without --baseline")
    if call.output and call.diff:
        fail("--output goes with a report, and --diff prints none")
    if call.add_ignores and call.fix:
        fail("--fix mends what --add-ignores would hide: use one after the other")
    if call.statistics and call.format not in STATISTICS:
        fail(f"--statistics goes with --format {' and '.join(STATISTICS)}, not with {call.format}")


def _options(call: ScanCall, *, from_stdin: bool) -> Options:
    return Options(
        select=_split(call.select),
        ignore=_split(call.ignore),
        min_severity=Severity(call.min_severity),
        fix=call.fix or (call.diff and not call.add_ignores),
        unsafe_fixes=call.unsafe_fixes,
        add_ignores=call.add_ignores,
        shows_edits=call.fix or call.diff or bool(call.output) or call.format in FORMATS_WITH_EDITS,
        targets=call.target,
        config=_path(call.config),
        isolated=call.isolated,
        force_exclude=call.force_exclude,
        baseline=_path(call.baseline),
        stdin_path=Path.cwd() / call.stdin_filename if call.stdin_filename is not None else None,
        stdin_data=sys.stdin.buffer.read() if from_stdin else None,
    )


def _path(given: str | None) -> Path | None:
    return Path(given) if given is not None else None


def _split(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _exit_code(result: ScanResult, call: ScanCall, *, failed: bool) -> int:
    # What a diff shows as fixed is still in the files.
    left = [*result.findings, *([*result.fixed, *result.ignored] if call.diff else ())]
    code = code_of(result, left, failed=failed)
    if code == EXIT_CLEAN and call.fix and not call.diff and call.exit_non_zero_on_fix and result.fixed:
        code = EXIT_FINDINGS
    return EXIT_CLEAN if code == EXIT_FINDINGS and call.exit_zero else code
