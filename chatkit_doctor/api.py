"""The doctor called from Python: `chatkit_doctor.scan(paths)` returns a `Report`.

Records hold what JSON, version 1, holds, under the same names (`from` is a word of Python's, and called `origin`).
They are the standard library's data classes, frozen, so that `dataclasses.asdict` and `==` do what everybody expects.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from chatkit_doctor.commands.exits import code_of
from chatkit_doctor.finding import Severity
from chatkit_doctor.reports.json import document
from chatkit_doctor.reports.model import HeldBack, ScanReport
from chatkit_doctor.scanning.flow import Options, build_fixes, run
from chatkit_doctor.scanning.reporting import report_of, written
from chatkit_doctor.scanning.selection import ScanError

AnyPath = str | os.PathLike[str]
SeverityName = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class ReportPosition:
    """A place between two characters. Both count from 1, columns in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ReportRange:
    """A piece of a file; its end is the place behind it."""

    start: ReportPosition
    end: ReportPosition


@dataclass(frozen=True, slots=True)
class ReportEdit:
    """Text in the place of a piece of a file as it was read; an empty piece inserts."""

    path: str
    range: ReportRange
    text: str


@dataclass(frozen=True, slots=True)
class ReportFix:
    """What mends a finding. Its edits never overlap, and belong together."""

    applicability: Literal["safe", "unsafe"]
    title: str
    edits: tuple[ReportEdit, ...]


@dataclass(frozen=True, slots=True)
class ReportErrorRow:
    """A row of the Complete Error Reference."""

    row: int
    error: str
    module: str
    fix: str


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """One defect at one place. fixed: it was there and is mended."""

    code: str
    name: str
    severity: SeverityName
    message: str
    help: str
    path: str
    range: ReportRange
    error_reference: ReportErrorRow | None
    fix: ReportFix | None
    url: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class ReportTarget:
    """A package's release that an app was checked against, and what says so."""

    package: str
    version: str
    origin: str
    app: str


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """How many there are. Of what was fixed only `fixed` counts."""

    files_scanned: int
    errors: int
    warnings: int
    infos: int
    suppressed: int
    fixable: int
    fixed: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a scan has come to.

    findings: by path and place. Paths are relative to the working directory, with `/`.
    exit_code: that of the command: 0 nothing at warning or above, 1 findings, 2 something failed, 3 nothing to scan.
    problems: what failed, a line each: a file that could not be written, a rule that crashed.
    notes: what else there is to say, a line each.
    """

    findings: tuple[ReportFinding, ...]
    targets: tuple[ReportTarget, ...]
    summary: ReportSummary
    exit_code: int
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def scan(  # noqa: PLR0913 - one parameter for each option of the command
    paths: AnyPath | Iterable[AnyPath] = ".",
    *,
    select: str | Iterable[str] = (),
    ignore: str | Iterable[str] = (),
    min_severity: SeverityName = "info",
    targets: Mapping[str, str] | None = None,
    fix: bool = False,
    unsafe_fixes: bool | None = None,
    config: AnyPath | None = None,
    isolated: bool = False,
    baseline: AnyPath | None = None,
) -> Report:
    """Return the report of a scan of files and folders, as `chatkit-doctor scan` makes it.

    Nothing is printed, sent or kept, and nothing is written unless `fix` is true. No other process is started.

    select, ignore: codes, starts of codes, or names. targets: releases to check against, by package.
    fix: mend what the safe fixes can. unsafe_fixes: use the others as well; None leaves it to the settings.
    config: the one settings file to read; isolated: read none. baseline: what is in this file is not reported.

    Raises ScanError, one line, for what the caller or a settings file has wrong: a path that does not exist, an unknown
    rule, package, release or severity, settings or a baseline that cannot be taken.
    """
    options = Options(
        select=_split(select),
        ignore=_split(ignore),
        min_severity=_severity(min_severity),
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        shows_edits=True,
        targets=tuple(f"{package}={version}" for package, version in (targets or {}).items()),
        config=Path(config) if config is not None else None,
        isolated=isolated,
        baseline=Path(baseline) if baseline is not None else None,
        may_fork=False,
    )
    result = run(_paths(paths), options)
    unwritten = written(result) if fix else []
    build_fixes(result)
    report = report_of(result, unwritten)
    told = document(report)
    return Report(
        findings=tuple(map(_finding, told["findings"])),
        targets=tuple(
            ReportTarget(each["package"], each["version"], each["from"], each["app"]) for each in told["targets"]
        ),
        summary=ReportSummary(**told["summary"]),
        exit_code=code_of(result, [each.finding for each in report.open], failed=bool(unwritten)),
        problems=tuple(_problems(report, unwritten)),
        notes=tuple(_notes(report, unwritten)),
    )


def _paths(given: AnyPath | Iterable[AnyPath]) -> list[Path]:
    paths = [Path(given)] if isinstance(given, str | os.PathLike) else list(map(Path, given))
    if not paths:
        raise ScanError("no path was given")
    return paths


def _split(given: str | Iterable[str]) -> tuple[str, ...]:
    values = (given,) if isinstance(given, str) else given
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _severity(name: str) -> Severity:
    try:
        return Severity(name)
    except ValueError:
        raise ScanError(f"min_severity is {', '.join(Severity)}, not {name!r}") from None


def _finding(told: dict[str, Any]) -> ReportFinding:
    row, fix = told["error_reference"], told["fix"]
    made = {
        "range": _range(told["range"]),
        "error_reference": ReportErrorRow(**row) if row is not None else None,
        "fix": ReportFix(fix["applicability"], fix["title"], tuple(map(_edit, fix["edits"]))) if fix else None,
    }
    return ReportFinding(**(told | made))


def _edit(told: dict[str, Any]) -> ReportEdit:
    return ReportEdit(told["path"], _range(told["range"]), told["text"])


def _range(told: dict[str, Any]) -> ReportRange:
    return ReportRange(ReportPosition(**told["start"]), ReportPosition(**told["end"]))


def _problems(report: ScanReport, unwritten: Iterable[HeldBack]) -> Iterator[str]:
    yield from (f"{report.shown_path(each.path)}: {each.reason}" for each in unwritten)
    yield from (f"{each.code} crashed: {each.error}" for each in report.failures)


def _notes(report: ScanReport, unwritten: Iterable[HeldBack]) -> Iterator[str]:
    yield from report.notes
    refused = [each for each in report.held_back if each not in unwritten]
    yield from (f"not fixed: {report.shown_path(each.path)}: {each.title}: {each.reason}" for each in refused)
