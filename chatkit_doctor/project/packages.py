"""The web packages of a tree: which files belong to one, and whose files its pages can get."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.project.manifests.model import ManifestError
    from chatkit_doctor.source import Source

_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


@dataclass(frozen=True, slots=True)
class Package:
    """A folder with a package.json; `manifest` is {} where it cannot be read, or for the root without one.

    error: why it cannot be read.
    """

    folder: Path
    manifest: Mapping[str, Any]
    error: ManifestError | None = None

    @classmethod
    def read(cls, folder: Path, source: Source | None) -> Package:
        """Return a folder's package as its package.json has it."""
        from chatkit_doctor.project.manifests.json_files import load_json
        from chatkit_doctor.project.manifests.model import ManifestError

        try:
            return cls(folder, load_json(source) if source is not None else {})
        except ManifestError as error:
            return cls(folder, {}, error)

    @property
    def name(self) -> str:
        """Return the name that others depend on it by, or an empty text."""
        name = self.manifest.get("name")
        return name if isinstance(name, str) else ""

    @property
    def dependencies(self) -> frozenset[str]:
        """Return the names of everything it depends on, in whatever way."""
        tables = (self.manifest.get(table) for table in _DEPENDENCIES)
        return frozenset(name for table in tables if isinstance(table, dict) for name in table)

    @property
    def is_library(self) -> bool:
        """Return whether it is made to be used by other packages, whose pages then load the script."""
        peers = self.manifest.get("peerDependencies")
        # `bun init` asks every app for a peer called typescript.
        if isinstance(peers, dict) and peers.keys() - {"typescript"}:
            return True
        return any(self.manifest.get(key) for key in ("exports", "types", "typings"))


class Packages:
    """The packages of a tree. Files outside of all of them belong to the tree's root.

    paths: the package.json files. read: returns a file's text, None where it cannot be had.
    """

    def __init__(self, root: Path, paths: Iterable[Path], read: Callable[[Path], Source | None]) -> None:
        self._known = {path.parent: Package.read(path.parent, read(path)) for path in paths}
        self._root = self._known.get(root, Package(root, {}))
        self._by_name: dict[str, list[Package]] = {}
        self._by_dependency: dict[str, list[Package]] = {}
        for package in self._known.values():
            self._by_name.setdefault(package.name, []).append(package)
            for dependency in package.dependencies:
                self._by_dependency.setdefault(dependency, []).append(package)

    def of(self, path: Path) -> Package:
        """Return the package with the nearest folder at or above a file."""
        return next(self.above(path), self._root)

    def above(self, path: Path) -> Iterator[Package]:
        """Yield the packages with a folder at or above a file, the nearest first."""
        yield from (self._known[folder] for folder in path.parents if folder in self._known)

    def errors(self, path: Path) -> Iterator[ManifestError]:
        """Yield what is wrong with the packages that a file belongs to."""
        yield from (each.error for each in self.above(path) if each.error is not None)

    def in_reach(self, package: Package) -> frozenset[Path]:
        """Return the folders of the packages whose files a package's pages can get.

        That is itself, those above it, what uses it, and what all of them use. Two apps that share a library
        are not in each other's reach.
        """
        above = list(self.above(package.folder))
        users = _closure([package], lambda each: self._by_dependency.get(each.name, []))
        used = _closure(users, self._used)
        return frozenset({self._root.folder, *(each.folder for each in (*above, *used))})

    def _used(self, package: Package) -> list[Package]:
        return [each for name in package.dependencies for each in self._by_name.get(name, [])]


def _closure(start: Iterable[Package], step: Callable[[Package], list[Package]]) -> list[Package]:
    """Return what can be reached from some packages in any number of steps, themselves included."""
    found: dict[Path, Package] = {}
    pending = list(start)
    while pending:
        current = pending.pop()
        if current.folder not in found:
            found[current.folder] = current
            pending += step(current)
    return list(found.values())
