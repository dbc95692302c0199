"""What a person at a terminal sees of a scan that takes long: what it does now, on standard error, gone at its end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chatkit_doctor.reports.edge import printed

if TYPE_CHECKING:
    from chatkit_doctor.scanning.results.found import Tell


# Most scans are over before anybody would look.
_QUIET_SECONDS = 1.0
_REFRESH_SECONDS = 0.1


@contextmanager
def shown_progress(*, wanted: bool) -> Iterator[Tell]:
    """Show what is told, if that is wanted and standard error is a terminal, once a second has gone by."""
    if not wanted or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _: None
        return
    status = _Status()
    status.start()
    try:
        yield status.tell
    finally:
        status.stop()


class _Status:
    """A line on standard error that a thread keeps moving, however long the scan is silent."""

    def __init__(self) -> None:
        self._doing = "looking for files"
        import threading

        self._done = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def tell(self, doing: str) -> None:
        self._doing = printed(doing)

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _show(self) -> None:
        if self._done.wait(_QUIET_SECONDS):
            return
        from rich.console import Console
        from rich.markup import escape

        # That it is a terminal is known; rich would take an empty FORCE_COLOR for a no.
        console = Console(stderr=True, force_terminal=True, highlight=False)
        with console.status(escape(self._doing)) as line:
            while not self._done.wait(_REFRESH_SECONDS):
                line.update(escape(self._doing))
