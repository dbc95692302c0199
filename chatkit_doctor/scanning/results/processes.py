"""Apps checked by several processes: forks of this one, which have all that was read so far and tell what they find.

Where the system has no fork that is safe (Linux has), where there is one processor, or little to do, there is one
process. A fork that fails, or finds what it cannot tell, leaves its apps to this process.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatkit_doctor.finding import Finding
from chatkit_doctor.forks import Fork, processors
from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.results.found import Found, InternalError, Tell
from chatkit_doctor.scanning.results.plain import NotPlainError, found_of, plain_findings
from chatkit_doctor.scanning.results.units import Unit, check_units

if TYPE_CHECKING:
    from chatkit_doctor.checks.loading import Rule
    from chatkit_doctor.project.app import App
    from chatkit_doctor.project.project import Project

# A process of its own costs as much as checking so many files.
_WORTH_A_PROCESS = 30
_MOST_PROCESSES = 8


def number_of_processes(weight: int) -> int:
    """Return how many processes some files are worth."""
    return max(1, min(processors(), weight // _WORTH_A_PROCESS, _MOST_PROCESSES))


@dataclass(slots=True)
class Work:
    """What is to be done in each process alike.

    with_edits: whether the edits of fixes will be asked for. may_fork: whether there may be more than one.
    """

    project: Project
    rules: Sequence[Rule]
    with_edits: bool
    may_fork: bool = True

    def weight(self, unit: Unit) -> int:
        """Return how many files that matter some apps have."""
        places = {app.place for app in unit}
        return len(self.project.python_in(places)) + len(self.project.web_in(places))


def check_side_by_side(work: Work, units: Sequence[Unit], tell: Tell) -> dict[App, Found]:
    """Return what the rules find in each app, whoever has looked."""
    weights = {unit: work.weight(unit) for unit in units}
    wanted = number_of_processes(sum(weights.values())) if work.may_fork else 1
    number = max(1, min(wanted, len(units)))
    own, *others = _shares(weights, number)
    started = []
    for share in others:
        fork = Fork.start(partial(_found_in, work, share))
        if fork is None:
            own += share
        else:
            started.append((share, fork))
    found = check_units(own, work.rules, tell, of=sum(map(len, units)))
    for share, fork in started:
        told, problems, room_taken = fork.told() or ([None] * len(share), (), 0.0)
        work.project.note_problems(problems)
        work.project.room_taken += room_taken
        for unit, each in zip(share, told, strict=True):
            found |= (_taken_in(work, unit, each) if each is not None else None) or check_units(
                [unit], work.rules, tell
            )
    return found


def _shares(weights: dict[Unit, int], number: int) -> list[list[Unit]]:
    """Return as many shares of the units, none with much more to do than another."""
    shares: list[list[Unit]] = [[] for _ in range(number)]
    loads = [0] * number
    for unit in sorted(weights, key=lambda each: -weights[each]):
        least = loads.index(min(loads))
        shares[least].append(unit)
        loads[least] += weights[unit] + 1
    return shares


def _found_in(work: Work, share: list[Unit]) -> Any:
    """Return as plain values what is found in a share, what could not be read, and the room that was taken."""
    before = work.project.room_taken
    told = [_told(work, unit) for unit in share]
    problems = [each.plain for each in work.project.problems.values()]
    return told, problems, work.project.room_taken - before


def _told(work: Work, unit: Unit) -> Any:
    """Return as plain values what is found in some apps, None where it cannot be told."""
    found = check_units([unit], work.rules, lambda _: None)
    results = []
    for app in unit:
        if work.with_edits:
            _build_edits(found[app].findings)
        try:
            findings = plain_findings(found[app].findings, work.project.read)
        except NotPlainError:
            return None
        errors = [(e.code, os.fspath(e.path) if e.path else None, e.error, e.traceback) for e in found[app].errors]
        results.append((findings, errors, sorted(found[app].cut), found[app].is_late))
    questions = [(kind, str(path), about) for kind, path, about in unit[0].asked or ()]
    return results, questions


def _build_edits(findings: Sequence[Finding]) -> None:
    for finding in findings:
        try:
            _ = finding.fix.edits if finding.fix is not None else ()
        except Exception:  # noqa: BLE001, S112 - it is built once more where it is shown, and noted there
            continue


def _taken_in(work: Work, unit: Unit, told: Any) -> dict[App, Found] | None:
    """Return what a process has found in some apps; what it asked and ran into is noted here as well."""
    results, questions = told
    found: dict[App, Found] = {}
    try:
        for app, (findings, errors, cut, is_late) in zip(unit, results, strict=True):
            again = found_of(work.project, app, work.rules, findings)
            bugs = [InternalError(c, Path(p) if p else None, e, t) for c, p, e, t in errors]
            found[app] = Found(again, bugs, set(cut), is_late)
    except NotPlainError:
        return None
    if unit[0].asked is not None:
        unit[0].asked.update({(kind, Path(path), about): None for kind, path, about in questions})
    return found
