"""Whether a project's TypeScript keeps imports as they are written, types of other packages included."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chatkit_doctor.project.app import App
from chatkit_doctor.web.modules.tsconfig import parse_jsonc

_CONFIGS = ("tsconfig.json", "tsconfig.app.json")
_KEEPING = ("verbatimModuleSyntax", "preserveValueImports")
_MAX_EXTENDS = 8


def keeps_all_imports(app: App, path: Path) -> bool:
    """Tell whether the nearest configuration makes an import without `type` one of code, whatever it names."""
    for folder in path.parents:
        configs = [folder / name for name in _CONFIGS if app.exists(folder / name)]
        if configs:
            return any(_says_so(app, config) for config in configs)
    return False


def _says_so(app: App, config: Path) -> bool:
    """Tell what the first of a configuration and those it extends says that says anything."""
    for options in _options(app, config):
        if any(name in options for name in _KEEPING):
            return any(options.get(name) is True for name in _KEEPING)
    return False


def _options(app: App, config: Path) -> Iterator[dict[str, Any]]:
    current = config
    for _ in range(_MAX_EXTENDS):
        source = app.read(current) if app.exists(current) else None
        found = parse_jsonc(source.text) if source is not None else None
        if not isinstance(found, dict):
            return
        options = found.get("compilerOptions")
        yield options if isinstance(options, dict) else {}
        base = found.get("extends")
        if not isinstance(base, str) or not base.startswith("."):
            return
        current = Path(os.path.normpath(current.parent / base))
        current = current if current.suffix == ".json" else current.with_name(f"{current.name}.json")
