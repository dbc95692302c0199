"""Which contract holds for a file: the release of the SDK that the app around it uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.contracts import PythonContract, python_contract
from chatkit_doctor.project import Project

if TYPE_CHECKING:
    from chatkit_doctor.targets import Target

_PACKAGE = "openai-chatkit"


def contract_for(project: Project, path: Path) -> PythonContract:
    """Return what the openai-chatkit release of a file's app offers; the newest where none can be told."""
    target = target_for(project, path)
    return python_contract(target.version if target else None)


def target_for(project: Project, path: Path) -> Target | None:
    """Return the openai-chatkit release that a file's app uses, and where that is said."""
    return project.target(path, _PACKAGE)
