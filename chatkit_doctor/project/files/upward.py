"""The folders above a path, as strings: of tens of thousands of folders each is asked for those above it."""

from __future__ import annotations

import os

from chatkit_doctor.project.files.inside import is_ceiling

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_IS_PLAIN = os.sep == "/"


# What says that a folder is a project.
_ROOT_MARKERS = ("chatkit-doctor.toml", "pyproject.toml", "package.json", "requirements.txt", "setup.cfg")


def folder_of(path: str) -> str:
    """Return the folder that an absolute path without needless parts is in; the root is in itself."""
    return (path[: path.rfind("/")] or "/") if _IS_PLAIN else os.path.dirname(path)


def folders_up(folder: str) -> Iterator[str]:
    """Yield a folder, absolute, and each one above it, up to what this process stays below."""
    yield folder
    while not is_ceiling(folder) and (above := folder_of(folder)) != folder:
        folder = above
        yield folder


def project_root(path: str) -> str:
    """Return the folder of the project that a file is looked at in: its repository, or the nearest with manifests."""
    marked = there = None
    for folder in folders_up(folder_of(path)):
        if os.path.exists(os.path.join(folder, ".git")):
            return folder
        if marked is None and any(os.path.isfile(os.path.join(folder, name)) for name in _ROOT_MARKERS):
            marked = folder
        if there is None and os.path.isdir(folder):
            there = folder
    return marked or there or folder_of(path)
