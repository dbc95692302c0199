"""Which Python files of a tree import which, across apps: only where an app can really import from the other.

An import reaches another app by a folder above both, or by a package that the importing app's manifests name. A file
of a sibling that merely has the right name is none of its business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files.walk import folders_up
from chatkit_doctor.project.manifests.kinds import declares
from chatkit_doctor.project.manifests.model import Ecosystem
from chatkit_doctor.python.layout import Layout

if TYPE_CHECKING:
    from chatkit_doctor.project.apps import AppFolder, AppFolders
    from chatkit_doctor.project.facts import PythonFacts
    from chatkit_doctor.project.tree import Tree

_SEPARATOR = regex(r"[-_.]+")


class Imports:
    """The imports between the Python files of a tree.

    facts: what the files import, by their texts.
    folders: returns the folders of the tree's apps; asked when an import leaves one.
    """

    def __init__(self, tree: Tree, facts: PythonFacts, folders: Callable[[], AppFolders]) -> None:
        self._tree = tree
        self.facts = facts
        self._folders = folders
        self._declared: dict[tuple[AppFolder, str], bool] = {}
        self._lowered: dict[Path, bytes] = {}

    def of(self, importer: Path) -> frozenset[Path]:
        """Return the files of the tree that a file imports; none for one that cannot be parsed."""
        facts = self.facts.of(importer)
        found = (self._resolve(importer, dotted) for dotted in (facts.imports if facts is not None else ()))
        return frozenset(path for path in found if path is not None)

    def may_reach(self, targets: Iterable[Path]) -> Iterator[Path]:
        """Yield the files that could import one of some: those of their apps, of apps above and below, and of users."""
        folders = self._folders()
        near = {folders.of(path) for path in targets}
        inside = {str(each.folder) for each in near}
        around = {above for each in inside for above in folders_up(each)}
        names = {each.folder.name for each in near} | {path.parent.name for path in targets}
        verdicts: dict[AppFolder, bool] = {}
        for folder, files in self._tree.folders():
            place = folders.at(folder)
            if place not in verdicts:
                home = str(place.folder)
                is_related = home in around or not inside.isdisjoint(folders_up(home))
                verdicts[place] = is_related or any(self.is_declared(place, name) for name in names)
            if verdicts[place]:
                yield from (Path(folder, name) for name in files if name.endswith(".py"))

    @cached_property
    def _layout(self) -> Layout:
        return Layout.of_folders(self._tree.folders(), self._tree.matches)

    def _resolve(self, importer: Path, dotted: str) -> Path | None:
        path = self._layout.resolve(importer, dotted) if dotted else None
        if path is None or dotted.startswith("."):
            return path
        folders = self._folders()
        home = folders.of(importer)
        top = dotted.partition(".")[0]
        is_near = folders.of(path) == home or self._is_above(path, dotted, importer)
        return path if is_near or self.is_declared(home, top) else None

    @staticmethod
    def _is_above(path: Path, dotted: str, importer: Path) -> bool:
        """Return whether the folder from which an import is read stands above the importing file."""
        tail = path.parent if path.name == "__init__.py" else path
        root = tail.parents[dotted.count(".")]
        return root in importer.parents

    def is_declared(self, place: AppFolder, name: str) -> bool:
        """Return whether a manifest of an app names a package, in whatever spelling."""
        key = (place, name)
        if key not in self._declared:
            self._declared[key] = any(self._names(path, name) for path in self._manifests.get(place, ()))
        return self._declared[key]

    def _names(self, manifest: Path, name: str) -> bool:
        words = [each.encode(errors="surrogateescape") for each in _SEPARATOR.split(name)]
        if manifest not in self._lowered:
            self._lowered[manifest] = (self._tree.data(manifest) or b"").lower()
        data = self._lowered[manifest]
        # Most manifests name nothing of the kind, and a pattern takes longer to make than to be done without.
        if not all(each.lower() in data for each in words):
            return False
        pattern = re.compile(rb"(?<![\w-])%b(?![\w-])" % b"[-_.]+".join(map(re.escape, words)), re.IGNORECASE)
        return self._tree.matches(manifest, pattern)

    @cached_property
    def _manifests(self) -> dict[AppFolder, list[Path]]:
        folders = self._folders()
        found: dict[AppFolder, list[Path]] = {}
        for path in self._tree.listing.named(lambda name: declares(name) is Ecosystem.PYTHON):
            found.setdefault(folders.of(path), []).append(path)
        return found
