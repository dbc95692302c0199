"""Reports that go to files: what `--output` asks for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports import FORMATS
from chatkit_doctor.words import the_nearest

# One letter is a drive of Windows.
_WITH_FORMAT = regex(r"([A-Za-z]{2,}):(.+)", re.DOTALL)


class OutputError(Exception):
    """An `--output` that cannot be meant; the text is one line."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file that a report is written to. format: a key of FORMATS; None for that of `--format`."""

    path: Path
    format: str | None = None

    @classmethod
    def parse(cls, given: str) -> ReportFile:
        """Read `FILE` or `FORMAT:FILE`. Raises OutputError for a format that does not exist."""
        parts = _WITH_FORMAT.fullmatch(given)
        if parts is None:
            return cls(Path(given))
        name, path = parts.groups()
        if name not in FORMATS:
            hint = the_nearest(name, FORMATS) or f"a file of that name is ./{given}"
            raise OutputError(f"--output {given}: there is no format {name!r}; {hint}")
        return cls(Path(path), name)


def parse_outputs(given: Iterable[str]) -> tuple[ReportFile, ...]:
    """Read the values of `--output`. Raises OutputError for a file that is named twice as well."""
    files = tuple(ReportFile.parse(each) for each in given)
    paths = [os.path.realpath(file.path) for file in files]
    for index, path in enumerate(paths):
        if path in paths[:index]:
            raise OutputError(f"--output {files[index].path}: this file is to hold two reports")
    return files
