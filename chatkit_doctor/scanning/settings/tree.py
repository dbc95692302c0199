"""Which settings hold where: those of the nearest settings file at or above a file, whole, up to the repository's top.

Above a repository nothing counts; without one, everything up to the file system's root does. A folder that
settings exclude is not looked into for others. Nothing is read before it is asked for, and once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.project.files.inside import top_above
from chatkit_doctor.project.files.upward import folders_up
from chatkit_doctor.records import dataclass, replace
from chatkit_doctor.scanning.selection import ScanError
from chatkit_doctor.scanning.settings.model import Settings, SettingsError
from chatkit_doctor.scanning.settings.reading import OWN_NAME, SHARED_NAME, TABLE, read_settings

if TYPE_CHECKING:
    from chatkit_doctor.project.files.listing import Listing
    from chatkit_doctor.project.targets import GivenRelease

NONE = Settings()


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds for the entries of a folder. start: the folder from which on these settings hold."""

    settings: Settings
    start: str | None = None
    is_excluded: bool = False


class SettingsTree:
    """The settings of the folders of a file system. Inside, folders are strings, and each is looked at once.

    requested: the files and folders asked for, absolute. A pattern never leaves out a folder that was asked for, nor
        one above it, and a file that was asked for only with `force_exclude`, for callers that name every file.
    everywhere: settings that hold for every file, whatever files there are; None to look for files.
    listing: what was walked; its folders need not be asked again whether they hold settings.
    """

    def __init__(
        self,
        requested: Iterable[Path] = (),
        everywhere: Settings | None = None,
        listing: Listing | None = None,
        *,
        force_exclude: bool = False,
    ) -> None:
        requested = list(requested)
        self._requested = [str(path) for path in requested if path.is_dir()]
        self._spared_files = frozenset(() if force_exclude else map(str, requested))
        self._spared = {above for path in self._requested for above in folders_up(path)}
        self._everywhere = everywhere
        self._scopes: dict[str, _Scope] = {}
        self._inside = listing.inside if listing is not None else None
        self._holds_none: Callable[[str], bool] = listing.holds_no_settings if listing is not None else lambda _: False
        self._entered: Container[str] = listing.entered if listing is not None else ()
        self._marks: Mapping[str, Container[str]] = listing.marks if listing is not None else {}

    def of(self, path: Path) -> Settings:
        """Return the settings that hold for a file. Raises SettingsError."""
        return self.in_folder(os.path.dirname(path))

    def in_folder(self, folder: str) -> Settings:
        """Return the settings that hold for the files of a folder. Raises SettingsError."""
        return self._scope(folder).settings

    def excludes(self, path: Path) -> bool:
        """Return whether a file, or a folder that it is in, is left out. Raises SettingsError."""
        folder, name = os.path.split(path)
        return bool(self._excluded(folder, [name]))

    def looked_up(self, path: Path) -> tuple[Settings, bool]:
        """Return what holds for a file or in a folder, and whether that is left out. Raises SettingsError."""
        if path.is_dir():
            scope = self._scope(str(path))
            return scope.settings, scope.is_excluded
        return self.of(path), self.excludes(path)

    def without_excluded(self, listing: Listing) -> Listing:
        """Return a listing without what is left out. Every settings file that it needs is then read.

        Raises SettingsError.
        """
        problems = [problem for problem in listing.problems if not self.looked_up(problem.path)[1]]
        return listing.without(self._excluded, problems)

    def _excluded(self, folder: str, names: Sequence[str]) -> Sequence[str]:
        """Return those of a folder's files that are left out."""
        # Also for a file that is spared, so that what is wrong with its settings comes out now.
        scope = self._scope(folder)
        if not scope.is_excluded and not scope.settings.exclude:
            return ()
        paths = {name: os.path.join(folder, name) for name in names}
        return [
            name
            for name, path in paths.items()
            if path not in self._spared_files and (scope.is_excluded or scope.settings.excludes(path, is_folder=False))
        ]

    def overrides(self) -> list[GivenRelease]:
        """Return the targets of the settings that were read so far, each for the apps that it holds for."""
        if self._everywhere is not None:
            return list(self._everywhere.targets)
        scopes = self._scopes.values()
        # Of thousands of folders, few have settings of their own.
        by_start = {scope.start: scope.settings for scope in scopes if scope.start is not None}
        starts = {Path(start): settings for start, settings in by_start.items()}
        return [
            replace(override, folder=start, apart=_inner(start, starts))
            for start, settings in starts.items()
            for override in settings.targets
        ]

    def _scope(self, folder: str) -> _Scope:
        if folder in self._scopes:
            return self._scopes[folder]
        outer = _Scope(self._everywhere or NONE)
        missing = []
        for each in folders_up(folder):
            if each in self._scopes:
                outer = self._scopes[each]
                break
            missing.append(each)
            if self._is_top(each):
                break
        # From the top down, and not by recursion, which a deep tree would be too deep for.
        for each in reversed(missing):
            outer = self._scopes[each] = self._within(each, outer)
        return outer

    def _within(self, folder: str, outer: _Scope) -> _Scope:
        """Return what holds in a folder from what holds around it."""
        if folder not in self._spared and (outer.is_excluded or outer.settings.excludes(folder, is_folder=True)):
            return replace(outer, is_excluded=True)
        if self._everywhere is not None or (folder in self._entered and folder not in self._marks):
            return outer
        found = self._settings_in(folder)
        if found is None and self._has(folder, ".git"):
            found = NONE
        return outer if found is None else _Scope(found, folder)

    def _is_top(self, folder: str) -> bool:
        """Return whether nothing above a folder counts: it is a repository, and not one in a folder asked for."""
        if not self._has(folder, ".git"):
            return False
        return not any(folder != each and folder.startswith(os.path.join(each, "")) for each in self._requested)

    def _settings_in(self, folder: str) -> Settings | None:
        """Return the settings that a folder holds itself; those of its own file go before those of pyproject.toml."""
        if self._has(folder, OWN_NAME):
            return read_settings(Path(folder, OWN_NAME), top=self._top_of(folder))
        if not self._has(folder, SHARED_NAME):
            return None
        shared = os.path.join(folder, SHARED_NAME)
        # A folder or a broken link of this name is of no use to other tools either, so that it is none of ours.
        if self._holds_none(shared) or not os.path.isfile(shared):
            return None
        return read_settings(Path(shared), top=self._top_of(folder))

    def _top_of(self, folder: str) -> str | None:
        """Return what a settings file may not be a link out of; None above the project, where nothing is foreign."""
        return self._inside.top_of(folder) if self._inside is not None else top_above(folder)

    def _has(self, folder: str, name: str) -> bool:
        """Return whether a folder holds an entry of a name that a walk takes note of."""
        if folder in self._entered:
            return name in self._marks.get(folder, ())
        return os.path.lexists(os.path.join(folder, name))


