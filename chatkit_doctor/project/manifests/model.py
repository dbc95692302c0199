"""What manifests say: requirements that a project declares, releases that it has locked, manifests that are broken."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from chatkit_doctor.source import Location, Source


class ManifestError(Exception):
    """A manifest, or one entry of it, cannot be read: which file, the line (from 1), and why in one clause.

    entry: the text of the one requirement that is meant; "" for the whole file.
    """

    def __init__(self, path: Path, line: int, reason: str, *, entry: str = "") -> None:
        super().__init__(path, line, reason)
        self.path = path
        self.line = line
        self.reason = reason
        self.entry = entry

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


class Ecosystem(StrEnum):
    """Whose packages: those of PyPI or those of npm."""

    PYTHON = "python"
    NODE = "node"


class Syntax(StrEnum):
    """How a specifier is to be read."""

    PEP440 = "pep440"
    POETRY = "poetry"
    NPM = "npm"


class Purpose(StrEnum):
    """What a requirement is for.

    OPTIONAL: extras, dependency groups, peer dependencies: installed only when asked for.
    CONSTRAINT: bounds the package where something else requires it.
    """

    MAIN = "main"
    OPTIONAL = "optional"
    CONSTRAINT = "constraint"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One declared dependency.

    package: the name that its registry knows it by, normalised.
    specifier: the versions asked for, as written; empty for any.
    url: where it comes from instead of a registry; "" for a registry.
    conditional: whether it has an environment marker, so that it may not hold everywhere.
    location: the whole entry; name_at, specifier_at: its parts (the latter empty where nothing is written).
    """

    package: str
    specifier: str
    location: Location
    name_at: Location
    specifier_at: Location
    extras: tuple[str, ...] = ()
    syntax: Syntax = Syntax.PEP440
    scope: Purpose = Purpose.MAIN
    conditional: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Locked:
    """One package that a lock file holds.

    asked: the ranges that it answers, where the lock tells them.
    is_foreign: it comes from a folder, a repository or a URL, so that the version says nothing of what is in it.
    """

    package: str
    version: str
    location: Location | None = None
    asked: tuple[str, ...] = ()
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file.

    packages: what it holds for everyone, several of a package where versions differ.
    direct: what it holds for one member alone, by the member's folder and the package.
    members: the folders that it covers, relative to its own, with `/`, "." for its own; None where it leaves
        that to the workspaces of the package.json beside it.
    """

    source: Source
    packages: Mapping[str, tuple[Locked, ...]]
    members: frozenset[str] | None = frozenset({"."})
    direct: Mapping[str, Mapping[str, Locked]] = field(default_factory=dict)

    def candidates(self, package: str, member: str) -> tuple[Locked, ...]:
        """Return what a member may have of a package: one, several where the lock does not tell, or none."""
        own = self.direct.get(member, {}).get(package)
        return (own,) if own is not None else self.packages.get(package, ())


Item = Requirement | ManifestError


def normalised(name: str) -> str:
    """Return a Python package's name in the one form of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def by_package(locked: Iterable[Locked]) -> dict[str, tuple[Locked, ...]]:
    """Return locked packages under their names."""
    found: dict[str, list[Locked]] = {}
    for each in locked:
        found.setdefault(each.package, []).append(each)
    return {package: tuple(each) for package, each in found.items()}


def refuse_conflict(source: Source) -> None:
    """Raise ManifestError where a merge left its conflict marks in a file."""
    mark = _CONFLICT.search(source.text)
    if mark is not None:
        raise ManifestError(source.path, source.position(mark.start()).line, "it holds an unresolved merge conflict")


_CONFLICT = regex(r"^(?:<{7}|>{7}) ", re.MULTILINE)
