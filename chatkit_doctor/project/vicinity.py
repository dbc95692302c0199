"""The apps of a tree and which of them have to do with each other, told from folders, names and manifests alone."""

from __future__ import annotations

from functools import cached_property
from os.path import join

from chatkit_doctor.project.apps import AppFolder, AppFolders
from chatkit_doctor.project.declared_names import DeclaredNames
from chatkit_doctor.project.neighbours import Halves
from chatkit_doctor.project.packages import Packages
from chatkit_doctor.project.scope import ReadScope, scope_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from chatkit_doctor.source import Source

    Folders = Iterable[tuple[str, Sequence[str]]]


_PACKAGE = "package.json"


class Vicinity:
    """The apps of a tree, each question about them answered once.

    root: the folder that files belong to when no app is nearer. folders: returns the tree's folders with the names of
    the files in them. data: returns the bytes of a manifest, none where they cannot be had; read: its text.
    """

    def __init__(
        self,
        root: Path,
        folders: Callable[[], Folders],
        data: Callable[[str], bytes],
        read: Callable[[str], Source | None],
    ) -> None:
        self._root = root
        self._tree = folders
        self._data = data
        self._read = read
        self._shown: dict[AppFolder, frozenset[AppFolder]] = {}

    @cached_property
    def folders(self) -> AppFolders:
        """Return the folders that apps stand in."""
        return AppFolders(self._root, self._tree())

    @cached_property
    def folders_by_place(self) -> dict[AppFolder, list[tuple[str, Sequence[str]]]]:
        """Return the folders whose files belong to each app, with the names of the files."""
        found: dict[AppFolder, list[tuple[str, Sequence[str]]]] = {}
        for folder, names in self._tree():
            found.setdefault(self.folders.at(folder), []).append((folder, names))
        return found

    @cached_property
    def packages(self) -> Packages:
        """Return the web packages of the tree."""
        declaring = self.folders.manifests.items()
        paths = sorted(join(folder, _PACKAGE) for folder, names in declaring if _PACKAGE in names)
        return Packages(self._root, paths, self._read)

    @cached_property
    def declared(self) -> DeclaredNames:
        """Return what the manifests of Python apps name."""
        return DeclaredNames(self.folders, self._data)

    def shown(self, place: AppFolder) -> frozenset[AppFolder]:
        """Return the apps whose web files another's pages can get: packages in reach, what is above, its other half."""
        if place not in self._shown:
            in_reach = self.packages.reached_by(self.packages.around(place.path))
            near = {place.path, *self._halves.of(place.path), *(package.path for package in in_reach)}
            # A package may be a folder of an app with other manifests, and the other way round.
            found = (self._by_path.get(each) for each in near)
            self._shown[place] = frozenset(each for each in found if each is not None)
        return self._shown[place]

    def scope(self, asked: Collection[AppFolder], speaking: Callable[[Iterable[str]], Iterable[Path]]) -> ReadScope:
        """Return which apps have to be read for the files of some.

        speaking: returns the files in some folders that may say something of ChatKit.
        """

        def speaks(place: AppFolder) -> bool:
            paths = speaking(folder for folder, _ in self.folders_by_place.get(place, ()))
            return any(self.folders.of(path) == place for path in paths)

        return scope_of(asked, self.folders_by_place, self.shown, self.declared.has_any, speaks)

    def folders_of(self, places: Iterable[AppFolder]) -> set[str]:
        """Return the folders whose files belong to some apps."""
        return {folder for place in places for folder, _ in self.folders_by_place.get(place, ())}

    @cached_property
    def _by_path(self) -> dict[str, AppFolder]:
        return {each.path: each for each in self.folders_by_place}

    @cached_property
    def _halves(self) -> Halves:
        return Halves(self._by_path)
