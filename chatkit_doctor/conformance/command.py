"""`chatkit-doctor check`: what the call means, and what is printed of the answer."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chatkit_doctor.conformance import launch, report
from chatkit_doctor.conformance.launch import CheckError, CheckRequest
from chatkit_doctor.conformance.properties import properties
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.drawing.paint import paint
from chatkit_doctor.reports.drawing.terminal import Terminal

_MOST_USERS = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user typed. seconds: for each property."""

    subject: str
    root: Path
    python: str | None
    contexts: Sequence[str]
    allowed: Sequence[str]
    only: Sequence[str]
    seconds: float
    is_json: bool
    is_verbose: bool
    color: str


def run(wanted: Wanted) -> int:
    """Check a store or a server, print what comes of it, and return the exit code. Raises CheckError."""
    try:
        answer = launch.run(_request(wanted))
    except CheckError as error:
        if wanted.is_verbose and error.output:
            sys.stderr.write(error.output)
        raise
    if wanted.is_verbose and answer["output"]:
        sys.stderr.write(answer["output"])
    if wanted.is_json:
        sys.stdout.write(report.as_json(answer, wanted.subject))
    else:
        terminal = Terminal.of(sys.stdout, wanted.color)
        told = paint(report.lines(answer, wanted.subject, terminal.width), color=terminal.color)
        sys.stdout.write(terminal.writable(told))
    return report.exit_code(answer)


def _request(wanted: Wanted) -> CheckRequest:
    if not (math.isfinite(wanted.seconds) and wanted.seconds > 0):
        raise CheckError("--timeout takes seconds, more than 0")
    if len(wanted.contexts) > _MOST_USERS:
        raise CheckError("--context can be given twice, for two users")
    if not wanted.root.is_dir():
        raise CheckError(f"{wanted.root}: there is no such folder")
    return CheckRequest(
        wanted.subject,
        wanted.root,
        wanted.python or launch.own_python(),
        tuple(_context(each) for each in wanted.contexts),
        tuple(wanted.allowed),
        wanted.seconds,
        tuple(_property(each) for each in wanted.only),
    )


def _context(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise CheckError(f'--context takes JSON, such as \'{{"user_id": "a"}}\': {error}') from None


def _property(name: str) -> str:
    import difflib

    names = {each for _, each in properties()}
    if name in names:
        return name
    close = difflib.get_close_matches(name, names, 1)
    nearest = f"; the nearest is {close[0]}" if close else ""
    raise CheckError(f"there is no property {name!r}{nearest}")
