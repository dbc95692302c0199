"""The gates: what keeps a fix from being made. Each names a file and says of it what is wrong, in one clause."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Finding
from chatkit_doctor.project.files import FileKind
from chatkit_doctor.project.project import Project
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.python.module import Module

UNUSED_SUPPRESSION = "CK901"

MayWrite = Callable[[Path], bool]
FindingKey = tuple[str, str, Path]


@dataclass(frozen=True, slots=True)
class Objection:
    """What stands against a fix: a file, and what is or would be wrong with it, as a clause without its subject."""

    path: Path
    clause: str

    def about(self, path: Path) -> str:
        """Return the clause for a reader who looks at `path`."""
        return f"{'it' if path == self.path else self.path.name} {self.clause}"


def key_of(finding: Finding) -> FindingKey:
    """Return what makes a finding the same one after an edit has moved it."""
    return finding.code, finding.message, finding.at.path


def counted(findings: Iterable[Finding]) -> Counter[FindingKey]:
    """Return how often each finding is there, wherever it stands."""
    return Counter(map(key_of, findings))


def not_writable(project: Project, path: Path, may_write: MayWrite) -> Objection | None:
    """Object to any change of a file. A path that is not on disk stands for standard input."""
    real = Path(os.path.realpath(path))
    if path.suffix == ".ipynb":
        return Objection(path, "is a notebook")
    if not project.exists(path) or not real.is_relative_to(os.path.realpath(project.root)):
        return Objection(path, "is outside the scanned folder")
    if not may_write(path):
        return Objection(path, "is not among the files to fix")
    if project.read(path) is None:
        return Objection(path, "cannot be read")
    if _is_read_only(real):
        return Objection(path, "is read-only")
    # A file is replaced by a new one, which its folder has to take.
    return Objection(path, "is in a read-only folder") if _is_read_only(real.parent) else None


def not_encodable(project: Project, path: Path, text: str) -> Objection | None:
    """Object to a text that the file's encoding cannot hold."""
    source = project.read(path)
    if source is None:
        return None
    try:
        source.encode(text)
    except UnicodeEncodeError as error:
        return Objection(path, f"is in {source.encoding}, which has no {error.object[error.start]!a}")
    return None


def parses_worse(before: Project, after: Project, path: Path) -> Objection | None:
    """Object to a file that no longer parses as well. Other files pass."""
    kind = before.listing.kind(path)
    is_worse = (kind is FileKind.WEB and _web_errors(after, path) > _web_errors(before, path)) or (
        kind is FileKind.PYTHON and before.module(path) is not None and after.module(path) is None
    )
    return Objection(path, "would not parse") if is_worse else None


def binds_twice(before: Project, after: Project, path: Path) -> Objection | None:
    """Object to a Python file that defines a name twice at its top: the tree alone tells it, without more ado."""
    from chatkit_doctor.scanning.fixer import names

    old, new = _modules(before, after, path)
    clause = names.twice_objection(old, new) if old is not None and new is not None else None
    return Objection(path, clause) if clause is not None else None


def compiles_worse(before: Project, after: Project, path: Path) -> Objection | None:
    """Object to a Python file that Python refuses to compile now. Other files pass."""
    old, new = _modules(before, after, path)
    is_worse = old and new and after.refusal(path) is not None and before.refusal(path) is None
    return Objection(path, "would not compile") if is_worse else None


def confuses_names(before: Project, after: Project, path: Path) -> Objection | None:
    """Object to a file in which a name is left undefined or means something else, in a web file bound twice too."""
    from chatkit_doctor.scanning.fixer import names

    kind = before.listing.kind(path)
    clause = None
    old, new = _modules(before, after, path)
    if old is not None and new is not None:
        clause = names.python_objection(old, new)
    elif (
        kind is FileKind.WEB
        and (was := before.document(path)) is not None
        and (now := after.document(path)) is not None
    ):
        clause = names.web_objection(was, now)
    return Objection(path, clause) if clause is not None else None


def brings_findings(
    before: Iterable[Finding], after: Iterable[Finding], unfinished: Collection[str] = frozenset()
) -> Iterator[Objection]:
    """Yield an objection to each finding that was not there before.

    unfinished: the codes of the rules that came to no end, of which nobody knows what was there before.
    """
    for code, message, path in counted(after) - counted(before):
        # A fix that mends what a comment hides leaves the comment to a later round.
        if code != UNUSED_SUPPRESSION and code not in unfinished:
            yield Objection(path, f"would have {code}: {message}")


def _modules(before: Project, after: Project, path: Path) -> tuple[Module | None, Module | None]:
    """Return a Python file as it was and as it would be."""
    is_python = before.listing.kind(path) is FileKind.PYTHON
    return (before.module(path), after.module(path)) if is_python else (None, None)


def _web_errors(project: Project, path: Path) -> int:
    document = project.document(path)
    return document.error_count if document is not None else 0


def _is_read_only(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    # Root may write every file, whatever its owner meant, so the bits decide as well.
    return not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK)
