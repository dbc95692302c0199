"""What can happen to a project between two scans, where it takes more than a call."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

LOCKED = '[[package]]\nname = "openai-chatkit"\n'


def replace(path: Path, text: str) -> None:
    """Write other text of whatever length with the times that the file had, as tools that keep times do."""
    times = path.stat()
    path.write_text(text)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def make(path: Path, text: str) -> None:
    """Write a file, and the folders that it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def install(folder: Path, version: str) -> None:
    """Have a release of openai-chatkit, and no other, in the environment of a folder."""
    packages = folder / ".venv" / "lib" / "python3.11" / "site-packages"
    shutil.rmtree(packages, ignore_errors=True)
    (packages / f"openai_chatkit-{version}.dist-info").mkdir(parents=True)


def install_node(folder: Path, package: str, version: str) -> None:
    """Have a release of a package, and no other, in the node_modules of a folder."""
    make(folder / "node_modules" / package / "package.json", f'{{"name": "{package}", "version": "{version}"}}\n')
