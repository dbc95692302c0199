"""Which settings hold where: those of the nearest settings file at or above a file, whole, up to the repository's top.

Above a repository nothing counts; without one, everything up to the file system's root does. A folder that
settings exclude is not looked into for others. Nothing is read before it is asked for, and once.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.scan.settings.model import Settings, SettingsError
from chatkit_doctor.scan.settings.reading import OWN_NAME, SHARED_NAME, TABLE, read_settings

if TYPE_CHECKING:
    from chatkit_doctor.project.files import Listing
    from chatkit_doctor.project.targets import Override

NONE = Settings()


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds for the entries of a folder. start: the folder from which on these settings hold."""

    settings: Settings
    start: Path | None = None
    is_excluded: bool = False


class SettingsTree:
    """The settings of the folders of a file system.

    requested: the files and folders asked for, absolute. A pattern never leaves out a folder that was asked for, nor
        one above it, and a file that was asked for only with `force_exclude`, for callers that name every file.
    everywhere: settings that hold for every file, whatever files there are; None to look for files.
    """

    def __init__(
        self, requested: Iterable[Path] = (), everywhere: Settings | None = None, *, force_exclude: bool = False
    ) -> None:
        requested = list(requested)
        self._requested = [path for path in requested if path.is_dir()]
        self._spared_files = frozenset(() if force_exclude else requested)
        self._spared = {above for path in self._requested for above in (path, *path.parents)}
        self._everywhere = everywhere
        self._scopes: dict[Path, _Scope] = {}

    def of(self, path: Path) -> Settings:
        """Return the settings that hold for a file. Raises SettingsError."""
        return self._scope(path.parent).settings

    def excludes(self, path: Path) -> bool:
        """Tell whether a file, or a folder that it is in, is left out. Raises SettingsError."""
        # Also for a file that is spared, so that what is wrong with its settings comes out now.
        scope = self._scope(path.parent)
        if path in self._spared_files:
            return False
        return scope.is_excluded or scope.settings.excludes(path, is_folder=False)

    def looked_up(self, path: Path) -> tuple[Settings, bool]:
        """Return what holds for a file or in a folder, and whether that is left out. Raises SettingsError."""
        if path.is_dir():
            scope = self._scope(path)
            return scope.settings, scope.is_excluded
        return self.of(path), self.excludes(path)

    def without_excluded(self, listing: Listing) -> Listing:
        """Return a listing without what is left out. Every settings file that it needs is then read.

        Raises SettingsError.
        """
        return replace(
            listing,
            files=tuple(path for path in listing.files if not self.excludes(path)),
            problems=tuple(problem for problem in listing.problems if not self.looked_up(problem.path)[1]),
            explicit=frozenset(path for path in listing.explicit if not self.excludes(path)),
        )

    def overrides(self) -> list[Override]:
        """Return the targets of the settings that were read so far, each for the apps that it holds for."""
        if self._everywhere is not None:
            return list(self._everywhere.targets)
        starts = {scope.start: scope.settings for scope in self._scopes.values() if scope.start is not None}
        return [
            replace(override, folder=start, apart=_inner(start, starts))
            for start, settings in starts.items()
            for override in settings.targets
        ]

    def _scope(self, folder: Path) -> _Scope:
        if folder in self._scopes:
            return self._scopes[folder]
        outer = _Scope(self._everywhere or NONE)
        missing = []
        for each in (folder, *folder.parents):
            if each in self._scopes:
                outer = self._scopes[each]
                break
            missing.append(each)
            if self._is_top(each):
                break
        # From the top down, and not by recursion, which a deep tree would be too deep for.
        for each in reversed(missing):
            outer = self._scopes[each] = self._entered(each, outer)
        return outer

    def _entered(self, folder: Path, outer: _Scope) -> _Scope:
        """Return what holds in a folder from what holds around it."""
        if folder not in self._spared and (outer.is_excluded or outer.settings.excludes(folder, is_folder=True)):
            return replace(outer, is_excluded=True)
        if self._everywhere is not None:
            return outer
        found = _settings_in(folder)
        if found is None and _is_repository(folder):
            found = NONE
        return outer if found is None else _Scope(found, folder)

    def _is_top(self, folder: Path) -> bool:
        """Tell whether nothing above a folder counts: it is a repository, and not one in a folder asked for."""
        inside = any(folder != each and folder.is_relative_to(each) for each in self._requested)
        return not inside and _is_repository(folder)


def open_settings(
    requested: Iterable[Path] = (), *, config: Path | None = None, isolated: bool = False, force_exclude: bool = False
) -> SettingsTree:
    """Return the settings for a scan.

    config: a settings file that holds for every file, in the place of all that would be found; its patterns are
        relative to the working directory.
    isolated: whether settings files are left alone.
    force_exclude: whether patterns leave out even the files that are requested by name.

    Raises SettingsError for a `config` that is not there or cannot be taken.
    """
    if config is not None:
        return SettingsTree(requested, _given(config), force_exclude=force_exclude)
    return SettingsTree(requested, NONE if isolated else None, force_exclude=force_exclude)


def _given(path: Path) -> Settings:
    path = Path(os.path.normpath(Path.cwd() / path))
    if not os.path.lexists(path):
        raise SettingsError(path, "there is no such file")
    settings = read_settings(path, Path.cwd())
    if settings is None:
        raise SettingsError(path, f"it has no table [tool.{TABLE}]")
    return settings


def _settings_in(folder: Path) -> Settings | None:
    """Return the settings that a folder holds itself; those of its own file go before those of pyproject.toml."""
    if os.path.lexists(folder / OWN_NAME):
        return read_settings(folder / OWN_NAME)
    # A folder or a broken link of this name is of no use to other tools either, so that it is none of ours.
    shared = folder / SHARED_NAME
    return read_settings(shared) if os.path.isfile(shared) else None  # noqa: PTH113 - pathlib raises for some


def _is_repository(folder: Path) -> bool:
    return os.path.lexists(folder / ".git")


def _inner(start: Path, starts: Collection[Path]) -> frozenset[Path]:
    return frozenset(each for each in starts if each != start and each.is_relative_to(start))
