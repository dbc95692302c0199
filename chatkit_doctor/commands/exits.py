"""How a call ends: the exit codes of the outer contract, and the one line of a call that fails."""

from __future__ import annotations

from typing import NoReturn

import typer

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_FAILED = 2
EXIT_NOTHING_TO_SCAN = 3


def fail(message: str) -> NoReturn:
    """End the call with one line on standard error. Raises typer.Exit."""
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(EXIT_FAILED)
