"""Imports of ChatKit's SDK or of openai-agents that find an own package of the app in their place.

The folder that holds such a package has to be on Python's path, as only an import of its own can show: `app/agents`
that is imported as `app.agents` hides nothing. Without an `__init__.py` a folder comes after what is installed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.backend.imports.modules import is_sdk
from chatkit_doctor.backend.imports.moments import Moment, moment_of
from chatkit_doctor.backend.imports.own_packages import (
    INIT,
    SHADOWED,
    Asked,
    Own,
    asked_by,
    file_of,
    first_missing,
    is_installed,
    is_missed,
)
from chatkit_doctor.backend.imports.run_roots import IS_RUN, is_below, is_on_path
from chatkit_doctor.contracts.sdk.agents import AGENTS_MODULE, needed_by_chatkit
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import BindingKind
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location

_ASKS = regex(rb"^[ \t]*(?:from|import)[ \t]+(?:agents|chatkit)\b", re.MULTILINE)
# What changes what an import finds, in ways that only running it shows.
_CHANGES_IMPORTS = regex(rb"sys\.path\.(?:remove|pop|clear)|sys\.modules|__path__|meta_path|globals\(\)")


@dataclass(frozen=True, slots=True)
class Missed:
    """An import of the installed package that finds the app's own in its place.

    module: the module that is asked for, or the first on the way to it that is not there.
    name: what of it is not there, None where the module itself is not.
    through: ChatKit's module that asks for it, where the import is of that one.
    is_circular: whether the file that imports is the one that is found.
    """

    own: Own
    importer: Module
    node: ast.ImportFrom | ast.alias
    at: Location
    module: str
    name: str | None
    through: str | None = None
    is_circular: bool = False


def missed_imports(app: App) -> Iterator[Missed]:
    """Yield of each own package that hides an installed one the first import that fails for it, by path and line."""
    if next(app.modules(), None) is None:
        return
    asking = [path for path in app.files if _asks_for_installed(app, path)]
    for own in _own_packages(app, asking):
        for module in _importers(app, own, asking):
            found = next(_missed_in(app, own, module), None)
            if found is not None:
                yield found
                break


def _asks_for_installed(app: App, path: Path) -> bool:
    """Return whether a file of the app's own imports by the name of an installed package; most apps have a few."""
    is_own = path.suffix == ".py" and app.owns(path) and not app.is_test_file(path)
    return is_own and app.mentions_pattern(path, _ASKS)


def _own_packages(app: App, asking: list[Path]) -> Iterator[Own]:
    """Yield the own packages that hide an installed one, of which one of some files may ask."""
    seen: set[tuple[str, Path]] = set()
    # A package comes before a module of its name beside it.
    for path in sorted(app.files, key=lambda each: (each.name != INIT, each)):
        is_package = path.name == INIT
        name = path.parent.name if is_package else path.stem if path.suffix == ".py" else ""
        root = path.parent.parent if is_package else path.parent
        if name in SHADOWED and (name, root) not in seen and not app.is_test_file(path):
            seen.add((name, root))
            own = Own(name, path, root)
            is_asked = any(is_below(each, root) for each in asking)
            if is_asked and not app.mentions_pattern(path, _CHANGES_IMPORTS) and is_on_path(app, own):
                yield own


def _importers(app: App, own: Own, asking: list[Path]) -> Iterator[Module]:
    """Yield those of some files that would find an own package: below its folder, and that no nearer program starts."""
    nearer = [each for each in app.derive(_roots) if each != own.root and own.root in each.parents]
    for path in asking:
        if not is_below(path, own.root) or any(is_below(path, each) for each in nearer):
            continue
        module = app.module(path)
        if module is not None and not app.mentions_pattern(path, _CHANGES_IMPORTS):
            yield module


def _roots(app: App) -> frozenset[Path]:
    """Return the folders in which a script stands that is run as it is."""
    return frozenset(
        path.parent
        for path in app.files
        if path.suffix == ".py" and not app.exists(path.parent / INIT) and app.mentions_pattern(path, IS_RUN)
    )


def _missed_in(app: App, own: Own, module: Module) -> Iterator[Missed]:
    for asked in sorted(asked_by(module), key=lambda each: module.location(each.node).start):
        moment = moment_of(module, asked.node)
        if moment is Moment.NEVER or (moment is Moment.GUARDED and _has_another(app, module, asked)):
            continue
        found = _missed(app, own, module, asked)
        if found is not None:
            yield found


def _missed(app: App, own: Own, module: Module, asked: Asked) -> Missed | None:
    node = asked.node
    at = module.import_path_location(node) if isinstance(node, ast.ImportFrom) else module.location(node)
    needed = needed_by_chatkit(asked.module) if own.name == AGENTS_MODULE else None
    if needed is not None:
        missing = first_missing(app, own, needed)
        is_theirs = missing is not None and is_sdk(app, module, asked.module)
        return Missed(own, module, asked.node, at, missing or needed, None, asked.module) if is_theirs else None
    top = asked.module.partition(".")[0]
    if top != own.name or not is_installed(asked) or not is_missed(app, own, module, asked):
        return None
    missing = first_missing(app, own, asked.module)
    if missing is not None:
        return Missed(own, module, asked.node, at, missing, None)
    is_circular = file_of(app, own, asked.module) == module.source.path
    return Missed(own, module, asked.node, at, asked.module, asked.name, is_circular=is_circular)


def _has_another(app: App, module: Module, asked: Asked) -> bool:
    """Return whether what an import binds is imported otherwise as well, so that a guard around it is a way out."""
    local = asked.name or asked.module.partition(".")[0]
    found = (each.kind for each in app.names(module).lookup(local, asked.node))
    return sum(kind is BindingKind.IMPORT for kind in found) > 1
