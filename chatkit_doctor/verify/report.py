"""How results are shown: a line for each as it comes and a line of counts for people, or JSON for scripts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import chatkit_doctor
from chatkit_doctor.finding import Severity
from chatkit_doctor.reports import edge
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.reports.drawing.paint import ADDED, FAINT, GUTTER, SEVERITY_STYLES, STRONG, Line
from chatkit_doctor.reports.sentences import sentence
from chatkit_doctor.verify.result import TITLES, Result, Status, Verdict, Verification

_STYLES = {Status.PASSED: ADDED, Status.FAILED: SEVERITY_STYLES[Severity.ERROR], Status.SKIPPED: "yellow"}
_MARGIN = 2
_MARK = max(len(status) for status in Status) + 2
_TITLE = max(map(len, TITLES.values())) + 2
# Prose in lines longer than this is hard to read, however wide the terminal.
_WIDEST = 120
_NARROWEST_REASON = 30


class Lines:
    """Makes lines of results. Skipped ones wait for the next result: several with one reason become one line."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._waiting: list[Result] = []
        self._explained: set[str] = set()

    def of(self, result: Result) -> Iterator[Line]:
        """Yield the lines that can be shown now."""
        is_skipped = result.verdict.status is Status.SKIPPED
        if self._waiting and result.verdict != self._waiting[0].verdict:
            yield from self.rest()
        if is_skipped:
            self._waiting.append(result)
        else:
            yield from self._lines(TITLES[result.name], result.verdict)
            yield from self._notes(result)

    def rest(self) -> Iterator[Line]:
        """Yield the lines of what waits."""
        if self._waiting:
            first, number = self._waiting[0], len(self._waiting)
            title = TITLES[first.name] if number == 1 else f"{number} other checks"
            self._waiting = []
            yield from self._lines(title, first.verdict)

    def _lines(self, title: str, verdict: Verdict) -> Iterator[Line]:
        mark = (f"{verdict.status:<{_MARK}}", _STYLES[verdict.status])
        reason = _wrapped(verdict.reason, self._room) if verdict.reason else []
        start = [(" " * _MARGIN, ""), mark]
        if self._is_narrow:
            yield [*start, (title, _title_style(verdict.status))]
        else:
            yield [*start, (f"{title:<{_TITLE}}", _title_style(verdict.status)), (reason[0] if reason else "", "")]
        yield from ([(self._indent + line, "")] for line in reason[0 if self._is_narrow else 1 :])

    def _notes(self, result: Result) -> Iterator[Line]:
        """Yield what explains a failure; one rule is named once."""
        if result.verdict.status is not Status.FAILED:
            return
        if result.verdict.help:
            yield from self._note("help", sentence(result.verdict.help))
        if result.rule is not None and result.rule.code not in self._explained:
            self._explained.add(result.rule.code)
            yield from self._note("page", f"chatkit-doctor explain {result.rule.code} ({result.rule.name})")

    def _note(self, keyword: str, text: str) -> Iterator[Line]:
        first, *rest = _wrapped(text, self._room - len(keyword) - 4)
        yield [(self._indent, ""), ("= ", GUTTER), (f"{keyword}: ", STRONG), (first, "")]
        yield from ([(self._indent + " " * (len(keyword) + 4) + line, "")] for line in rest)

    @property
    def _is_narrow(self) -> bool:
        return self._width < _MARGIN + _MARK + _TITLE + _NARROWEST_REASON

    @property
    def _indent(self) -> str:
        return " " * (_MARGIN + _MARK + (0 if self._is_narrow else _TITLE))

    @property
    def _room(self) -> int:
        return min(self._width, _WIDEST) - len(self._indent)


def _title_style(status: Status) -> str:
    return {Status.FAILED: STRONG, Status.SKIPPED: FAINT}.get(status, "")


def _wrapped(text: str, room: int) -> list[str]:
    return textwrap.wrap(visible(text), max(room, 20), break_on_hyphens=False) or [""]


def last_lines(run: Verification) -> Iterator[Line]:
    """Yield the counts, and what could not be cleaned up."""
    counts = [(Status.PASSED, "passed"), (Status.FAILED, "failed"), (Status.SKIPPED, "skipped")]
    words = ", ".join(f"{run.count(status)} {word}" for status, word in counts)
    yield []
    yield [(f"{words}.", STRONG if run.count(Status.FAILED) else "")]
    if run.left_behind:
        yield [(f"Not deleted: {visible(', '.join(run.left_behind))}.", "bold yellow")]


def as_json(run: Verification) -> str:
    """Return the document, version 1, in ASCII so that any output encoding can take it."""
    document = {
        "version": 1,
        "tool": {"name": "chatkit-doctor", "version": chatkit_doctor.__version__},
        "url": run.url,
        "checks": [_check(result) for result in run.results],
        "left_behind": run.left_behind,
        "summary": {
            "passed": run.count(Status.PASSED),
            "failed": run.count(Status.FAILED),
            "skipped": run.count(Status.SKIPPED),
        },
    }
    return edge.as_json(document)


def _check(result: Result) -> dict[str, Any]:
    verdict, page = result.verdict, result.rule
    return {
        "name": result.name,
        "status": verdict.status.value,
        "reason": verdict.reason,
        "help": verdict.help,
        "rule": None if page is None else {"code": page.code, "name": page.name, "url": page.url},
        "seconds": round(result.seconds, 3),
    }
