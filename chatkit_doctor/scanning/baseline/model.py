"""A baseline: which findings are known, each by its rule, its file and a fingerprint."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from chatkit_doctor.finding import Finding
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.scanning.baseline.fingerprint import fingerprint
from chatkit_doctor.scanning.selection import ScanError
from chatkit_doctor.source import relative_path

DEFAULT_NAME = "chatkit-doctor-baseline.json"


class BaselineError(ScanError):
    """A baseline that cannot be read or written; the text is one line and begins with the file."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(visible(f"{path}: {reason}"))
        self.reason = reason


@dataclass(frozen=True, slots=True, order=True)
class KnownFinding:
    """One known finding. path: relative to the baseline's folder, with `/`."""

    path: str
    code: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known findings of a file, equal ones as often as they stand in it.

    path: the file, as it was named. folder: what the entries' paths are relative to, without symbolic links.
    """

    path: Path
    folder: Path
    entries: tuple[KnownFinding, ...]

    def entry_of(self, finding: Finding) -> KnownFinding:
        """Return the entry that stands for a finding."""
        return KnownFinding(_relative(finding.at.path, self.folder), finding.code, fingerprint(finding))

    def file_of(self, entry: KnownFinding) -> Path:
        """Return the absolute path of the file that an entry is about."""
        return Path(os.path.normpath(self.folder / entry.path))


def baseline_of(findings: Iterable[Finding], path: Path) -> Baseline:
    """Return the baseline of findings, to be written to a file, its entries in order."""
    empty = Baseline(path, folder_of(path), ())
    return Baseline(path, empty.folder, tuple(sorted(empty.entry_of(each) for each in findings)))


def folder_of(path: Path) -> Path:
    """Return the folder that a baseline's paths are relative to. A link to a baseline stands for one where it lies."""
    return Path(os.path.realpath(path.absolute().parent))


def _relative(path: Path, folder: Path) -> str:
    if not path.is_relative_to(folder):
        # One of the two may have been named by way of a link.
        path = Path(os.path.realpath(path.parent)) / path.name
    return relative_path(path, folder)
