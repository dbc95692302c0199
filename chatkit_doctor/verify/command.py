"""`chatkit-doctor verify`: what the call means, the question before anything is written, and what is printed."""

from __future__ import annotations

import asyncio
import importlib.util
import math
import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.reports.drawing.paint import STRONG, Line, paint
from chatkit_doctor.reports.drawing.terminal import Terminal
from chatkit_doctor.verify.report import Lines, as_json, last_lines
from chatkit_doctor.verify.result import Result, Verification
from chatkit_doctor.verify.wire.address import Address, AddressError, endpoint_of

if TYPE_CHECKING:
    from chatkit_doctor.verify.run import LiveRun

_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*+:\s*+([\x20-\x7e]*)")


class CallError(Exception):
    """A call that cannot be followed; the text says why in one line."""


@dataclass(frozen=True, slots=True)
class Call:
    """What the user typed. timeout: in seconds. yes: nothing is asked before something is written."""

    url: str
    page: str | None
    headers: Sequence[str]
    timeout: float
    yes: bool
    is_json: bool
    color: str


def run(call: Call) -> int:
    """Check a server, print what comes of it, and return the exit code. Raises CallError."""
    endpoint, page, headers = _understood(call)
    if importlib.util.find_spec("httpx") is None:
        raise CallError("verify needs httpx, the extra `verify` of chatkit-doctor: pip install 'httpx>=0.27,<1'")
    from chatkit_doctor.verify.run import LiveRun

    printer = _Printer(Terminal.of(sys.stdout, call.color), is_silent=call.is_json)
    printer.print([[(f"Checking {endpoint.shown}", STRONG)], []])
    found = Verification(endpoint.shown)
    checks = LiveRun(endpoint, page, headers, call.timeout, printer.result, found)
    try:
        _check(checks, printer, yes=call.yes)
    except BaseException:
        if found.left_behind:
            sys.stderr.write(f"not deleted: {visible(', '.join(found.left_behind))}\n")
        raise
    printer.rest()
    printer.print(last_lines(found))
    if call.is_json:
        sys.stdout.write(as_json(found))
    return found.exit_code


def _check(checks: LiveRun, printer: _Printer, *, yes: bool) -> None:
    # One loop for each half: a question asked inside a loop could not be broken off.
    asyncio.run(checks.read())
    if not checks.found.is_reachable:
        return
    if reason := _reason_not_to_write(checks, printer, yes=yes):
        checks.skip_writing(reason)
    else:
        asyncio.run(checks.write())


def _understood(call: Call) -> tuple[Address, Address | None, list[tuple[str, str]]]:
    if not (math.isfinite(call.timeout) and call.timeout > 0):
        raise CallError("--timeout takes seconds, more than 0")
    try:
        page = Address.parse(call.page) if call.page is not None else None
        return endpoint_of(call.url), page, [_header(each) for each in call.headers]
    except AddressError as error:
        raise CallError(str(error)) from error


def _header(text: str) -> tuple[str, str]:
    found = _HEADER.fullmatch(text)
    if found is None:
        raise CallError('--header takes NAME:VALUE in plain characters, such as "Authorization: Bearer …"')
    return found[1], found[2].strip()


def _reason_not_to_write(checks: LiveRun, printer: _Printer, *, yes: bool) -> str:
    """Ask, where there is somebody to ask; return why nothing is to be written, or ""."""
    if not checks.may_converse:
        return "the endpoint does not answer as ChatKit's server does"
    if yes:
        return ""
    if not sys.stdin.isatty():
        return "messages may not be sent: --yes allows it"
    from chatkit_doctor.verify.conversation import TURNS

    printer.rest()
    sys.stderr.write(
        f"\n  The other checks send {TURNS} short messages to {checks.endpoint.shown}, in one new thread\n"
        "  that they delete at the end. This spends the model's tokens. Go on? [y/N] "
    )
    sys.stderr.flush()
    answer = sys.stdin.readline().strip().lower()
    sys.stderr.write("\n")
    return "" if answer in {"y", "yes"} else "messages may not be sent"


class _Printer:
    """Prints text as it comes; for JSON nothing."""

    def __init__(self, terminal: Terminal, *, is_silent: bool) -> None:
        self._terminal = terminal
        self._is_silent = is_silent
        self._lines = Lines(terminal.width)

    def result(self, result: Result) -> None:
        self.print(self._lines.of(result))

    def rest(self) -> None:
        self.print(self._lines.rest())

    def print(self, lines: Iterable[Line]) -> None:
        if not self._is_silent:
            sys.stdout.write(self._terminal.writable(paint(lines, color=self._terminal.color)))
            sys.stdout.flush()
