"""Whether a folder is on Python's path when the app runs, told from its imports and from scripts that stand there."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from os import fspath, sep
from pathlib import Path

from chatkit_doctor.backend.imports.guards import is_guarded
from chatkit_doctor.backend.imports.own_packages import INIT, SHADOWED, Asked, Own, asked_by, is_installed, is_missed
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module

IS_RUN = regex(rb"__name__\s*==\s*[\"']__main__[\"']")


def is_on_path(app: App, own: Own) -> bool:
    """Return whether a program of the app has the folder around a package on its path: an import says so.

    That is a script in the folder itself, or an import of what is in it, by its name alone, that nothing else can mean.
    """
    if any(_is_package_itself(app, own.root, path) for path in app.files if path.suffix == ".py"):
        return False
    beside = {path.relative_to(own.root).parts[0].removesuffix(".py") for path in python_below(app, own.root)}
    tops = (beside - {*SHADOWED, "__init__"} - sys.stdlib_module_names) | {own.name}
    pattern = re.compile(rf"^[ \t]*(?:from|import)[ \t]+(?:{'|'.join(map(re.escape, tops))})\b".encode(), re.MULTILINE)
    for path in python_below(app, own.root):
        if app.is_test_file(path):
            continue
        is_script = path.parent == own.root and not app.exists(own.root / INIT) and path != own.file
        if is_script and app.mentions_pattern(path, IS_RUN):
            return True
        module = app.module(path) if app.mentions_pattern(path, pattern) else None
        if module is not None and any(_shows_path(app, own, module, each, tops) for each in asked_by(module)):
            return True
    return False


def _is_package_itself(app: App, root: Path, path: Path) -> bool:
    """Return whether a file imports from a folder as from a package, so that programs start above it."""
    pattern = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(?:\.|%b\b)" % re.escape(root.name.encode()), re.MULTILINE)
    module = app.module(path) if app.mentions_pattern(path, pattern) and not app.is_test_file(path) else None
    if module is None:
        return False
    for statement in module.nodes(ast.ImportFrom):
        if statement.level and root in path.parents[statement.level - 1 : statement.level]:
            return True
    absolute = (each.module for each in asked_by(module) if each.module.partition(".")[0] == root.name)
    return any(
        app.layout.resolve(path, each) in (target / INIT, target.with_name(f"{target.name}.py"))
        for each in absolute
        for target in (root.parent.joinpath(*each.split(".")),)
    )


def _shows_path(app: App, own: Own, module: Module, asked: Asked, tops: set[str]) -> bool:
    """Return whether an import can only work with the folder of an own package on Python's path."""
    top = asked.module.partition(".")[0]
    if top not in tops or is_guarded(module, asked.node):
        return False
    if top == own.name:
        is_own = not is_installed(asked) and not is_missed(app, own, module, asked)
        return is_own and (asked.name is not None or asked.module != own.name)
    found = app.layout.resolve(module.source.path, asked.module)
    return found is not None and (found == own.root / f"{top}.py" or (own.root / top) in found.parents)


def python_below(app: App, folder: Path) -> Iterator[Path]:
    """Yield the Python files in a folder, at any depth."""
    return (path for path in app.files if path.suffix == ".py" and is_below(path, folder))


def is_below(path: Path, folder: Path) -> bool:
    """Return whether a file stands in a folder, at any depth."""
    # Asked of each file of an app: the folders above it would be an object each.
    return fspath(path).startswith(f"{folder}{sep}")
