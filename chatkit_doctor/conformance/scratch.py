"""The folder that a run takes for its working directory: the project's files by links, new ones beside them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Data of a database is not linked, so that one of the same name is made anew.
_DATA = (".db", ".db3", ".sqlite", ".sqlite3", "-journal", "-wal", "-shm")


@contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """Make the folder, and remove it at the end."""
    with tempfile.TemporaryDirectory(prefix="chatkit-doctor-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        for entry in root.iterdir():
            if not entry.name.endswith(_DATA):
                (folder / entry.name).symlink_to(entry.resolve())
        yield folder
