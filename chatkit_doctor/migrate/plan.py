"""What a migration comes to: what was moved, what a person has to do, and the files that change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.ports import PORT
from chatkit_doctor.records import dataclass, field
from chatkit_doctor.source import relative_path

if TYPE_CHECKING:
    from chatkit_doctor.migrate.texts import Texts
    from chatkit_doctor.source import Location


class MigrateError(Exception):
    """A migration that cannot be made as it was asked for; the text is one line. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Note:
    """One line of a plan: where it is about, what was there, and for what is left what to do."""

    place: str
    what: str
    todo: str = ""


@dataclass(slots=True)
class Plan:
    """A migration, worked out and not yet written.

    texts: the files as they would be. backend: the folder of the new server, port: its port in development.
    moved: what was moved, left: what no program can move. route_paths: where pages reached the session routes.
    proxy: the file of the route that hands the chat on. direct: whether a page speaks to the new server itself.
    """

    texts: Texts
    backend: Path
    port: int = PORT
    moved: list[Note] = field(default_factory=list)
    left: list[Note] = field(default_factory=list)
    route_paths: set[str] = field(default_factory=set)
    proxy: Path | None = None
    direct: bool = True

    @property
    def server_url(self) -> str:
        """Return where the new server answers in development."""
        return f"http://localhost:{self.port}/chatkit"

    def move(self, path: Path, what: str, line: int | None = None) -> None:
        """Note something that was moved."""
        self.moved.append(Note(self._place(path, line), what))

    def leave(self, path: Path, what: str, todo: str, line: int | None = None) -> None:
        """Note something that a person has to do, once."""
        note = Note(self._place(path, line), what, todo)
        if note not in self.left:
            self.left.append(note)

    def leave_at(self, at: Location, what: str, todo: str) -> None:
        """Note something that a person has to do at a place of a file as it was."""
        self.leave(at.path, what, todo, at.first.line)

    def _place(self, path: Path, line: int | None) -> str:
        shown = relative_path(path, self.texts.root)
        return f"{shown}:{line}" if line is not None else shown
