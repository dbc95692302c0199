"""Which folders of a tree are apps of their own (a backend, a frontend), and which of them a file belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatkit_doctor.project.manifests.kinds import REQUIREMENTS_FOLDER, declares

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from chatkit_doctor.project.manifests.model import Ecosystem


@dataclass(frozen=True, slots=True)
class App:
    """A folder with manifests of its own; without any, it is the root of a tree that has none."""

    folder: Path
    ecosystems: frozenset[Ecosystem] = frozenset()


class Apps:
    """The apps of a tree.

    root: the folder that files belong to when no app is nearer.
    files: the tree's files, of which only the manifests are looked at.
    """

    def __init__(self, root: Path, files: Iterable[Path]) -> None:
        found: dict[Path, set[Ecosystem]] = {}
        for path in files:
            ecosystem = declares(path.name)
            if ecosystem is not None:
                found.setdefault(_project_folder(path), set()).add(ecosystem)
        self._apps = {folder: App(folder, frozenset(found[folder])) for folder in sorted(found)}
        self._fallback = self._apps.get(root, App(root))

    def __iter__(self) -> Iterator[App]:
        return iter(self._apps.values())

    def app_of(self, path: Path) -> App:
        """Return the app whose folder is the nearest at or above a file."""
        return next((self._apps[each] for each in path.parents if each in self._apps), self._fallback)


def _project_folder(manifest: Path) -> Path:
    """Return the folder that a manifest speaks for: the one above for files in `requirements/`."""
    folder = manifest.parent
    is_split = folder.name == REQUIREMENTS_FOLDER and manifest.suffix in {".txt", ".in"}
    return folder.parent if is_split else folder
