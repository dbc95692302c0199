"""The one folder that the server was started for: what is asked for lies in it, and nothing else is looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from chatkit_doctor.project.files.inside import stay_below


class FolderError(Exception):
    """A folder, or a path in it, that cannot be meant; the text says why in one line."""


def enter(folder: Path) -> Path:
    """Make a folder the working directory and the ceiling of this process, and return it.

    Raises FolderError for one that is not there, and for one that holds more than a project.
    """
    top = Path(os.path.realpath(folder))
    if not top.is_dir():
        raise FolderError(f"{folder}: there is no such folder")
    if top in {Path(top.anchor), Path(os.path.realpath(Path.home()))}:
        raise FolderError(f"{top} is more than a project; name the project's folder: chatkit-doctor mcp FOLDER")
    try:
        os.chdir(top)
    except OSError as error:
        raise FolderError(f"{folder}: it cannot be entered: {(error.strerror or '').lower()}") from None
    stay_below(str(top))
    return top


def within(top: Path, given: str, *, may_be_link: bool = False) -> Path:
    """Return a path that was asked for, absolute. Raises FolderError for one that is not there or leads out.

    may_be_link: whether it may be a link to what lies elsewhere, as the interpreter of an environment is.
    """
    path = Path(os.path.normpath(top / given))
    if "\0" in given or not _is_below(path, top) or not (may_be_link or _is_below(Path(os.path.realpath(path)), top)):
        raise FolderError(f"{given} lies outside of {top}, the folder that this server was started for")
    if not os.path.lexists(path):
        raise FolderError(f"{given}: there is no such file or folder in {top}")
    return path


def all_within(top: Path, given: Iterable[str]) -> list[Path]:
    """Return paths that were asked for, the folder itself where there is none. Raises FolderError."""
    return [within(top, each) for each in given] or [top]


def _is_below(path: Path, top: Path) -> bool:
    return path == top or top in path.parents
