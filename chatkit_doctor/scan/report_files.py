"""Reports that go to files: what `--output` asks for, and a file that is replaced whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterable
from pathlib import Path

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files.inside import Inside, LeadsOutError, repository_of
from chatkit_doctor.project.files.replacing import OpenFolder, Replacement, remove_orphans
from chatkit_doctor.project.files.signals import tidy_end
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


def write_report(path: Path, text: str, project: Container[Path], inside: Inside | None = None) -> str:
    """Write a report; return why it could not be written, in one clause, or "".

    project: the files of the scanned project, over which no report is written. inside: the project's folders; below
    them, and in any repository, nothing is written by way of a link, which somebody else may have made.
    """
    place = Path(os.path.normpath(Path.cwd() / path))
    if place in project or Path(os.path.realpath(place)) in project:
        return "it is a file of the project"
    data = text.encode(errors="backslashreplace")
    top = (inside.top_of(str(place)) if inside is not None else None) or repository_of(str(place.parent))
    try:
        with tidy_end():
            if top is not None:
                _write_below(top, place, data)
            elif _is_device(place):
                place.write_bytes(data)
            else:
                target = Path(os.path.realpath(place))
                target.parent.mkdir(parents=True, exist_ok=True)
                with OpenFolder.at(str(target.parent), None) as folder:
                    _replace(folder, target.name, data)
    except LeadsOutError:
        return "it is written by way of no link, and the project has one there"
    except OSError as error:
        return f"it cannot be written: {(error.strerror or type(error).__name__).lower()}"
    return ""


def _write_below(top: str, place: Path, data: bytes) -> None:
    """Write a file below a folder whose links are not followed. Raises LeadsOutError for one, and other OSErrors."""
    with OpenFolder.made(str(place.parent), top) as folder:
        if folder.is_link(place.name):
            raise LeadsOutError(str(place))
        _replace(folder, place.name, data)


def _is_device(path: Path) -> bool:
    """Return whether something else than a file stands there, such as a pipe or standard output, to be written into."""
    return path.parent == Path("/dev") or (path.exists() and not path.is_file())


def _replace(folder: OpenFolder, name: str, data: bytes) -> None:
    remove_orphans(folder)
    replacement = Replacement(folder, name, data, folder.status(name))
    try:
        replacement.put_in_place()
    finally:
        replacement.discard()
