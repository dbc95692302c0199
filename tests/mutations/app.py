"""The reference app with errors put into it: what one edit plants, and a copy of the app that has it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chatkit_doctor.finding import Severity

APP = Path(__file__).parents[2] / "fixtures" / "reference"

_LEFT_OUT = shutil.ignore_patterns("node_modules", "dist", ".venv", "__pycache__", "*.db*", ".env")


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement in a file of the app. `old` stands there exactly once.

    Without `old`, `new` is the whole of a file to add; without `new` as well, the file goes.
    """

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Mutation:
    """An error planted in the reference app, and the one finding that it must bring.

    code: the rule. name: tells mutations of one rule apart. row: the line of the error reference, where it is one's.
    edits: what plants it. path, marked: the file of the finding and the exact text that its span covers.
    fixable: whether `--fix --unsafe-fixes` leaves nothing. severity: the finding's, where it is not the page's.
    beside: the rules that find another error in the same edit, which is as true.
    """

    code: str
    name: str
    edits: tuple[Edit, ...]
    path: str
    marked: str
    fixable: bool = True
    row: int | None = None
    severity: Severity | None = None
    beside: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.code}-{self.name}"


def mutation(
    code: str,
    name: str,
    marked: str,
    *edits: Edit,
    fixable: bool = True,
    severity: Severity | None = None,
    beside: Iterable[str] = (),
) -> Mutation:
    """Return a mutation that answers no row, and whose finding is in the file of its first edit."""
    path = edits[0].path
    return Mutation(code, name, edits, path, marked, fixable, severity=severity, beside=frozenset(beside))


def copy_app(folder: Path) -> Path:
    """Copy the reference app into a folder that is not there yet, and return the folder."""
    shutil.copytree(APP, folder, ignore=_LEFT_OUT)
    return folder


def plant(edits: Iterable[Edit], app: Path) -> None:
    """Put edits into a copy of the app. Raises AssertionError where the text to replace is not there exactly once."""
    for edit in edits:
        path = app / edit.path
        if edit.new is None:
            path.unlink()
            continue
        if edit.old is None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(edit.new, encoding="utf-8")
            continue
        text = path.read_text(encoding="utf-8")
        assert text.count(edit.old) == 1, f"{edit.path} holds {edit.old!r} {text.count(edit.old)} times"
        path.write_text(text.replace(edit.old, edit.new), encoding="utf-8")
