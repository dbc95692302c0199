"""The web packages of a project: which files belong to one, and whose files its pages can get."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from chatkit_doctor.project.project import Project

_TEST_FOLDERS = frozenset({"__tests__", "__mocks__", "test", "tests", "e2e", "cypress", "playwright"})
_STORY_FOLDERS = frozenset({".storybook", "stories", "__stories__"})
_SAMPLE_FOLDERS = frozenset({"example", "examples", "demo", "demos", "sample", "samples", "playground", "docs"})
_TEST_NAME = re.compile(r"^test_.*\.py$|[.-](?:test|spec|cy|stories|story)\.\w+$|\.(?:setup|config)\.test\.")
_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")


@dataclass(frozen=True, slots=True)
class Package:
    """A folder with a package.json; `manifest` is {} where it cannot be read, or for the root without one."""

    folder: Path
    manifest: Mapping[str, Any]

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
        """Tell whether it is made to be used by other packages, whose pages then load the script."""
        peers = self.manifest.get("peerDependencies")
        # `bun init` asks every app for a peer called typescript.
        if isinstance(peers, dict) and peers.keys() - {"typescript"}:
            return True
        return any(self.manifest.get(key) for key in ("exports", "types", "typings"))


class Packages:
    """The packages of a project. Files outside of all of them belong to the project's root."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def of(self, path: Path) -> Package:
        """Return the package with the nearest folder at or above a file."""
        return next((self._known[folder] for folder in path.parents if folder in self._known), self._root)

    def in_reach(self, package: Package) -> frozenset[Path]:
        """Return the folders of the packages whose files a package's pages can get.

        That is itself, those above it, what uses it, and what all of them use. Two apps that share a library
        are not in each other's reach.
        """
        above = [each for each in self._known.values() if each.folder in package.folder.parents]
        users = _closure([package], self._users)
        used = _closure(users, self._used)
        return frozenset({self._root.folder, *(each.folder for each in (*above, *used))})

    @cached_property
    def _known(self) -> dict[Path, Package]:
        paths = (path for path in self._project.listing.files if path.name == "package.json")
        return {path.parent: Package(path.parent, _manifest(self._project, path)) for path in paths}

    @cached_property
    def _root(self) -> Package:
        root = self._project.root
        return self._known.get(root, Package(root, {}))

    def _users(self, package: Package) -> list[Package]:
        return [each for each in self._known.values() if package.name in each.dependencies]

    def _used(self, package: Package) -> list[Package]:
        return [each for each in self._known.values() if each.name in package.dependencies]


def is_test_or_story(path: Path, folder: Path) -> bool:
    """Tell whether a file of a package is there to test or to show it off, and not part of what is shipped."""
    parts = _parts(path, folder)
    return bool(_TEST_NAME.search(path.name)) or not (_TEST_FOLDERS | _STORY_FOLDERS).isdisjoint(parts)


def is_sample(path: Path, folder: Path) -> bool:
    """Tell whether a file of a package stands in a folder of examples or documents."""
    return not _SAMPLE_FOLDERS.isdisjoint(_parts(path, folder))


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


def _parts(path: Path, folder: Path) -> tuple[str, ...]:
    return path.relative_to(folder).parts[:-1] if path.is_relative_to(folder) else path.parts[:-1]


def _manifest(project: Project, path: Path) -> dict[str, Any]:
    source = project.read(path)
    try:
        found = json.loads(source.text) if source is not None else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
