"""What git says of a folder, asked so that git starts nothing that the repository's own configuration names."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from chatkit_doctor.git import run_git
from chatkit_doctor.migrate.plan import MigrateError

if TYPE_CHECKING:
    from pathlib import Path

# The index is not written anew, and a submodule's own configuration is not asked.
_STATUS = ("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty", "--", ".")
_SECONDS = 60


def refuse_dirty(root: Path) -> None:
    """Raise MigrateError where git could not undo what is written: no repository, or changes not committed."""
    try:
        done = run_git(root, *_STATUS, seconds=_SECONDS)
    except subprocess.TimeoutExpired:
        raise MigrateError(f"git has said nothing for {_SECONDS} seconds; --allow-dirty goes without it") from None
    except OSError:
        raise MigrateError(
            "git is not here, which would undo what migrate writes; --allow-dirty goes without"
        ) from None
    if done.returncode:
        raise MigrateError(
            "this is no git repository, which would undo what migrate writes; --allow-dirty goes without"
        )
    status = done.stdout.decode(errors="replace")
    if status.strip():
        first = status.splitlines()[0][3:]
        raise MigrateError(f"{first} has changes that are not committed; commit them, or go on with --allow-dirty")
