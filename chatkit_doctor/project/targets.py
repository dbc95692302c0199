"""Which releases a project uses, app by app: told by the user, locked, installed, pinned, or the newest of a range."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files.upward import folders_up
from chatkit_doctor.project.manifests.model import Ecosystem, Lock, ManifestError, normalised
from chatkit_doctor.project.manifests.npm.package_json import is_member
from chatkit_doctor.project.versions import specifiers
from chatkit_doctor.project.versions.resolution import Resolution, choose
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import relative_path

if TYPE_CHECKING:
    from chatkit_doctor.project.apps import AppFolder
    from chatkit_doctor.project.manifests.folders import Declared, Folders
    from chatkit_doctor.source import Location

PACKAGES = {
    "openai-chatkit": Ecosystem.PYTHON,
    "openai-agents": Ecosystem.PYTHON,
    "openai": Ecosystem.PYTHON,
    "litellm": Ecosystem.PYTHON,
    "@openai/chatkit": Ecosystem.NODE,
    "@openai/chatkit-react": Ecosystem.NODE,
}

# What an entry must hold to be meant as one of the Python packages, in whatever spelling.
_WORDS = regex(
    "|".join(sorted({word for name, kind in PACKAGES.items() if kind is Ecosystem.PYTHON for word in name.split("-")})),
    re.IGNORECASE,
)

Releases = Callable[[str], Sequence[str]]


class TargetError(ValueError):
    """A `package=version` that the user gave cannot be taken: where they gave it, and why in one clause."""

    def __init__(self, given_by: str, reason: str) -> None:
        super().__init__(f"{given_by}: {reason}")


class KnownBy(StrEnum):
    """How a target is known, the surest first."""

    GIVEN = "given"
    LOCK = "lock"
    INSTALLED = "installed"
    PIN = "pin"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class GivenRelease:
    """A release that the user says to check against, and where they say it: "--target", or a settings file.

    folder: the folder in and below which it holds; None for everywhere, and before any that has a folder.
    apart: folders in it that have settings of their own, where it does not hold.
    """

    package: str
    version: str
    given_by: str = "--target"
    folder: Path | None = None
    apart: frozenset[Path] = frozenset()

    def holds_in(self, app: Path) -> bool:
        """Return whether it holds for the app in a folder."""
        if self.folder is None:
            return True
        return app.is_relative_to(self.folder) and not any(app.is_relative_to(each) for each in self.apart)


@dataclass(frozen=True, slots=True)
class Target:
    """The release of a package that an app uses.

    version: None where the app asks for the package and its release cannot be told; `reason` says why.
    app: the app's folder.
    path: the lock file, manifest or installed environment that tells; None for what the user gave.
    at: the place in it, where there is one.
    given_by: for what the user gave, where they gave it.
    is_impossible: whether no release, none to come either, is what the app asks for.
    is_foreign: whether it comes from a folder, a repository or a URL, so that no release says what is in it.
    """

    package: str
    version: str | None
    origin: KnownBy
    app: Path
    path: Path | None = None
    at: Location | None = None
    given_by: str = ""
    reason: str = ""
    is_impossible: bool = False
    is_foreign: bool = False

    def told_from(self, base: Path) -> str:
        """Return where the release is known from, paths relative to a folder: "range in backend/pyproject.toml"."""
        if self.path is None:
            return self.given_by
        path = relative_path(self.path, base)
        return f"range in {path}" if self.origin is KnownBy.RANGE else path


def parse_target(text: str, given_by: str = "--target") -> GivenRelease:
    """Read `package=version` (or `package==version`). Raises TargetError."""
    name, mark, version = text.partition("=")
    package = name.strip().lower() if name.strip().startswith("@") else normalised(name.strip())
    version = version.removeprefix("=").strip()
    if not mark or not version:
        raise TargetError(given_by, f"{text!r} is not of the form package=version")
    if package not in PACKAGES:
        raise TargetError(given_by, f"unknown package {name.strip()!r}; the packages are {', '.join(PACKAGES)}")
    if specifiers.sort_key(version, PACKAGES[package]) is None:
        raise TargetError(given_by, f"{version!r} is not a version of {package}, such as 1.4.0")
    return GivenRelease(package, version, given_by)


class Targets:
    """The targets of any app of a tree; manifests are read when a target is asked for, and once.

    root: the scan's root. Manifests count from an app's folder up to its repository's top, or up to the root.
    releases: returns the known releases of a package, none for a package whose releases are not known.
    overrides: what the user gave; of a package, what holds everywhere goes first, then the nearest, then the last.
    """

    def __init__(
        self, root: Path, folders: Folders, releases: Releases, overrides: Sequence[GivenRelease] = ()
    ) -> None:
        self._root = root
        self._folders = folders
        self._releases = releases
        self._overrides = sorted(overrides, key=_reach)
        self._chains: dict[Path, tuple[Path, ...]] = {}
        self._found: dict[tuple[Path, str], Target | None] = {}

    @property
    def errors(self) -> tuple[ManifestError, ...]:
        """Return what was wrong with the manifests read so far, entries that can be none of the packages left out."""
        return tuple(each for each in self._folders.errors if not each.entry or _WORDS.search(each.entry))

    def of(self, app: Path, package: str) -> Target | None:
        """Return the target of a package in an app's folder, None where nothing asks for the package."""
        key = (app, package)
        if key not in self._found:
            override = self._override(app, package)
            self._found[key] = self._given(app, override) if override else self._find(app, package)
        return self._found[key]

    def of_app(self, app: AppFolder) -> tuple[Target, ...]:
        """Return every target of an app, of the packages of its ecosystems; of all where it has no manifest."""
        ecosystems = app.ecosystems or frozenset(Ecosystem)
        packages = [package for package, ecosystem in PACKAGES.items() if ecosystem in ecosystems]
        return tuple(target for package in packages if (target := self.of(app.folder, package)) is not None)

    def declared(self, app: Path, ecosystem: Ecosystem) -> tuple[Declared, ...]:
        """Return what each manifest of an app's folder asks for."""
        return self._folders.declared(app, ecosystem)

    def declared_around(self, app: Path, ecosystem: Ecosystem) -> Iterator[Declared]:
        """Yield what the manifests of an app's folder and of those above it ask for, the nearest first."""
        for folder in self._chain(app):
            yield from self._folders.declared(folder, ecosystem)

    def _override(self, app: Path, package: str) -> GivenRelease | None:
        holding = (each for each in reversed(self._overrides) if each.package == package and each.holds_in(app))
        return next(holding, None)

    @staticmethod
    def _given(app: Path, override: GivenRelease) -> Target:
        return Target(override.package, override.version, KnownBy.GIVEN, app, given_by=override.given_by)

    def _find(self, app: Path, package: str) -> Target | None:
        chain = self._chain(app)
        for index in range(len(chain)):
            search = _Search(self._folders, self._releases, app, package, chain[index:])
            target = search.locked() or search.installed() or search.declared()
            if target is not None or search.is_complete:
                return target
        return None

    def _chain(self, app: Path) -> tuple[Path, ...]:
        """Return an app's folder and those above, up to the repository's top; without a repository, to the root."""
        if app not in self._chains:
            folders = tuple(map(Path, folders_up(str(app))))
            top = next((each for each in folders if os.path.lexists(each / ".git")), self._root)
            self._chains[app] = folders[: folders.index(top) + 1] if top in folders else (app,)
        return self._chains[app]


