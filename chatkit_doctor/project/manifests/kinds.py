"""Which file names are manifests, of which ecosystem, and in which order they are asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Ecosystem

if TYPE_CHECKING:
    from collections.abc import Iterable

PYTHON_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")
NODE_LOCKS = ("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock")
PYTHON_PROJECTS = ("pyproject.toml", "Pipfile", "setup.cfg")
REQUIREMENTS_FOLDER = "requirements"


def declares(name: str) -> Ecosystem | None:
    """Return the ecosystem of a file that makes its folder a project, None for any other file."""
    if name == "package.json":
        return Ecosystem.NODE
    return Ecosystem.PYTHON if name in PYTHON_PROJECTS or is_requirements_file(name) else None


def is_requirements_file(name: str) -> bool:
    """Return whether a file's name is one of pip's requirements files, such as `requirements-dev.txt`."""
    # Few files are, and most are known by their ends not to be.
    return name[-3:].lower() in _ENDS and _REQUIREMENTS.fullmatch(name) is not None


def requirements_files(names: Iterable[str]) -> list[str]:
    """Return the requirements files among some names: the plain one first, inputs of a compiler last."""
    found = [name for name in names if is_requirements_file(name)]
    return sorted(found, key=lambda name: (name.endswith(".in"), name != "requirements.txt", name))


_ENDS = frozenset({"txt", ".in"})
_REQUIREMENTS = regex(r"(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in)", re.IGNORECASE)
