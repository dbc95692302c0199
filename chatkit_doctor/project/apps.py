"""Which folders of a tree are apps of their own (a backend, a frontend), and which of them a file belongs to.

An app stands in a folder with manifests. Where there are none at all, folders say it: one with sources in it, or with
a folder that only an app has (`src`, `static`), is an app; one that merely holds other folders is not.
"""

from __future__ import annotations

import os
from os.path import dirname
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.manifests.kinds import REQUIREMENTS_FOLDER, declares
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chatkit_doctor.project.manifests.model import Ecosystem

_SOURCES = frozenset({FileKind.PYTHON, FileKind.WEB, FileKind.PHP})
# Folders of sources that are parts of an app and none by themselves.
_PARTS = frozenset(
    {
        *("src", "lib", "static", "templates", "public", "assets", "scripts", "js", "css", "views", "pages"),
        *("components", "includes", "tests", "test", "__tests__", "docs", "python"),
    }
)


@dataclass(frozen=True, slots=True)
class AppFolder:
    """A folder that an app stands in, with the ecosystems of its manifests; none where it has no manifest."""

    folder: Path
    ecosystems: frozenset[Ecosystem] = frozenset()


class AppFolders:
    """The folders of a tree's apps.

    root: the folder that files belong to when no app is nearer.
    folders: the tree's folders with the names of the files in them, which are all that is looked at.
    """

    def __init__(self, root: Path, folders: Iterable[tuple[str, Iterable[str]]]) -> None:
        manifests: dict[Path, set[Ecosystem]] = {}
        loose: set[str] = set()
        for folder, names in folders:
            for name in names:
                if kind_of(name) in _SOURCES:
                    loose.add(folder)
                elif (ecosystem := declares(name)) is not None:
                    manifests.setdefault(_project_folder(Path(folder, name)), set()).add(ecosystem)
        found = {str(folder): AppFolder(folder, frozenset(manifests[folder])) for folder in sorted(manifests)}
        self._root = str(root)
        self._fallback = found.get(self._root, AppFolder(root))
        if self._root not in found:
            for folder in _without_manifests(self._root, loose, frozenset(found)):
                found[folder] = AppFolder(Path(folder))
        self._found = found
        self._by_folder: dict[str, AppFolder] = {}

    def __iter__(self) -> Iterator[AppFolder]:
        return iter(self._found.values())

    def of(self, path: Path) -> AppFolder:
        """Return the folder of the app that a file belongs to: the nearest at or above it."""
        return self.at(os.path.dirname(path))

    def at(self, folder: str) -> AppFolder:
        """Return the folder of the app that the files of a folder belong to."""
        # By folder and not by file: a folder's files belong together.
        found = self._by_folder.get(folder)
        if found is None:
            found = self._found.get(folder)
            if found is None:
                above = dirname(folder)
                is_outside = above == folder or len(folder) <= len(self._root)
                found = self._fallback if is_outside else self.at(above)
            self._by_folder[folder] = found
        return found


def _project_folder(manifest: Path) -> Path:
    """Return the folder that a manifest speaks for: the one above for files in `requirements/`."""
    folder = manifest.parent
    is_split = folder.name == REQUIREMENTS_FOLDER and manifest.suffix in {".txt", ".in"}
    return folder.parent if is_split else folder


def _without_manifests(root: str, with_sources: set[str], with_manifests: frozenset[str]) -> Iterator[str]:
    """Yield the folders below the root that are apps although no manifest says so."""
    children: dict[str, set[str]] = {}
    for folder in with_sources:
        below = folder
        while len(below) > len(root) and below not in with_manifests:
            above = dirname(below)
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
        if folder in with_sources or any(Path(each).name in _PARTS for each in below_it):
            if folder != root:
                yield folder
        else:
            pending += below_it
