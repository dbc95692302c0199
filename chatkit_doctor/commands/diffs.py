"""A diff on standard output: byte for byte for `patch`, to be seen by people, no command to the runner of a build."""

from __future__ import annotations

import io
import os
import re
import secrets
import stat
import sys

from chatkit_doctor.reports.edge import printed, printed_lines, without_command


def print_diff(diff: str) -> None:
    """Print a diff; where it goes decides how."""
    sys.stdout.flush()
    if sys.stdout.isatty():
        sys.stdout.write(printed_lines(line.removesuffix("\r") for line in diff.split("\n")[:-1]))
        return
    # As bytes: a diff's line ends are the files' own.
    sys.stdout.buffer.write(_for_log(diff).encode(errors="backslashreplace"))
    sys.stdout.buffer.flush()


def _for_log(diff: str) -> str:
    """Return a diff as it may stand in the log of a build, if that is where it goes and somebody wrote commands in."""
    if _is_file() or not _commands(diff):
        return diff
    if os.environ.get("GITHUB_ACTIONS"):
        # The runner passes over all commands up to this word, and `patch` over what is around a diff.
        token = secrets.token_hex(16)
        return f"::stop-commands::{token}\n{diff}::{token}::\n"
    if os.environ.get("CI") or os.environ.get("TF_BUILD"):
        return "".join(f"{printed(line) if _commands(line) else line}\n" for line in diff.split("\n")[:-1])
    return diff


def _commands(text: str) -> bool:
    # A runner takes a lone carriage return for the end of a line.
    return any(without_command(line) != line for line in re.split(r"[\r\n]", text))


def _is_file() -> bool:
    """Return whether standard output goes to a file and not to anybody who reads along."""
    try:
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, io.UnsupportedOperation):
        return False
