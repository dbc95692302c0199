"""What is installed beside a project: its virtual environment, its node_modules. Looked up on disk, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.project.manifests.model import normalised
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    NamesIn = Callable[[Path], Collection[str]]


@dataclass(frozen=True, slots=True)
class Environment:
    """A virtual environment: its folder, and the version of every distribution in it by normalised name."""

    folder: Path
    versions: dict[str, str] = field(default_factory=dict)


def environment_beside(folder: Path, names: NamesIn) -> Environment | None:
    """Return the virtual environment in a folder, None where there is none that can be looked into."""
    for name in _NAMES:
        site_packages = list(_site_packages(folder / name, names))
        if site_packages:
            found = (each for path in site_packages for each in _distributions(names(path)))
            return Environment(folder / name, dict(found))
    return None


def _site_packages(environment: Path, names: NamesIn) -> Iterator[Path]:
    """Yield the folders that hold an environment's packages, on POSIX and on Windows."""
    candidates = [
        environment / "lib" / name for name in sorted(names(environment / "lib")) if name.startswith("python")
    ]
    for base in (*candidates, environment / "Lib"):
        if "site-packages" in names(base):
            yield base / "site-packages"


def _distributions(names: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        stem, _, suffix = name.rpartition(".")
        package, mark, version = stem.rpartition("-")
        if suffix == "dist-info" and mark:
            yield normalised(package), version


_NAMES = (".venv", "venv", "env")
