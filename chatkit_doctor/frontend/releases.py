"""Which releases of ChatKit's npm packages hold for a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.published import CHATKIT_JS, CHATKIT_REACT
from chatkit_doctor.project.app import App

if TYPE_CHECKING:
    from chatkit_doctor.project.targets import Target


def react_target(app: App, path: Path) -> Target | None:
    """Return the release of @openai/chatkit-react that a file's app uses, and where that is said."""
    return app.target(path, CHATKIT_REACT)


def react_release(app: App, path: Path) -> str | None:
    """Return that release; None, which stands for the newest, where it cannot be told."""
    target = react_target(app, path)
    return target.version if target is not None else None


def carries_packages(app: App) -> bool:
    """Return whether ChatKit's packages are among the app's own, whose sources no release describes."""
    return app.derive(_carries_packages)


def _carries_packages(app: App) -> bool:
    own = (app.packages.of(path).name for path in app.files if path.name == "package.json")
    return not {CHATKIT_JS, CHATKIT_REACT}.isdisjoint(own)
