"""The files of a project as they come to be: what is on disk, with the edits that were made so far."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.project.files import FileKind
from chatkit_doctor.project.project import Project
from chatkit_doctor.scanning.fixer.changes import applied, changes_of
from chatkit_doctor.source import Source

if TYPE_CHECKING:
    from chatkit_doctor.python.module import Module
    from chatkit_doctor.web.document import Document


class Texts:
    """A project whose files change edit by edit; what was deleted is not there any more.

    start: the project as it is on disk. Nothing is written.
    """

    def __init__(self, start: Project) -> None:
        self.start = start
        self.changed: dict[Path, str] = {}
        self.removed: dict[Path, None] = {}
        self.new: dict[Path, bytes] = {}
        self._now = start

    @property
    def root(self) -> Path:
        """Return the folder of the project."""
        return self.start.root

    @property
    def now(self) -> Project:
        """Return the project as it has come to be, deleted files left in it."""
        return self._now

    def apply(self, edits: Iterable[Edit]) -> None:
        """Make edits of the files as they are now. Raises BadEditError for edits that cannot be meant."""
        made = list(edits)
        sources = {edit.at.path: source for edit in made if (source := self.read(edit.at.path)) is not None}
        for path, changes in changes_of(made, sources).items():
            self.replace(path, applied(sources[path].text, changes))

    def replace(self, path: Path, text: str) -> None:
        """Give a file a whole new text."""
        self.changed[path] = text
        self._now = self._now.with_texts({path: text})

    def remove(self, path: Path) -> None:
        """Delete a file."""
        self.removed[path] = None
        self.changed.pop(path, None)

    # What a resolver of imports asks

    def exists(self, path: Path | str) -> bool:
        """Return whether a file is there."""
        path = Path(path)
        return path not in self.removed and self._now.exists(path)

    def read(self, path: Path) -> Source | None:
        """Return a file's text as it is now."""
        return None if path in self.removed else self._now.read(path)

    def document(self, path: Path) -> Document | None:
        """Return a web file parsed as it is now."""
        return None if path in self.removed else self._now.document(path)

    def module(self, path: Path) -> Module | None:
        """Return a Python file parsed as it is now."""
        return None if path in self.removed else self._now.module(path)

    def web_paths(self) -> list[Path]:
        """Return the web files that are there."""
        listing = self._now.listing
        return [path for path in listing.files if listing.kind(path) is FileKind.WEB and path not in self.removed]

    def mentions(self, path: Path, word: str) -> bool:
        """Return whether a word stands in a file."""
        source = self.read(path)
        return source is not None and word in source.text
