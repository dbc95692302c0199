"""The data behind the contracts: files beside this module, read once and only when something is asked.

JSON files are built from the published packages by scripts/build_contracts.py; TOML files are kept by hand,
each line with its source.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@cache
def built(name: str) -> dict[str, Any]:
    """Return a built table by its name without suffix. Shared: never changed by who reads it."""
    table: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return table


@cache
def kept(name: str) -> dict[str, Any]:
    """Return a hand-kept table by its name without suffix. Shared: never changed by who reads it."""
    import tomllib  # a scan that finds nothing never needs it

    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
