"""The looks at all folders of the workspace, and the one thread that takes them, so that no message has to wait.

A look that is overtaken by typing ends at the next rule; what it has found out by then is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from chatkit_doctor.lsp.look import FolderLook
from chatkit_doctor.lsp.roots import root_of
from chatkit_doctor.lsp.wishes import Wishes

if TYPE_CHECKING:
    from chatkit_doctor.lsp.texts.buffers import Buffer
    from chatkit_doctor.lsp.texts.standing import EditorFinding

_T = TypeVar("_T")


class Overtaken(Exception):  # noqa: N818 - it is no error
    """Something was typed meanwhile, so that nobody asks any more for what was being found out."""


class Desk:
    """What is known of the folders that open files lie in.

    workspace: the folders that the editor has open.
    """

    def __init__(self) -> None:
        self.workspace: list[Path] = []
        self._wishes = Wishes()
        self._looks: dict[Path, FolderLook] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="look")
        self._overtaken = Event()

    async def do(self, work: Callable[[], _T]) -> _T:
        """Return what some work gives that uses looks; one piece of work is done at a time."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def overtake(self) -> None:
        """Have the look that is under way end at the next rule."""
        self._overtaken.set()

    async def look(self, buffers: Mapping[Path, Buffer]) -> dict[Path, list[EditorFinding]]:
        """Return what is found in the open files. Raises Overtaken."""
        self._overtaken.clear()
        return await self.do(lambda: self._look(buffers))

    def wish(self, wishes: Wishes) -> None:
        """Look with other settings of the editor from now on."""
        if wishes != self._wishes:
            self._wishes = wishes
            self._looks = {}

    def note(self, changed: Iterable[Path]) -> None:
        """Note that files have changed on disk."""
        changed = list(changed)
        for look in list(self._looks.values()):
            look.note(path for path in changed if path.is_relative_to(look.folder))

    def look_of(self, path: Path) -> FolderLook:
        """Return what is known of the folder that a file is looked at in."""
        folder = root_of(path, self.workspace)
        if folder not in self._looks:
            self._looks[folder] = FolderLook(folder, self._wishes)
        return self._looks[folder]

    def errors(self) -> list[str]:
        """Return what a person has to put right in settings."""
        return [look.error for look in self._looks.values() if look.error is not None]

    def new_bugs(self) -> list[str]:
        """Return our own bugs that have come up since this was asked last, with their tracebacks."""
        found = [bug for look in self._looks.values() for bug in look.new_bugs()]
        return [f"{bug.code} crashed: {bug.error}\n{bug.traceback}" for bug in found]

    def _look(self, buffers: Mapping[Path, Buffer]) -> dict[Path, list[EditorFinding]]:
        if not self._wishes.enable:
            return {path: [] for path in buffers}
        by_look: dict[FolderLook, dict[Path, Buffer]] = {}
        for path, buffer in buffers.items():
            by_look.setdefault(self.look_of(path), {})[path] = buffer
        self._looks = {look.folder: look for look in by_look}
        found: dict[Path, list[EditorFinding]] = {}
        for look, here in by_look.items():
            found |= look.look(here, self._go_on)
        return found

    def _go_on(self, _: str) -> None:
        if self._overtaken.is_set():
            raise Overtaken
