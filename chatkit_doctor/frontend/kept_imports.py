"""Whether a project's TypeScript keeps imports as they are written, types of other packages included."""

from __future__ import annotations

import os
from pathlib import Path

from chatkit_doctor.project.app import App
from chatkit_doctor.project.files.upward import folders_up
from chatkit_doctor.web.modules.tsconfig import extended

_CONFIGS = ("tsconfig.json", "tsconfig.app.json")
_KEEPING = ("verbatimModuleSyntax", "preserveValueImports")


def keeps_all_imports(app: App, path: Path) -> bool:
    """Return whether the nearest configuration makes an import without `type` one of code, whatever it names."""
    known = app.derive(_known_folders)
    if path.parent not in known:
        known[path.parent] = _keeps_them_in(app, path)
    return known[path.parent]


def _known_folders(_: App) -> dict[Path, bool]:
    return {}


def _keeps_them_in(app: App, path: Path) -> bool:
    # As texts: there are many folders, and in one of them something is found.
    for folder in folders_up(str(path.parent)):
        configs = [each for name in _CONFIGS if app.exists(each := f"{folder}{os.sep}{name}")]
        if configs:
            return any(_says_so(app, Path(config)) for config in configs)
    return False


def _says_so(app: App, config: Path) -> bool:
    """Return what the first of a configuration and those it extends says that says anything."""
    for _, options in extended(app.read, config):
        if any(name in options for name in _KEEPING):
            return any(options.get(name) is True for name in _KEEPING)
    return False
