"""What git says of a folder, asked so that git starts nothing that the repository's own configuration names."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.plan import MigrateError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Programs of a repository: a watcher of its files, hooks that a fresh index calls, and filters of contents.
_WITHOUT_PROGRAMS = {"core.fsmonitor": "false", "core.hooksPath": os.devnull}
_FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"
# With --no-optional-locks the index is not written anew; a submodule's own configuration is not asked.
_STATUS = ("status", "--porcelain", "--untracked-files=no", "--ignore-submodules=dirty", "--", ".")
_SECONDS = 60


def refuse_dirty(root: Path) -> None:
    """Raise MigrateError where git could not undo what is written: no repository, or changes not committed."""
    try:
        status = _git(root, *_STATUS, settings={**_WITHOUT_PROGRAMS, **dict(_without_filters(root))})
    except subprocess.TimeoutExpired:
        raise MigrateError(f"git has said nothing for {_SECONDS} seconds; --allow-dirty goes without it") from None
    except OSError:
        raise MigrateError(
            "git is not here, which would undo what migrate writes; --allow-dirty goes without"
        ) from None
    if status is None:
        raise MigrateError(
            "this is no git repository, which would undo what migrate writes; --allow-dirty goes without"
        )
    if status.strip():
        first = status.splitlines()[0][3:]
        raise MigrateError(f"{first} has changes that are not committed; commit them, or go on with --allow-dirty")


def _without_filters(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the settings that switch off the filters that are configured for a repository."""
    for name in (_git(root, "config", "-z", "--name-only", "--get-regexp", _FILTERS, settings={}) or "").split("\0"):
        if name:
            yield name, "false" if name.endswith(".required") else ""


def _git(root: Path, *arguments: str, settings: dict[str, str]) -> str | None:
    """Return what git prints, None where it fails. Raises OSError and TimeoutExpired.

    settings: go before those of the repository; by the environment, since a name may hold any character.
    """
    given = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        given |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    call = ["git", "--no-optional-locks", "-C", str(root), *arguments]
    done = subprocess.run(  # noqa: S603 - fixed words
        call,
        env=os.environ | given,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=_SECONDS,
    )
    return done.stdout if done.returncode == 0 else None
