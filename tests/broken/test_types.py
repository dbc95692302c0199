"""The repaired backend and the reference app type-check against the real SDK, one after the other.

Most of what mypy does is to read the SDK's packages. It keeps what it has read, here or when the linters ran.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that mypy keeps what it has read in; it goes by what of that is as it was."""
    folder = tmp_path_factory.mktemp("mypy") / "kept"
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", folder)
    return folder


@pytest.mark.parametrize("which", ["repaired", "reference"])
def test_type_checks_against_the_sdk(which: str, repaired: Path, kept: Path) -> None:
    app = repaired if which == "repaired" else ROOT / "fixtures" / "reference"
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={kept}", "app"]
    run = subprocess.run(command, cwd=app / "backend", capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
