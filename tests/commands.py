"""Calls chatkit-doctor as people do: in a process of its own, or in this one where that is enough and faster."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

import typer.main
import typer.testing

from chatkit_doctor.commands.cli import app

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "chatkit_doctor")

# For each call typer makes all commands anew out of their hundred and fifty options: as much work as a small scan.
typer.main.get_command = cache(typer.main.get_command)
typer.testing._get_command = typer.main.get_command  # type: ignore[attr-defined]

# What a terminal would add to the output; an empty value is none.
PLAIN = {"NO_COLOR": "", "FORCE_COLOR": "", "COLUMNS": "120", "TERM": "xterm", "PYTHONIOENCODING": "utf-8"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call left behind: its exit code and what it printed."""

    code: int
    stdout_bytes: bytes
    stderr: str

    @property
    def stdout(self) -> str:
        """Return the standard output as text, its line ends as they are."""
        return self.stdout_bytes.decode()


def environment(**more: str) -> dict[str, str]:
    """Return the environment for a process that runs this checkout's command."""
    return os.environ | PLAIN | {"PYTHONPATH": str(ROOT)} | more


def run(cwd: Path, *arguments: str, stdin: bytes = b"", **env: str) -> Outcome:
    """Run the command in a process of its own, in a folder."""
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, env=environment(**env), input=stdin, capture_output=True, check=False
    )
    return Outcome(done.returncode, done.stdout, done.stderr.decode())


def typed(words: Sequence[str]) -> NoReturn:
    """Have Typer read a call in this process, carry it out, and end with its exit code."""
    app(words)
    raise AssertionError("Typer always ends")


def call(*arguments: str, stdin: bytes = b"") -> Outcome:
    """Call the command in this process. An exception that it lets through is raised."""
    result = typer.testing.CliRunner(env=PLAIN).invoke(app, list(arguments), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout_bytes, result.stderr_bytes.decode())