def open_settings(
    requested: Iterable[Path] = (),
    listing: Listing | None = None,
    *,
    config: Path | None = None,
    isolated: bool = False,
    force_exclude: bool = False,
) -> SettingsTree:
    """Return the settings for a scan.

    listing: what was walked.
    config: a settings file that holds for every file, in the place of all that would be found; its patterns are
        relative to the working directory.
    isolated: whether settings files are left alone.
    force_exclude: whether patterns leave out even the files that are requested by name.

    Raises ScanError where both are asked for, and SettingsError for a `config` that is not there or cannot be taken.
    """
    if config is not None and isolated:
        raise ScanError("--config names settings to read, and --isolated reads none")
    if config is not None:
        return SettingsTree(requested, _given(config), force_exclude=force_exclude)
    return SettingsTree(requested, NONE if isolated else None, listing, force_exclude=force_exclude)


def _given(path: Path) -> Settings:
    path = Path(os.path.normpath(Path.cwd() / path))
    if not os.path.lexists(path):
        raise SettingsError(path, "there is no such file")
    settings = read_settings(path, Path.cwd(), top_above(str(path.parent)))
    if settings is None:
        raise SettingsError(path, f"it has no table [tool.{TABLE}]")
    return settings


def _inner(start: Path, starts: Collection[Path]) -> frozenset[Path]:
    return frozenset(each for each in starts if each != start and each.is_relative_to(start))
