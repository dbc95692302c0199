"""What takes long to make and is only read: made once, by whichever of the workers needs it first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that is the same for all workers of a run, after one of them has made what is in it.

    make: fills the folder, which is there and empty. Where it fails, whoever comes next tries anew in another.
    """
    base = factory.getbasetemp()
    # Each worker's folder is in that of the run.
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (root / f"{name}.lock").open("a+", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if made := lock.read():
            return Path(made)
        folder = factory.mktemp(name)
        make(folder)
        lock.write(str(folder))
        return folder
