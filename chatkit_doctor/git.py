"""Git, started so that it starts nothing that a repository's own configuration names, and fetches nothing."""

from __future__ import annotations

import os
import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

# Programs of a repository: a watcher of its files, hooks that a fresh index calls, a pager, and filters of contents.
_WITHOUT_PROGRAMS = {"core.fsmonitor": "false", "core.hooksPath": os.devnull, "core.pager": "cat"}
_FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"
# What is not here stays away: a remote may be a program.
_WITHOUT_REMOTES = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}


def run_git(folder: Path, *arguments: str, seconds: int | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run git in a folder. Raises OSError and, after so many seconds, TimeoutExpired."""
    names = _run(folder, ["config", "-z", "--name-only", "--get-regexp", _FILTERS], {}, seconds).stdout.split(b"\0")
    filters = {os.fsdecode(name): "false" if name.endswith(b".required") else "" for name in names if name}
    return _run(folder, arguments, _WITHOUT_PROGRAMS | filters, seconds)


def _run(
    folder: Path, arguments: list[str] | tuple[str, ...], settings: dict[str, str], seconds: int | None
) -> subprocess.CompletedProcess[bytes]:
    """Run git. settings: go before those of the repository; by the environment, for a name may hold any character."""
    # Behind those of whoever calls, such as whose repositories are to be trusted.
    own = os.environ.get("GIT_CONFIG_COUNT", "")
    first = int(own) if own.isdecimal() else 0
    given = {"GIT_CONFIG_COUNT": str(first + len(settings))}
    for number, (name, value) in enumerate(settings.items(), first):
        given |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return subprocess.run(  # noqa: S603 - git, told by us alone
        ["git", "--no-optional-locks", *arguments],  # noqa: S607 - the user's own, from their path
        cwd=folder,
        env=os.environ | _WITHOUT_REMOTES | given,
        capture_output=True,
        check=False,
        timeout=seconds,
    )
