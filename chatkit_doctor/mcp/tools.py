"""What the tools of the server do: scan, fix, explain and check, each from plain values to text.

Each raises one of ERRORS, whose text is one line, for what the caller has to put right.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chatkit_doctor.commands.explain import UnknownRuleError, render, search
from chatkit_doctor.commands.values import NoValuesError, values_as_text
from chatkit_doctor.conformance import launch, report
from chatkit_doctor.conformance.launch import CheckError, CheckRequest
from chatkit_doctor.conformance.properties import properties
from chatkit_doctor.finding import Severity
from chatkit_doctor.mcp.folder import FolderError, all_within, within
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports import FORMATS, agent
from chatkit_doctor.reports.counts import count
from chatkit_doctor.reports.drawing.paint import paint
from chatkit_doctor.reports.edge import printed
from chatkit_doctor.reports.model import HeldBack, ScanReport
from chatkit_doctor.scanning.flow import Options, ScanResult, build_fixes, run
from chatkit_doctor.scanning.reporting import report_of, written
from chatkit_doctor.scanning.selection import ScanError
from chatkit_doctor.scanning.writing import unified_diff
from chatkit_doctor.words import the_nearest

ERRORS = (FolderError, ScanError, UnknownRuleError, NoValuesError, CheckError)
_WIDTH = 120
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class ScanAsked:
    """What is scanned, in the folder `top`, and by which rules; empty for all."""

    top: Path
    paths: Sequence[str] = ()
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()


def scan(asked: ScanAsked, severity: str, most: int, *, as_json: bool) -> str:
    """Return a report of what is wrong: blocks for agents, so many at most, or the document of JSON."""
    result = _run(asked, min_severity=Severity(severity), shows_edits=True)
    build_fixes(result)
    found = report_of(result)
    return FORMATS["json"](found) if as_json else agent.render(found, most)


def fix(asked: ScanAsked, *, unsafe: bool, write: bool) -> str:
    """Mend what fixes can, if it is to be written, and return the diff and what it comes to."""
    result = _run(asked, fix=True, unsafe_fixes=unsafe, shows_edits=True)
    texts = result.fix_result.texts if result.fix_result is not None else {}
    diff = unified_diff(result.project, texts)
    unwritten = written(result) if write else []
    build_fixes(result)
    found = report_of(result, unwritten)
    # Nobody hands this diff to `patch`: all of it is to be seen, the ends of its lines aside.
    shown = [line.removesuffix("\r") for line in diff.split("\n")] if diff else []
    return "\n".join(map(printed, [*shown, *_outcome(found, unwritten, len(texts), write=write)]))


def _outcome(found: ScanReport, unwritten: Sequence[HeldBack], files: int, *, write: bool) -> list[str]:
    what = f"{count(len(found.fixed), 'finding')} in {count(files - len(unwritten), 'file')}"
    left = f"{len(found.open)} {'are' if write else 'would be'} left"
    lines = [
        f"Fixed {what}; {left}." if write else f"Would fix {what}; {left}. Nothing is written: call with write=true."
    ]
    if not found.fixed:
        lines = [f"There is nothing to fix; {count(len(found.open), 'finding')} {left.partition(' ')[2]}."]
    lines += [f"not fixed: {found.shown_path(each.path)}: {each.title}: {each.reason}" for each in found.held_back]
    lines += [f"internal error: {each.code} crashed: {each.error}" for each in found.failures]
    lines += [
        f"left: {each.finding.code} {found.shown_path(each.finding.at.path)}:{each.finding.at.first.line} "
        f"{each.finding.message}" + (f" (fix: {each.applicability})" if each.applicability else "")
        for each in found.open
    ]
    return lines


def explain(about: str, *, values: bool) -> str:
    """Return the page of a rule, or of the rule behind an error message; or the values that are legal there."""
    answer = search(about)
    return values_as_text(answer.pages) if values else render(answer, "never")


@dataclass(frozen=True, slots=True)
class CheckAsked:
    """What is run in place: MODULE:NAME, the folder that MODULE is imported from, and all that `check` takes."""

    subject: str
    folder: str = "."
    contexts: Sequence[Any] = ()
    only: Sequence[str] = ()
    python: str | None = None


def check(top: Path, asked: CheckAsked) -> str:
    """Run a Store or a ChatKitServer of the project in place, in a process of its own, and return what it is like."""
    names = {name for _, name in properties()}
    for name in asked.only:
        if name not in names:
            hint = the_nearest(name, names)
            raise CheckError(f"there is no property {name!r}" + (f"; {hint}" if hint else ""))
    given = asked.python
    interpreter = str(within(top, given, may_be_link=True)) if given is not None else _python_of(top)
    folder, contexts = within(top, asked.folder), tuple(asked.contexts)
    answer = launch.run(CheckRequest(asked.subject, folder, interpreter, contexts, (), _SECONDS, tuple(asked.only)))
    return paint(report.lines(answer, asked.subject, _WIDTH), color=False)


def _python_of(top: Path) -> str:
    """Return the interpreter of the environment that lies in the folder; the doctor's own without one."""
    for name in (".venv", "venv"):
        for place in ("bin/python", "Scripts/python.exe"):
            if (top / name / place).is_file():
                return str(top / name / place)
    return launch.own_python()


def _run(asked: ScanAsked, **more: Any) -> ScanResult:
    options = Options(select=tuple(asked.select), ignore=tuple(asked.ignore), may_fork=False, **more)
    return run(all_within(asked.top, asked.paths), options)
