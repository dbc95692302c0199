"""The last lines of a report for people: what was looked at, what there is, what a flag would do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatkit_doctor.finding import Applicability, Severity
from chatkit_doctor.reports.counts import count, nothing_found, nothing_of_chatkit, nothing_to_scan
from chatkit_doctor.reports.model import ScanReport


def summary(report: ScanReport) -> str:
    """Return one line: the counts and the flags that would apply fixes, or what a clean scan has looked at."""
    if not report.files_scanned:
        return nothing_to_scan(report.left_out)
    if not report.findings:
        say = nothing_of_chatkit if report.is_silent else nothing_found
        return say(report.files_scanned, _against(report) + _parenthesis(_hidden(report)))
    return " ".join([_found(report), *_flags(report)])


def targets(report: ScanReport) -> str:
    """Return the releases that were checked against, as `openai-chatkit 1.4.0 and 1.6.0, openai-agents 0.24.0`.

    Of more than two the oldest and the newest stand for all: `openai-chatkit 1.4.0 to 1.6.5`.
    """
    by_package: dict[str, dict[str, None]] = {}
    for each in report.targets:
        by_package.setdefault(each.package, {})[each.version] = None
    return ", ".join(f"{package} {_range(sorted(versions, key=_in_order))}" for package, versions in by_package.items())


def _range(versions: list[str]) -> str:
    return " and ".join(versions) if len(versions) <= 2 else f"{versions[0]} to {versions[-1]}"


def _in_order(version: str) -> tuple[list[tuple[int, str]], str]:
    # Compared by their lengths first: Python makes no number of thousands of digits.
    numbers = (number.lstrip("0") for number in re.findall(r"[0-9]+", version))
    return [(len(number), number) for number in numbers], version


def _against(report: ScanReport) -> str:
    releases = targets(report)
    return f", checked against {releases}" if releases else ""


def _found(report: ScanReport) -> str:
    asides = [*([f"{len(report.fixed)} fixed"] if report.fixed else []), *_hidden(report)]
    counts = ", ".join(_counts(report)) or "nothing left"
    where = f"in {count(report.files_scanned, 'file')}"
    return f"{counts[0].upper()}{counts[1:]} {where}{_parenthesis(asides)}."


def _counts(report: ScanReport) -> Iterator[str]:
    for severity, noun in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "info")):
        if number := report.count(severity):
            yield count(number, noun)


def _flags(report: ScanReport) -> Iterator[str]:
    """Yield what has a fix for `--fix`, and what has one with `--unsafe-fixes`, where there is such a thing.

    Whether a fix holds is known when it is made: one that would break the file is held back.
    """
    safe, unsafe = report.fixable(Applicability.SAFE), report.fixable(Applicability.UNSAFE)
    total = len(report.open)
    if safe and unsafe:
        every = f"all {total}" if safe + unsafe == total else f"{safe + unsafe}"
        yield f"{_of_them(safe, total)} fixable with --fix, {every} with --fix --unsafe-fixes."
    elif safe or unsafe:
        yield f"{_of_them(safe or unsafe, total)} fixable with {'--fix' if safe else '--fix --unsafe-fixes'}."


def _of_them(number: int, total: int) -> str:
    if number == total:
        return "It is" if total == 1 else f"All {total} are"
    return f"{number} of them {'is' if number == 1 else 'are'}"


def _hidden(report: ScanReport) -> list[str]:
    hidden = {"ignored now": len(report.ignored), "suppressed": report.suppressed, report.known_from: report.known}
    return [f"{number} {how}" for how, number in hidden.items() if number]


def _parenthesis(asides: list[str]) -> str:
    return f" ({', '.join(asides)})" if asides else ""
