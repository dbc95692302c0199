"""`chatkit-doctor config`: the settings that hold for a path, and their JSON schema."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from chatkit_doctor.commands.exits import fail

app = typer.Typer(
    help="Show the settings that hold for a path, or their JSON schema.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def show(
    path: Annotated[Path, typer.Argument(help="A file or a folder.")] = Path(),
    config: Annotated[Path | None, typer.Option(help="The settings file that holds, wherever it is.")] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Leave settings files alone.")] = False,
    in_json: Annotated[bool, typer.Option("--json", help="Print the settings as JSON.")] = False,
) -> None:
    """Show each setting that holds for a path, and where its value comes from."""
    from chatkit_doctor.reports.drawing.terminal import Terminal
    from chatkit_doctor.scanning.selection import ScanError
    from chatkit_doctor.scanning.settings import open_settings
    from chatkit_doctor.scanning.settings.show import as_json, as_toml

    place = Path(os.path.normpath(Path.cwd() / path))
    if not os.path.lexists(place):
        fail(f"{path}: there is no such file or folder")
    try:
        settings, is_excluded = open_settings(config=config, isolated=isolated).looked_up(place)
    except ScanError as error:
        fail(str(error))
    text = (as_json if in_json else as_toml)(settings, place, is_excluded=is_excluded)
    sys.stdout.write(Terminal.of(sys.stdout).writable(text))


@app.command()
def schema() -> None:
    """Print the JSON schema of the settings, for editors."""
    import json

    from chatkit_doctor.scanning.settings.schema import json_schema

    sys.stdout.write(json.dumps(json_schema(), indent=2) + "\n")
