"""The web packages of a tree: which files belong to one, and whose files its pages can get."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from chatkit_doctor.project.files.upward import folder_of, folders_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, TypeVar

    from chatkit_doctor.project.manifests.model import ManifestError
    from chatkit_doctor.source import Source

    T = TypeVar("T")

_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


class Package:
    """A folder with a package.json; `manifest` is {} where it cannot be read, or for the root without one.

    error: why it cannot be read.
    """

    def __init__(self, path: str, manifest: Mapping[str, Any], error: ManifestError | None = None) -> None:
        self.path = path
        self.manifest = manifest
        self.error = error

    @classmethod
    def read(cls, folder: str, source: Source | None) -> Package:
        """Return a folder's package as its package.json has it."""
        from chatkit_doctor.project.manifests.json_files import load_json
        from chatkit_doctor.project.manifests.model import ManifestError

        try:
            return cls(folder, load_json(source) if source is not None else {})
        except ManifestError as error:
            return cls(folder, {}, error)

    @cached_property
    def folder(self) -> Path:
        """Return the folder as a path."""
        return Path(self.path)

    @property
    def name(self) -> str:
        """Return the name that others depend on it by, or an empty text."""
        name = self.manifest.get("name")
        return name if isinstance(name, str) else ""

    @cached_property
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

    def __init__(self, root: Path, paths: Iterable[str], read: Callable[[str], Source | None]) -> None:
        self._known = {folder: Package.read(folder, read(path)) for path in paths for folder in (folder_of(path),)}
        self._root = self._known.get(str(root)) or Package(str(root), {})
        self._reached: dict[str, frozenset[Path]] = {}
        self._derived: dict[object, object] = {}
        self._by_name: dict[str, list[Package]] = {}
        self._by_dependency: dict[str, list[Package]] = {}
        for package in self._known.values():
            self._by_name.setdefault(package.name, []).append(package)
            for dependency in package.dependencies:
                self._by_dependency.setdefault(dependency, []).append(package)

    def derive(self, build: Callable[[Packages], T]) -> T:
        """Return what a function makes of these packages, made once and kept with them."""
        if build not in self._derived:
            self._derived[build] = build(self)
        return self._derived[build]  # type: ignore[return-value]

    def of(self, path: Path) -> Package:
        """Return the package with the nearest folder at or above a file."""
        return self.around(folder_of(os.fspath(path)))

    def around(self, folder: str) -> Package:
        """Return the package with the nearest folder at or above a folder."""
        return next(self._at_or_above(folder), self._root)

    def above(self, path: Path) -> Iterator[Package]:
        """Yield the packages with a folder at or above a file, the nearest first."""
        return self._at_or_above(folder_of(os.fspath(path)))

    def _at_or_above(self, folder: str) -> Iterator[Package]:
        return (self._known[each] for each in folders_up(folder) if each in self._known)

    def errors(self, path: Path) -> Iterator[ManifestError]:
        """Yield what is wrong with the packages that a file belongs to."""
        yield from (each.error for each in self.above(path) if each.error is not None)

    def in_reach(self, package: Package) -> frozenset[Path]:
        """Return the folders of the packages whose files a package's pages can get."""
        if package.path not in self._reached:
            self._reached[package.path] = frozenset(each.folder for each in self.reached_by(package))
        return self._reached[package.path]

    def reached_by(self, package: Package) -> list[Package]:
        """Return the packages whose files a package's pages can get, in no order; one may come twice.

        That is itself, those above it, what uses it, and what all of them use. Two apps that share a library
        are not in each other's reach.
        """
        above = self._at_or_above(folder_of(package.path))
        users = _closure([package], lambda each: self._by_dependency.get(each.name, []))
        return [self._root, *above, *_closure(users, self._used)]

    def _used(self, package: Package) -> list[Package]:
        return [each for name in package.dependencies for each in self._by_name.get(name, [])]


def _closure(start: Iterable[Package], step: Callable[[Package], list[Package]]) -> list[Package]:
    """Return what can be reached from some packages in any number of steps, themselves included."""
    found: dict[str, Package] = {}
    pending = list(start)
    while pending:
        current = pending.pop()
        if current.path not in found:
            found[current.path] = current
            pending += step(current)
    return list(found.values())
