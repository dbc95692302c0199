"""`chatkit-doctor cache`: what scans keep for the next ones, and its removal."""

from __future__ import annotations

import sys

import typer

from chatkit_doctor.commands.exits import fail
from chatkit_doctor.reports.counts import count
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.scanning import cache

app = typer.Typer(help="Remove what scans keep for the next ones.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def root() -> None:
    """Remove what scans keep for the next ones."""


@app.command()
def clear() -> None:
    """Remove everything that scans have kept; the next ones read every file anew."""
    try:
        number = cache.clear()
    except OSError as error:
        fail(f"{visible(cache.folder())}: it cannot be emptied: {(error.strerror or type(error).__name__).lower()}")
    sys.stdout.write(f"Removed what {count(number, 'scan')} had kept in {visible(cache.folder())}.\n")
