"""A checkout in which somebody has run the reference app: what that leaves behind is no part of the app."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.commands import ROOT

APP = Path("fixtures", "reference")
_BESIDE_THE_CODE = shutil.ignore_patterns(".git", ".venv", "node_modules", "screenshots", ".hypothesis", ".*_cache")


def used_checkout(folder: Path) -> Path:
    """Copy this checkout into a folder, with a file in the app for each rule of the .gitignore files."""
    shutil.copytree(ROOT, folder, ignore=_BESIDE_THE_CODE)
    for side in ("backend", "frontend"):
        for name in sorted(_ignored_names()):
            path = folder / APP / side / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("left behind")
    return folder


def _ignored_names() -> set[str]:
    """Return a path that each rule names: a file's, or that of a file in a folder."""
    lines = [line for folder in (ROOT, ROOT / APP) for line in (folder / ".gitignore").read_text().splitlines()]
    rules = {line.removeprefix("fixtures/**/") for line in lines if line and not line.startswith("#")}
    names = {rule.replace("*", "left").replace("[cod]", "c") for rule in rules}
    return {f"{name}left" if name.endswith("/") else name for name in names}
