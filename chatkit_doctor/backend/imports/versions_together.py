"""Releases of an app that cannot work together, and modules that the release which an installer takes has not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.backend.imports.distributions import sdk_imports
from chatkit_doctor.backend.imports.modules import path_location
from chatkit_doctor.backend.imports.moments import Moment, moment_of
from chatkit_doctor.backend.imports.own_packages import Asked, asked_by
from chatkit_doctor.contracts.packages import GoneModule, IncompatiblePair, gone_modules, incompatible_pairs
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.project.app import App
from chatkit_doctor.project.manifests.kinds import PYTHON_LOCKS
from chatkit_doctor.project.manifests.model import Ecosystem, Requirement
from chatkit_doctor.project.targets import KnownBy, Target
from chatkit_doctor.project.versions import specifiers
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location
from chatkit_doctor.words import last_part

_FOLDER_FILE = "_"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two releases that cannot work together. at: where the first is asked for. other: the second's release."""

    pair: IncompatiblePair
    version: str
    other: str
    is_held: bool
    at: Location


@dataclass(frozen=True, slots=True)
class GoneImport:
    """An import of a module that is gone from the release which an installer takes.

    as_name: whether it is asked for as a name of its package, of which Python says something else.
    """

    known: GoneModule
    at: Location
    as_name: bool


def clashes(app: App) -> Iterator[Clash]:
    """Yield the releases of an app that cannot work together."""
    if not sdk_imports(app):
        return
    for pair in incompatible_pairs():
        target = app.target(app.folder / _FOLDER_FILE, pair.package)
        if target is None or target.version is None or target.is_foreign or _is_newer(target.version, pair.until):
            continue
        other, is_held = _other_release(app, pair, target)
        at = _asked_at(app, pair.package) or target.at
        if other is not None and at is not None and not _is_newer(pair.since, other):
            yield Clash(pair, target.version, other, is_held, at)


def _other_release(app: App, pair: IncompatiblePair, target: Target) -> tuple[str | None, bool]:
    """Return the release of the other package, and whether the project says which; None where that cannot be told."""
    known = app.target(app.folder / _FOLDER_FILE, pair.other)
    if known is not None and known.version is not None:
        return known.version, True
    if target.origin in {KnownBy.LOCK, KnownBy.INSTALLED, KnownBy.GIVEN}:
        return None, False
    tests = [specifiers.admits(each) for each in _declared(app, pair.other)]
    if any(test is None or not test(pair.taken) for test in tests):
        return None, False
    return pair.taken, False


def gone_imports(app: App) -> Iterator[GoneImport]:
    """Yield the first import of each module that is gone, in an app where an installer takes such a release."""
    if any(path.name in PYTHON_LOCKS for path in app.files):
        return
    for known in gone_modules():
        if not _takes(app, known):
            continue
        for path in app.files:
            if path.suffix != ".py" or not app.owns(path) or app.is_test_file(path):
                continue
            found = _gone_import(app, path, known)
            if found is not None:
                yield found
                break


def _takes(app: App, known: GoneModule) -> bool:
    """Return whether an installer takes a release without the module: nothing holds the package back."""
    names = {each.package for manifest in app.declared_around(Ecosystem.PYTHON) for each in manifest.requirements}
    own = _declared(app, known.package)
    if names & known.bounded_by or any(each.url for each in own):
        return False
    if own:
        tests = [specifiers.admits(each) for each in own]
        return all(test is not None and test(known.since) for test in tests)
    target = app.target(app.folder / _FOLDER_FILE, known.brought_by)
    if target is not None and target.version is not None and target.origin in {KnownBy.PIN, KnownBy.RANGE}:
        return not _is_newer(known.brought_since, target.version)
    return target is None and CHATKIT in names


def _gone_import(app: App, path: Path, known: GoneModule) -> GoneImport | None:
    """Return the first import in a file that fails for a module that is gone; None where the file has it itself."""
    name = last_part(known.module)
    module = app.module(path) if app.mentions(path, (name.encode(),)) else None
    if module is None or app.layout.resolve(path, known.module) is not None:
        return None
    asked = sorted(asked_by(module), key=lambda each: each.node.lineno)
    for each in asked:
        if moment_of(module, each.node) in {Moment.GUARDED, Moment.NEVER}:
            continue
        if f"{each.module}.".startswith(f"{known.module}."):
            return GoneImport(known, _path(module, each), as_name=False)
        if f"{each.module}.{each.name}" == known.module:
            return GoneImport(known, _name(module, each), as_name=True)
    return None


def _path(module: Module, asked: Asked) -> Location:
    node = asked.node
    return path_location(module, node) if isinstance(node, ast.alias) else module.import_path_location(node)


def _name(module: Module, asked: Asked) -> Location:
    names = asked.node.names if isinstance(asked.node, ast.ImportFrom) else []
    return path_location(module, next(each for each in names if each.name == asked.name))


def _declared(app: App, package: str) -> list[Requirement]:
    manifests = app.declared_around(Ecosystem.PYTHON)
    return [each for manifest in manifests for each in manifest.requirements if each.package == package]


def _asked_at(app: App, package: str) -> Location | None:
    return next((each.location for each in _declared(app, package) if app.owns(each.location.path)), None)


def _is_newer(one: str, other: str) -> bool:
    left, right = (specifiers.sort_key(each, Ecosystem.PYTHON) for each in (one, other))
    return left is not None and right is not None and bool(left > right)
