"""Which contract holds for a file: the release of the SDK that the app around it uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.contracts import PythonContract, python_contract
from chatkit_doctor.project.project import Project

if TYPE_CHECKING:
    from chatkit_doctor.project.targets import Target

_PACKAGE = "openai-chatkit"
_PARTS = ("agents.py", "server.py", "store.py", "types.py")


def contract_for(project: Project, path: Path) -> PythonContract:
    """Return what the openai-chatkit release of a file's app offers; the newest where none can be told."""
    target = target_for(project, path)
    return python_contract(target.version if target else None)


def is_foreign(project: Project, path: Path) -> bool:
    """Tell whether a file's app uses a build of its own (a folder, a repository), which no release describes."""
    target = target_for(project, path)
    return (target is not None and target.is_foreign) or project.derive(_carries_sdk)


def _carries_sdk(project: Project) -> bool:
    """Tell whether a project has a copy of the package's own sources."""
    return any(_is_sdk_source(project, each) for each in project.listing.files)


def _is_sdk_source(project: Project, path: Path) -> bool:
    return (
        path.name == "__init__.py"
        and path.parent.name == "chatkit"
        and all(map(project.exists, map(path.parent.joinpath, _PARTS)))
    )


def target_for(project: Project, path: Path) -> Target | None:
    """Return the openai-chatkit release that a file's app uses, and where that is said."""
    return project.target(path, _PACKAGE)
