"""How a check is shown: a line for each property, what is wrong below it, and the counts; or JSON for scripts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chatkit_doctor
from chatkit_doctor.conformance.properties import properties
from chatkit_doctor.finding import Severity
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.reports import edge
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.reports.drawing.paint import ADDED, FAINT, GUTTER, SEVERITY_STYLES, STRONG, Line
from chatkit_doctor.source import relative_path

_STYLES = {"pass": ADDED, "fail": SEVERITY_STYLES[Severity.ERROR], "skip": "yellow"}
_WORDS = {"pass": "passed", "fail": "failed", "skip": "skipped"}
_INDENT = " " * 8
_WIDEST = 120


def lines(answer: dict[str, Any], subject: str, width: int) -> Iterator[Line]:
    """Yield what people read."""
    yield [(f"Checking {answer['class']}", STRONG), (f" ({subject}, openai-chatkit {answer['release']})", FAINT)]
    yield []
    before = ""
    for outcome in answer["outcomes"]:
        known = properties()[answer["kind"], outcome["name"]]
        yield [
            (f"  {outcome['status']:<6}", _STYLES[outcome["status"]]),
            (known.claim, _title_style(outcome["status"])),
        ]
        if outcome["status"] == "fail" or outcome["fact"] != before:
            yield from _notes(outcome, known.rules, min(width, _WIDEST))
        before = outcome["fact"]
    yield []
    counts = [f"{_count(answer, status)} {word}" for status, word in _WORDS.items()]
    yield [(f"{', '.join(counts)}.", STRONG if _count(answer, "fail") else "")]


def _title_style(status: str) -> str:
    return {"fail": STRONG, "skip": FAINT}.get(status, "")


def _notes(outcome: dict[str, Any], rules: tuple[str, ...], width: int) -> Iterator[Line]:
    if outcome["status"] == "pass":
        return
    yield from _wrapped(outcome["fact"], width)
    if outcome["status"] == "skip":
        return
    if outcome["case"]:
        yield from _noted("shown by", outcome["case"], width)
    if outcome["path"]:
        yield from _noted("at", f"{_shown(outcome['path'])}:{outcome['line']}", width)
    if told := [code for code in rules if code in pages()]:
        yield from _noted("related", ", ".join(f"{code} {pages()[code].name}" for code in told), width)


def _noted(keyword: str, text: str, width: int) -> Iterator[Line]:
    first, *rest = _pieces(text, width - len(keyword) - 4)
    yield [(_INDENT, ""), ("= ", GUTTER), (f"{keyword}: ", STRONG), (first, "")]
    yield from ([(_INDENT + " " * (len(keyword) + 4) + line, "")] for line in rest)


def _wrapped(text: str, width: int) -> Iterator[Line]:
    yield from ([(_INDENT + line, "")] for line in _pieces(text, width))


def _shown(path: str) -> str:
    return relative_path(Path(path), Path.cwd())


def _pieces(text: str, width: int) -> list[str]:
    return textwrap.wrap(visible(text), max(width - len(_INDENT), 20), break_on_hyphens=False) or [""]


def _count(answer: dict[str, Any], status: str) -> int:
    return sum(each["status"] == status for each in answer["outcomes"])


def exit_code(answer: dict[str, Any]) -> int:
    """Return 1 where a property fails, 3 where none could be asked, else 0."""
    if _count(answer, "fail"):
        return 1
    return 0 if _count(answer, "pass") else 3


def as_json(answer: dict[str, Any], subject: str) -> str:
    """Return the document, version 1, in ASCII so that any output encoding can take it."""
    document = {
        "version": 1,
        "tool": {"name": "chatkit-doctor", "version": chatkit_doctor.__version__},
        "subject": {"name": subject, "kind": answer["kind"], "class": answer["class"], "release": answer["release"]},
        "properties": [_property(each, answer["kind"]) for each in answer["outcomes"]],
        "summary": {word: _count(answer, status) for status, word in _WORDS.items()},
    }
    return edge.as_json(document)


def _property(outcome: dict[str, Any], kind: str) -> dict[str, Any]:
    known = properties()[kind, outcome["name"]]
    place = {"path": _shown(outcome["path"]), "line": outcome["line"]} if outcome["path"] else None
    return {
        "name": outcome["name"],
        "claim": known.claim,
        "status": outcome["status"],
        "fact": outcome["fact"],
        "case": outcome["case"],
        "at": place,
        "rules": [code for code in known.rules if code in pages()],
        "verify": list(known.verify),
        "seconds": outcome["seconds"],
    }
