"""Where the apps of a tree stand, and what manifests say of them: all that is told without a line of code.

While somebody writes code, none of this changes, so that a project with other texts in code files has the same land.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.apps import AppFolder, AppFolders
from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.manifests.kinds import declares
from chatkit_doctor.project.manifests.model import Ecosystem, ManifestError
from chatkit_doctor.project.neighbours import Halves
from chatkit_doctor.project.packages import Packages
from chatkit_doctor.project.tree import Problem, Tree

if TYPE_CHECKING:
    from chatkit_doctor.project.targets import GivenRelease, Releases, Targets

_CODE = frozenset({FileKind.PYTHON, FileKind.WEB, FileKind.PHP})
_SEPARATOR = regex(r"[-_.]+")


class Land:
    """The lie of a tree.

    tree: the files; whoever asks for a manifest reads it here.
    releases: returns the known releases of a package, for a range to be resolved to one.
    overrides: the releases that the user told.
    """

    def __init__(self, tree: Tree, releases: Releases, overrides: Sequence[GivenRelease]) -> None:
        self.tree = tree
        self._root = tree.listing.root
        self._releases = releases
        self._overrides = overrides
        self._declared: dict[tuple[AppFolder, str], bool] = {}
        self._lowered: dict[Path, bytes] = {}
        self._known_shown: dict[AppFolder, frozenset[AppFolder]] = {}

    @staticmethod
    def is_made_by(path: Path) -> bool:
        """Return whether what stands in a file shapes the land, and not only that the file is there."""
        return kind_of(path.name) not in _CODE

    @property
    def errors(self) -> tuple[ManifestError, ...]:
        """Return what was wrong with the manifests read so far."""
        return self.targets.errors if "targets" in vars(self) else ()

    @property
    def problems(self) -> dict[Path, Problem]:
        """Return the files of which nothing could be had, as far as they shape the land."""
        return {path: each for path, each in self.tree.problems.items() if self.is_made_by(path)}

    @cached_property
    def folders(self) -> AppFolders:
        """Return the folders that apps stand in."""
        return AppFolders(self._root, self.tree.folders())

    @cached_property
    def folders_by_place(self) -> dict[AppFolder, list[tuple[str, Sequence[str]]]]:
        """Return by app the folders whose files belong to it, with the names of the files."""
        found: dict[AppFolder, list[tuple[str, Sequence[str]]]] = {}
        for folder, names in self.tree.folders():
            found.setdefault(self.folders.at(folder), []).append((folder, names))
        return found

    @cached_property
    def packages(self) -> Packages:
        """Return the web packages of the tree."""
        paths = self.tree.listing.named(lambda name: name == "package.json")
        return Packages(self._root, paths, self.tree.source)

    @cached_property
    def targets(self) -> Targets:
        """Return the releases that apps use."""
        from chatkit_doctor.project.manifests.folders import Folders
        from chatkit_doctor.project.targets import Targets

        folders = Folders(self.tree.source, self.tree.names)
        return Targets(self._root, folders, self._releases, self._overrides)

    def shown(self, place: AppFolder) -> frozenset[AppFolder]:
        """Return the apps whose web files another's pages can get: packages in reach, what is above, its other half."""
        if place not in self._known_shown:
            self._known_shown[place] = self._find_shown(place)
        return self._known_shown[place]

    def _find_shown(self, place: AppFolder) -> frozenset[AppFolder]:
        package = self.packages.of(place.folder / "package.json")
        near = {place.folder} | self._halves.of(place.folder) | self.packages.in_reach(package)
        # A package may be a folder of an app with other manifests, and the other way round.
        return frozenset(found for each in near if (found := self._places_by_folder.get(each)) is not None)

    @cached_property
    def _places_by_folder(self) -> dict[Path, AppFolder]:
        return {each.folder: each for each in self.folders_by_place}

    @cached_property
    def _halves(self) -> Halves:
        return Halves(self._places_by_folder)

    def is_declared(self, place: AppFolder, name: str) -> bool:
        """Return whether a manifest of an app names a Python package, in whatever spelling."""
        key = (place, name)
        if key not in self._declared:
            self._declared[key] = any(self._names(path, name) for path in self._manifests.get(place, ()))
        return self._declared[key]

    def _names(self, manifest: Path, name: str) -> bool:
        words = [each.encode(errors="surrogateescape") for each in _SEPARATOR.split(name)]
        if manifest not in self._lowered:
            self._lowered[manifest] = (self.tree.data(manifest) or b"").lower()
        data = self._lowered[manifest]
        # Most manifests name nothing of the kind, and a pattern takes longer to make than to be done without.
        if not all(each.lower() in data for each in words):
            return False
        pattern = re.compile(rb"(?<![\w-])%b(?![\w-])" % b"[-_.]+".join(map(re.escape, words)), re.IGNORECASE)
        return self.tree.matches(manifest, pattern)

    @cached_property
    def _manifests(self) -> dict[AppFolder, list[Path]]:
        found: dict[AppFolder, list[Path]] = {}
        for path in self.tree.listing.named(lambda name: declares(name) is Ecosystem.PYTHON):
            found.setdefault(self.folders.of(path), []).append(path)
        return found
