"""A report written to a file, which is replaced whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

from chatkit_doctor.project.files.inside import Inside, LeadsOutError, repository_of
from chatkit_doctor.project.files.replacing import OpenFolder, Replacement, remove_orphans
from chatkit_doctor.project.files.signals import tidy_end


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
