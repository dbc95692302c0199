"""Releases of an app that cannot work together, and modules that the release which an installer takes has not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.imports.distributions import sdk_imports
from chatkit_doctor.backend.imports.guards import is_guarded
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
    """An import of a module that is gone from the release which an installer takes."""

    known: GoneModule
    at: Location


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
            module = app.module(path) if app.mentions(path, (known.module.encode(),)) else None
            at = _import_of(module, known.module) if module is not None else None
            if at is not None:
                yield GoneImport(known, at)
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


def _import_of(module: Module, dotted: str) -> Location | None:
    for statement in module.nodes(ast.ImportFrom):
        if statement.module and (statement.module == dotted or statement.module.startswith(f"{dotted}.")):
            return None if is_guarded(module, statement) else module.import_path_location(statement)
    return None


def _declared(app: App, package: str) -> list[Requirement]:
    manifests = app.declared_around(Ecosystem.PYTHON)
    return [each for manifest in manifests for each in manifest.requirements if each.package == package]


def _asked_at(app: App, package: str) -> Location | None:
    return next((each.location for each in _declared(app, package) if app.owns(each.location.path)), None)


def _is_newer(one: str, other: str) -> bool:
    left, right = (specifiers.sort_key(each, Ecosystem.PYTHON) for each in (one, other))
    return left is not None and right is not None and bool(left > right)
