"""What is installed beside a project: its virtual environment, its node_modules. Looked up on disk, never run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from chatkit_doctor.project.files import reading
from chatkit_doctor.project.manifests.model import normalised
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment: its folder, and the version of every distribution in it by normalised name."""

    folder: Path
    versions: dict[str, str] = field(default_factory=dict)


def environment_beside(folder: Path) -> Environment | None:
    """Return the virtual environment in a folder, None where there is none that can be looked into."""
    for name in _NAMES:
        site_packages = list(_site_packages(folder / name))
        if site_packages:
            return Environment(folder / name, dict(each for path in site_packages for each in _distributions(path)))
    return None


def entries(folder: Path) -> frozenset[str]:
    """Return the names in a folder, none where it cannot be read."""
    try:
        with os.scandir(folder) as found:
            names = frozenset(entry.name for entry in found)
    except OSError:
        names = frozenset()
    if reading.noted is not None:
        reading.noted.listed[str(folder)] = sorted(names)
    return names


def _site_packages(environment: Path) -> Iterator[Path]:
    """Yield the folders that hold an environment's packages, on POSIX and on Windows."""
    candidates = [
        environment / "lib" / name for name in sorted(entries(environment / "lib")) if name.startswith("python")
    ]
    for base in (*candidates, environment / "Lib"):
        if "site-packages" in entries(base):
            yield base / "site-packages"


def _distributions(site_packages: Path) -> Iterator[tuple[str, str]]:
    for name in entries(site_packages):
        stem, _, suffix = name.rpartition(".")
        package, mark, version = stem.rpartition("-")
        if suffix == "dist-info" and mark:
            yield normalised(package), version


_NAMES = (".venv", "venv", "env")
