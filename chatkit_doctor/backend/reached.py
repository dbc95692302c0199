"""The Python files that an app's code about ChatKit is made of: those that mention it, and what they import."""

from __future__ import annotations

from chatkit_doctor.project.app import App
from chatkit_doctor.project.facts import imported_paths
from chatkit_doctor.python.module import Module

# Of an app that nobody reads through by import, what lies nearest.
_MOST = 2_000


def reached_modules(app: App) -> tuple[Module, ...]:
    """Return the app's own files that mention ChatKit and those that they import, at any distance, tests left out."""
    return app.derive(_reached_modules)


def _reached_modules(app: App) -> tuple[Module, ...]:
    queue = [each for each in app.modules() if _is_own(app, each)]
    found = dict.fromkeys(queue)
    for module in queue:
        for dotted in imported_paths(app.names(module)):
            path = app.layout.resolve(module.source.path, dotted) if dotted.strip(".") else None
            target = app.module(path) if path is not None and app.owns(path) else None
            if target is not None and target not in found and len(found) < _MOST and _is_own(app, target):
                found[target] = None
                queue.append(target)
    return tuple(found)


def _is_own(app: App, module: Module) -> bool:
    path = module.source.path
    return app.owns(path) and not app.is_test_file(path)
