"""Which contract holds for a file: the release of the SDK that the app around it uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.contracts import PythonContract, python_contract
from chatkit_doctor.project.app import App

if TYPE_CHECKING:
    from chatkit_doctor.project.targets import Target

_PACKAGE = "openai-chatkit"
_PARTS = ("agents.py", "server.py", "store.py", "types.py")


def contract_for(app: App, path: Path) -> PythonContract:
    """Return what the openai-chatkit release of a file's app offers; the newest where none can be told."""
    target = target_for(app, path)
    return python_contract(target.version if target else None)


def is_foreign(app: App, path: Path) -> bool:
    """Return whether a file's app uses a build of its own (a folder, a repository), which no release describes."""
    target = target_for(app, path)
    return (target is not None and target.is_foreign) or app.derive(_carries_sdk)


def _carries_sdk(app: App) -> bool:
    """Return whether a project has a copy of the package's own sources."""
    return any(_is_sdk_source(app, each) for each in app.files)


def _is_sdk_source(app: App, path: Path) -> bool:
    return (
        path.name == "__init__.py"
        and path.parent.name == "chatkit"
        and all(map(app.exists, map(path.parent.joinpath, _PARTS)))
    )


def target_for(app: App, path: Path) -> Target | None:
    """Return the openai-chatkit release that a file's app uses, and where that is said."""
    return app.target(path, _PACKAGE)