class _Search:
    """The search for one package from one folder upward. chain: that folder and those above it."""

    def __init__(self, folders: Folders, releases: Releases, app: Path, package: str, chain: Sequence[Path]) -> None:
        self._folders = folders
        self._releases = releases
        self._app = app
        self._package = package
        self._chain = chain
        self._ecosystem = PACKAGES[package]
        self.covering = list(self._covering())

    @property
    def is_complete(self) -> bool:
        """Return whether the folder is a project of its own, so that what it lacks is not to be found further up."""
        return bool(self.covering or self._folders.declared(self._chain[0], self._ecosystem))

    def locked(self) -> Target | None:
        """Return what the nearest lock file that covers the folder holds."""
        for lock, member in self.covering:
            candidates = lock.candidates(self._package, member)
            if len(candidates) > 1:
                asked = self._asked()
                candidates = tuple(each for each in candidates if asked.intersection(each.asked)) or candidates
            version = specifiers.newest([each.version for each in candidates], self._ecosystem)
            for each in candidates:
                if each.version == version:
                    path, at = lock.source.path, each.location
                    return Target(self._package, version, KnownBy.LOCK, self._app, path, at, is_foreign=each.is_foreign)
        return None

    def installed(self) -> Target | None:
        """Return what the nearest environment, or any node_modules above, has."""
        for folder in self._chain:
            found: tuple[Path, str | None] | None
            if self._ecosystem is Ecosystem.NODE:
                found = self._folders.node_module(folder, self._package)
            else:
                environment = self._folders.environment(folder)
                found = (environment.folder, environment.versions.get(self._package)) if environment else None
            if found is not None:
                path, version = found
                return Target(self._package, version, KnownBy.INSTALLED, self._app, path) if version else None
        return None

    def declared(self) -> Target | None:
        """Return what the folder's manifests ask for: a pin in any of them before a range in the first."""
        choices = []
        for manifest in self._folders.declared(self._chain[0], self._ecosystem):
            own = [each for each in manifest.requirements if each.package == self._package]
            if own:
                choices.append(choose(own, self._releases(self._package), self._ecosystem))
        return self._target(min(choices, key=lambda each: (each.version is None, not each.is_pin))) if choices else None

    def _target(self, choice: Resolution) -> Target:
        at = choice.requirement.location
        origin = KnownBy.PIN if choice.is_pin else KnownBy.RANGE
        return Target(
            self._package,
            choice.version,
            origin,
            self._app,
            at.path,
            at,
            reason=choice.reason,
            is_impossible=choice.is_impossible,
            is_foreign=choice.is_foreign,
        )

    def _covering(self) -> Iterator[tuple[Lock, str]]:
        """Yield the lock files that cover the folder, nearest first, each with the folder as it names it."""
        for above in self._chain:
            member = relative_path(self._chain[0], above)
            for lock in self._folders.locks(above, self._ecosystem):
                if self._covers(lock, member, above):
                    yield lock, member

    def _covers(self, lock: Lock, member: str, above: Path) -> bool:
        if lock.members is not None:
            return member in lock.members
        return member == "." or is_member(self._folders.workspaces(above), member)

    def _asked(self) -> set[str]:
        manifests = self._folders.declared(self._chain[0], self._ecosystem)
        return {
            each.specifier for manifest in manifests for each in manifest.requirements if each.package == self._package
        }


def _reach(override: GivenRelease) -> tuple[bool, int]:
    """Return what overrides are compared by, the one that goes first being the greatest."""
    return override.folder is None, len(override.folder.parts) if override.folder else 0
