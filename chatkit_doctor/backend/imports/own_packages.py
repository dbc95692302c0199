"""Packages and modules of an app's own by a name of an installed one, and whether they have what an import asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.backend.imports.modules import imported_names
from chatkit_doctor.contracts import history
from chatkit_doctor.contracts.sdk.agents import AGENTS_MODULE, agents_names, is_agents_module
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Binding
from chatkit_doctor.records import dataclass

INIT = "__init__.py"
# The installed packages that an own one can stand in the place of.
SHADOWED = (AGENTS_MODULE, "chatkit")


@dataclass(frozen=True, slots=True)
class Own:
    """A package or module of the app's own by a name of an installed one.

    file: its `__init__.py`, or the module. root: the folder that is on Python's path.
    """

    name: str
    file: Path
    root: Path

    @property
    def place(self) -> Path:
        """Return the folder of a package, the file of a module."""
        return self.file.parent if self.is_package else self.file

    @property
    def is_package(self) -> bool:
        """Return whether it can have modules in it."""
        return self.file.name == INIT


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that an import asks for: a module, or a name of it, which may be a module as well."""

    node: ast.ImportFrom | ast.alias
    module: str
    name: str | None


def asked_by(module: Module) -> Iterator[Asked]:
    """Yield what the absolute imports of a file ask for, name by name."""
    for each in module.nodes(ast.Import):
        yield from (Asked(alias, alias.name, None) for alias in each.names)
    for statement in module.nodes(ast.ImportFrom):
        if not statement.level and statement.module:
            names = list(imported_names(statement))
            yield from (Asked(statement, statement.module, alias.name) for alias in names)
            if not names:
                yield Asked(statement, statement.module, None)


def is_installed(asked: Asked) -> bool:
    """Return whether the installed package has what is asked for."""
    if asked.module == AGENTS_MODULE:
        return asked.name is None or asked.name in agents_names() or is_agents_module(asked.name)
    if asked.module.startswith(f"{AGENTS_MODULE}."):
        return is_agents_module(asked.module.split(".")[1])
    return history(asked.module) is not None or history(f"{asked.module}.{asked.name}") is not None


def is_missed(app: App, own: Own, module: Module, asked: Asked) -> bool:
    """Return whether an own package has not what is asked for: the module, or the name in the package itself."""
    file = file_of(app, own, asked.module)
    if file is None:
        return first_missing(app, own, asked.module) is not None
    if asked.name is None or (asked.module != own.name and file != module.source.path):
        return False
    submodule = f"{asked.module}.{asked.name}"
    if file_of(app, own, submodule) is not None or _is_folder(app, own, submodule):
        return False
    found = app.module(file)
    return found is not None and not _binds(app, found, asked)


def _binds(app: App, module: Module, asked: Asked) -> bool:
    """Return whether a file has a name that others import; where it takes all of another file, that may be there."""
    stars = (each for each in module.nodes(ast.ImportFrom) if any(alias.name == "*" for alias in each.names))
    names = app.names(module)
    if next(stars, None) is not None or names.module_level("__getattr__"):
        return True
    return any(not _is_of_itself(each, asked) for each in names.module_level(asked.name or ""))


def _is_of_itself(binding: Binding, asked: Asked) -> bool:
    return binding.dotted == f"{asked.module}.{asked.name}"


def first_missing(app: App, own: Own, dotted: str) -> str | None:
    """Return the first module on the way to a dotted name that an own package has not; None where it has them all."""
    parts = dotted.split(".")
    paths = (".".join(parts[:count]) for count in range(2, len(parts) + 1))
    return next((each for each in paths if file_of(app, own, each) is None and not _is_folder(app, own, each)), None)


def file_of(app: App, own: Own, dotted: str) -> Path | None:
    """Return the file that an own package has by a dotted name, None for none."""
    parts = dotted.split(".")[1:]
    if not parts:
        return own.file
    target = own.place.joinpath(*parts)
    found = (target / INIT, target.with_name(f"{target.name}.py")) if own.is_package else ()
    return next((each for each in found if app.exists(each)), None)


def _is_folder(app: App, own: Own, dotted: str) -> bool:
    """Return whether an own package has a folder of modules by a dotted name, or files that only Python can read."""
    target = own.place.joinpath(*dotted.split(".")[1:])
    return own.is_package and any(target in path.parents or path.stem == target.name for path in _around(app, own))


def _around(app: App, own: Own) -> Iterator[Path]:
    return (path for path in app.files if own.place in path.parents and path.suffix in {".py", ".so", ".pyd", ".pyi"})
