"""What has changed on disk since a folder was looked at: asked of the times of folders and of the files that count.

An editor tells of what it sees itself; what other programs do, or an editor that watches nothing, is noticed here. No
folder is listed for that unless something in it has changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from chatkit_doctor.project.files import reading
from chatkit_doctor.project.files.kinds import is_left_out, is_written_by_tools, kind_of
from chatkit_doctor.records import dataclass, field

_State = tuple[int, int] | None
_RULES = frozenset({".gitignore", ".git", "chatkit-doctor.toml"})


@dataclass(slots=True)
class DiskChanges:
    """What has changed. is_other_tree: there are other files, or other rules for which files count."""

    files: set[Path] = field(default_factory=set)
    is_other_tree: bool = False

    def __bool__(self) -> bool:
        return self.is_other_tree or bool(self.files)


class Disk:
    """The state of a folder when it was looked at.

    folders: those that were walked. What was read or listed elsewhere meanwhile (installed packages, settings above) is
    taken from what readers note.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = {folder: _state(folder) for folder in folders}
        self._files: dict[str, _State] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._listed: dict[str, list[str]] = {}
        # One for all folders: what is read for another one does no harm here.
        self._noted = reading.noted or reading.note_reads()

    def count(self, files: Iterable[str]) -> None:
        """Take in further files whose contents count."""
        for path in files:
            if path not in self._files:
                self._files[path] = _state(path)

    def changes(self) -> DiskChanges:
        """Return what has changed since this was asked last."""
        found = DiskChanges()
        self.count(self._noted.read)
        for path, state in self._files.items():
            if (now := _state(path)) != state:
                self._files[path] = now
                found.files.add(Path(path))
        for folder, state in self._folders.items():
            if (now := _state(folder)) != state:
                self._folders[folder] = now
                found.is_other_tree |= self._has_other_names(folder)
        for folder, names in self._noted.listed.items():
            if (now_there := _names(folder)) != self._listed.setdefault(folder, names):
                self._listed[folder] = now_there
                found.is_other_tree = True
        return found

    def _has_other_names(self, folder: str) -> bool:
        """Return whether a folder holds other entries that count; what they were is known from the second time on.

        A file that is saved by putting another in its place changes its folder, and no name.
        """
        names = frozenset(filter(_counts, _names(folder)))
        before, self._names[folder] = self._names.get(folder), names
        return before != names


def shapes_the_tree(path: Path) -> bool:
    """Return whether a file says which files count, or how they are judged."""
    return path.name in _RULES or path.name == "pyproject.toml"


def _counts(name: str) -> bool:
    if "." not in name[1:] or kind_of(name) is not None or name in _RULES:
        return not is_left_out(name) and not is_written_by_tools(name)
    return False


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names, and no paths
    except OSError:
        return []


def _state(path: str) -> _State:
    try:
        status = os.stat(path)  # noqa: PTH116 - thousands of times, so no path objects
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
