"""Which folders of a tree are apps of their own (a backend, a frontend), and which of them a file belongs to.

An app stands in a folder with manifests. Where there are none at all, folders say it: one with sources in it, or with
a folder that only an app has (`src`, `static`), is an app; one that merely holds other folders is not.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.files.upward import folder_of
from chatkit_doctor.project.manifests.kinds import REQUIREMENTS_FOLDER, declares

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chatkit_doctor.project.manifests.model import Ecosystem

_SOURCES = frozenset({FileKind.PYTHON, FileKind.WEB})
# Folders of sources that are parts of an app and none by themselves.
_PARTS = frozenset(
    {
        *("src", "lib", "static", "templates", "public", "assets", "scripts", "js", "css", "views", "pages"),
        *("components", "includes", "tests", "test", "__tests__", "docs", "python"),
    }
)


class AppFolder:
    """A folder that an app stands in, with the ecosystems of its manifests; none where it has no manifest.

    There may be hundreds, of which a scan asks for a few, so that the path is made when it is asked for.
    """

    def __init__(self, path: str, ecosystems: frozenset[Ecosystem] = frozenset()) -> None:
        self.path = path
        self.ecosystems = ecosystems

    @cached_property
    def folder(self) -> Path:
        """Return the folder as a path."""
        return Path(self.path)

    def __repr__(self) -> str:
        return f"AppFolder({self.path!r}, {sorted(self.ecosystems)})"

    def __hash__(self) -> int:
        return hash(self.path)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, AppFolder) and self.path == other.path and self.ecosystems == other.ecosystems


class AppFolders:
    """The folders of a tree's apps.

    root: the folder that files belong to when no app is nearer.
    folders: the tree's folders with the names of the files in them, which are all that is looked at.
    manifests: the names of the manifests in each folder that has one, and whose packages they declare.
    """

    def __init__(self, root: Path, folders: Iterable[tuple[str, Iterable[str]]]) -> None:
        manifests: dict[str, dict[str, Ecosystem]] = {}
        loose: set[str] = set()
        for folder, names in folders:
            is_loose = folder in loose
            for name in names:
                if (ecosystem := declares(name)) is not None:
                    manifests.setdefault(folder, {})[name] = ecosystem
                elif not is_loose and kind_of(name) in _SOURCES:
                    is_loose = True
            if is_loose:
                loose.add(folder)
        self.manifests = manifests
        speaking_for: dict[str, set[Ecosystem]] = {}
        for folder, declaring in manifests.items():
            for name, ecosystem in declaring.items():
                speaking_for.setdefault(_project_folder(folder, name), set()).add(ecosystem)
        with_manifests = sorted(speaking_for, key=_steps)
        found = {folder: AppFolder(folder, frozenset(speaking_for[folder])) for folder in with_manifests}
        self._root = str(root)
        self._fallback = found.get(self._root, AppFolder(self._root))
        if self._root not in found:
            for folder in _without_manifests(self._root, loose, frozenset(found)):
                found[folder] = AppFolder(folder)
        self._found = found
        self._by_folder: dict[str, AppFolder] = {}

    def __iter__(self) -> Iterator[AppFolder]:
        return iter(self._found.values())

    def of(self, path: Path) -> AppFolder:
        """Return the folder of the app that a file belongs to: the nearest at or above it."""
        return self.at(folder_of(os.fspath(path)))

    def at(self, folder: str) -> AppFolder:
        """Return the folder of the app that the files of a folder belong to."""
        # By folder and not by file: a folder's files belong together.
        found = self._by_folder.get(folder)
        if found is None:
            found = self._found.get(folder)
            if found is None:
                above = folder_of(folder)
                is_outside = above == folder or len(folder) <= len(self._root)
                found = self._fallback if is_outside else self.at(above)
            self._by_folder[folder] = found
        return found


def _steps(folder: str) -> list[str]:
    return folder.split(os.sep)


def _project_folder(folder: str, name: str) -> str:
    """Return the folder that a manifest speaks for: the one above for files in `requirements/`."""
    is_split = name.endswith((".txt", ".in")) and os.path.basename(folder) == REQUIREMENTS_FOLDER
    return folder_of(folder) if is_split else folder


def _without_manifests(root: str, with_sources: set[str], with_manifests: frozenset[str]) -> Iterator[str]:
    """Yield the folders below the root that are apps although no manifest says so."""
    children: dict[str, set[str]] = {}
    for folder in with_sources:
        below = folder
        while len(below) > len(root) and below not in with_manifests:
            above = folder_of(below)
            siblings = children.setdefault(above, set())
            if below in siblings:
                break
            siblings.add(below)
            below = above
    pending = [root]
    while pending:
        folder = pending.pop()
        below_it = children.get(folder, set())
        if folder in with_manifests:
            continue
        if folder in with_sources or any(os.path.basename(each) in _PARTS for each in below_it):
            if folder != root:
                yield folder
        else:
            pending += below_it
