"""What is said to the person at the editor, and not of a file: once, until it has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lsprotocol import types

from chatkit_doctor.reports.drawing.cells import visible

Show = Callable[[types.ShowMessageParams], None]


class Messages:
    """Shows lines in the editor. show: sends one."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._standing: dict[str, frozenset[str]] = {}

    def stand(self, about: str, lines: Iterable[str], kind: types.MessageType) -> None:
        """Say what holds of something now; what was said of it already and holds on is not said again."""
        lines = frozenset(lines)
        for line in sorted(lines - self._standing.get(about, frozenset())):
            self.say(line, kind)
        self._standing[about] = lines

    def say(self, line: str, kind: types.MessageType) -> None:
        """Say something."""
        self._show(types.ShowMessageParams(kind, f"chatkit-doctor: {visible(line)}"))
