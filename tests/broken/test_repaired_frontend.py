"""The frontend: tsc sees three of the four wrong options as it stands, and it type-checks and builds when repaired."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.broken.harness import APP

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")


@pytest.fixture(scope="module")
def installed(repaired: Path) -> Path:
    """Return the repaired frontend with its packages installed."""
    folder = repaired / "frontend"
    run = _run(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock")
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


def test_repaired_options_type_check(installed: Path) -> None:
    run = _run(installed, "npx", "tsc", "--noEmit")
    assert run.returncode == 0, run.stdout


def test_repaired_page_builds_with_the_script(installed: Path) -> None:
    run = _run(installed, "npx", "vite", "build")
    assert run.returncode == 0, run.stdout + run.stderr
    page = (installed / "dist" / "index.html").read_text("utf-8")
    assert "/deployments/chatkit/chatkit.js" in page


def test_broken_options_do_not_type_check(installed: Path, tmp_path: Path) -> None:
    copy = tmp_path / "frontend"
    shutil.copytree(APP / "frontend", copy)
    (copy / "node_modules").symlink_to(installed / "node_modules")
    run = _run(copy, "npx", "tsc", "--noEmit")
    errors = [line for line in run.stdout.splitlines() if "error TS" in line]
    assert [line.split("(")[0] for line in errors] == ["src/ChatPanel.tsx"] * 3, run.stdout
    assert "domainKey" in run.stdout
    assert "'name' does not exist" in run.stdout
    assert "👋" in run.stdout


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
