"""Where the apps of a tree stand, and what manifests say of them: all that is told without a line of code.

While somebody writes code, none of this changes, so that a project with other texts in code files has the same land.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.project.files import FileKind, kind_of
from chatkit_doctor.project.vicinity import Vicinity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatkit_doctor.project.manifests.model import ManifestError
    from chatkit_doctor.project.targets import GivenRelease, Releases, Targets
    from chatkit_doctor.project.tree import Problem, Tree

_CODE = frozenset({FileKind.PYTHON, FileKind.WEB})


class Land(Vicinity):
    """The lie of a tree: its apps, and the releases that they use.

    tree: the files; whoever asks for a manifest reads it here.
    releases: returns the known releases of a package, for a range to be resolved to one.
    overrides: the releases that the user told.
    """

    def __init__(self, tree: Tree, releases: Releases, overrides: Sequence[GivenRelease]) -> None:
        super().__init__(
            tree.listing.root,
            tree.folders,
            lambda path: tree.data(Path(path)) or b"",
            lambda path: tree.source(Path(path)),
        )
        self.tree = tree
        self._releases = releases
        self._overrides = overrides

    @staticmethod
    def is_made_by(path: Path) -> bool:
        """Return whether what stands in a file shapes the land, and not only that the file is there."""
        return kind_of(path.name) not in _CODE

    @property
    def errors(self) -> tuple[ManifestError, ...]:
        """Return what was wrong with the manifests read so far."""
        return self.targets.errors if "targets" in vars(self) else ()

    @property
    def problems(self) -> dict[Path, Problem]:
        """Return the files of which nothing could be had, as far as they shape the land."""
        return {path: each for path, each in self.tree.problems.items() if self.is_made_by(path)}

    @cached_property
    def targets(self) -> Targets:
        """Return the releases that apps use."""
        from chatkit_doctor.project.manifests.folders import Folders
        from chatkit_doctor.project.targets import Targets

        folders = Folders(self.tree.source, self.tree.names)
        return Targets(self._root, folders, self._releases, self._overrides)
