"""What a scan leaves behind: reports on standard output and in files, mended files, complaints on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from chatkit_doctor.records import dataclass, replace
from chatkit_doctor.reports import FORMATS, STATISTICS
from chatkit_doctor.reports.counts import count
from chatkit_doctor.reports.drawing.terminal import Terminal
from chatkit_doctor.reports.edge import printed_lines
from chatkit_doctor.reports.model import HeldBack, ScanReport
from chatkit_doctor.scanning.flow import ScanResult, build_fixes
from chatkit_doctor.scanning.report_files import ReportFile
from chatkit_doctor.scanning.reporting import report_of, written

FORMATS_WITH_EDITS = {"text", "json", "jsonl", "sarif", "agent"}
_FORMATS_OF_FINDINGS_ONLY = {"json", "jsonl", "sarif", "gitlab", "junit"}


@dataclass(frozen=True, slots=True)
class Printing:
    """How a scan's outcome is shown, and what is done with the fixed texts.

    diff: they are shown as a diff; write: they go to disk; echo: the fixed standard input goes to standard output.
    statistics: counts are shown instead of the findings, in the report of `format`.
    files: where reports go besides, or, where one has no format of its own, instead of standard output.
    """

    format: str
    color: str
    quiet: bool
    verbose: bool
    diff: bool = False
    write: bool = False
    echo: bool = False
    statistics: bool = False
    files: tuple[ReportFile, ...] = ()

    @property
    def formats(self) -> set[str]:
        """Return the formats in which the outcome is reported."""
        return {self.format, *(file.format for file in self.files if file.format is not None)}

    @property
    def hides_failures(self) -> bool:
        """Return whether what is printed says nothing of what failed."""
        findings_only = self.statistics or self.format in _FORMATS_OF_FINDINGS_ONLY
        return self.quiet or findings_only or not self.shows_report

    def render(self, report: ScanReport) -> str:
        """Return the report of `format`."""
        return (STATISTICS if self.statistics else FORMATS)[self.format](report)

    @property
    def shows_report(self) -> bool:
        """Return whether the report of `format` is printed, and not written to a file instead."""
        return not self.diff and all(file.format is not None for file in self.files)


@dataclass(frozen=True, slots=True)
class Printed:
    """What was printed. failed: whether something could not be written. is_all: whether nothing was said elsewhere."""

    text: str
    failed: bool
    is_all: bool


def print_scan(result: ScanResult, printing: Printing) -> Printed:
    """Write the fixed files and the reports, print what there is to say, and return what that was."""
    write_problems = written(result) if printing.write else []
    if printing.formats & FORMATS_WITH_EDITS and not printing.diff:
        build_fixes(result)
    if printing.echo:
        _print_bytes(_echoed(result))
    stream = sys.stderr if printing.echo else sys.stdout
    report = replace(
        report_of(result, write_problems),
        quiet=printing.quiet,
        verbose=printing.verbose,
        terminal=Terminal.of(stream, printing.color),
    )
    unwritten = list(_write_reports(report, result, printing))
    if printing.diff:
        _print_diff(result, report)
    text = printing.render(report) if printing.shows_report else ""
    stream.write(text)
    if printing.hides_failures:
        _complain(_complaints(report, write_problems))
        if not printing.quiet:
            _complain(f"note: {note}" for note in report.notes)
    _complain(f"error: {problem}" for problem in unwritten)
    is_all = not (write_problems or unwritten or report.notes or report.failures)
    return Printed(text, bool(write_problems or unwritten), is_all)


def _write_reports(report: ScanReport, result: ScanResult, printing: Printing) -> Iterator[str]:
    """Write the reports that go to files, and yield a line for each that could not be written."""
    if not printing.files:
        return
    from chatkit_doctor.scanning.report_writing import write_report

    plain = replace(report, terminal=Terminal())
    for file in printing.files:
        text = FORMATS[file.format](plain) if file.format is not None else printing.render(plain)
        if problem := write_report(file.path, text, result.selection.listing, result.selection.listing.inside):
            yield f"{file.path}: {problem}"


def _print_diff(result: ScanResult, report: ScanReport) -> None:
    texts = result.fix_result.texts if result.fix_result else {}
    if texts:
        from chatkit_doctor.commands.diffs import print_diff
        from chatkit_doctor.scanning.writing import unified_diff

        print_diff(unified_diff(result.project, texts))
    if not report.quiet:
        verb, gone = ("ignore", report.ignored) if report.ignored else ("fix", report.fixed)
        what, files = count(len(gone), "finding"), count(len(texts), "file")
        sys.stderr.write(f"Would {verb} {what} in {files}; {len(report.open)} would be left.\n")


def _complaints(report: ScanReport, write_problems: list[HeldBack]) -> Iterator[str]:
    """Yield a line for all that makes the exit code 2, for reports that do not speak of it."""
    for problem in write_problems:
        yield f"error: {report.shown_path(problem.path)}: {problem.reason}"
    for failure in report.failures:
        place = f" at {report.shown_path(failure.path)}" if failure.path is not None else ""
        yield f"internal error: {failure.code} crashed{place}: {failure.error}"


def _complain(lines: Iterable[str]) -> None:
    sys.stderr.write(printed_lines(lines))


def _echoed(result: ScanResult) -> bytes:
    """Return standard input as it was fixed, in the encoding in which it came."""
    source = result.stdin
    if source is None:
        return b""
    texts = result.fix_result.texts if result.fix_result else {}
    return source.encode(texts.get(source.path, source.text))


def _print_bytes(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
