"""Files that are named and say nothing of ChatKit: whether anything could be found in them is told without the rules.

Where nothing that they have to do with speaks of ChatKit, nothing is. Whatever is not as plain as can be is handed on.
"""

from __future__ import annotations

import os
from pathlib import Path

from chatkit_doctor.project.files.kinds import FileKind, kind_of
from chatkit_doctor.project.files.listing import Listing
from chatkit_doctor.project.files.mention import look
from chatkit_doctor.project.files.upward import folder_of, folders_up, project_root
from chatkit_doctor.project.files.walk import Walk
from chatkit_doctor.project.vicinity import Vicinity
from chatkit_doctor.source import Source, UnreadableSourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class NamedFiles:
    """Some files that were named, each a path as it was given. Their project is walked when that is asked for."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = sorted({os.path.normpath(os.path.join(os.getcwd(), path)) for path in paths})
        self._walk: Walk | None = None

    @property
    def sources(self) -> int:
        """Return how many of them any rule could be about."""
        return sum(kind_of(os.path.basename(path)) in {FileKind.PYTHON, FileKind.WEB} for path in self._paths)

    def have_nothing_to_do_with_chatkit(self) -> bool:
        """Return whether nothing can be found in them: they say nothing of ChatKit, nor does what they belong to.

        False wherever that takes more than a look: settings, what cannot be read, files of several projects.
        """
        # A link, or a pipe, is for others to judge.
        if not all(os.path.isfile(path) and not os.path.islink(path) for path in self._paths):
            return False
        for path in self._paths:
            if any(look([(folder_of(path), [os.path.basename(path)])], folder_of(path))):
                return False
        roots = {project_root(path) for path in self._paths}
        if len(roots) > 1:
            return False
        self._walk = Walk(roots.pop())
        return not self._walk.problems and self._are_apart(self._walk)

    def walked(self) -> dict[str, Listing]:
        """Return the listing of their project by its folder, if it was walked."""
        return {self._walk.root: Listing.of_walk(self._walk)} if self._walk is not None else {}

    def unwalked(self) -> set[str]:
        """Return the folders above them that were not looked into and may hold settings for them."""
        found: set[str] = set()
        for path in self._paths:
            for folder in folders_up(folder_of(path)):
                if self._walk is None or folder not in self._walk.entered:
                    found.add(folder)
                if os.path.lexists(os.path.join(folder, ".git")):
                    break
        return found

    def _are_apart(self, walk: Walk) -> bool:
        """Return whether nothing that may have to do with the files speaks of ChatKit, and no settings are there."""
        listing = Listing.merged([Listing.of_walk(walk)], map(Path, self._paths))
        if _may_have_settings(walk, listing):
            return False
        unread: list[str] = []

        def data(path: str) -> bytes:
            if path not in listing.manifests:
                unread.append(path)
            return listing.manifests.get(path, b"")

        def read(path: str) -> Source | None:
            try:
                return Source.from_bytes(Path(path), data(path))
            except UnreadableSourceError:
                return None

        vicinity = Vicinity(listing.root, listing.folders.items, data, read)
        asked = {vicinity.folders.of(Path(path)) for path in self._paths}
        scope = vicinity.scope(asked, listing.speaking)
        speaking = listing.speaking(vicinity.folders_of(scope.read))
        return not unread and not {*map(str, speaking)} - {*self._paths}


def _may_have_settings(walk: Walk, listing: Listing) -> bool:
    """Return whether a settings file is in the tree, or something that may be one."""
    return any(
        "chatkit-doctor.toml" in marks
        or ("pyproject.toml" in marks and not listing.holds_no_settings(os.path.join(folder, "pyproject.toml")))
        for folder, marks in walk.marks.items()
    )
