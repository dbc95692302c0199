"""The frontend: tsc sees three of the four wrong options as it stands, and it type-checks and builds when repaired."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.broken.harness import APP

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")


@pytest.fixture(scope="module")
def repaired_frontend(repaired: Path, installed: Path) -> Path:
    """Return the repaired frontend with its packages, which are those of the reference app's."""
    folder = repaired / "frontend"
    assert _packages(folder) == _packages(installed)
    (folder / "node_modules").symlink_to(installed / "node_modules")
    return folder


def test_repaired_options_type_check(repaired_frontend: Path) -> None:
    run = _run(repaired_frontend, "tsc", "--noEmit")
    assert run.returncode == 0, run.stdout


def test_repaired_page_builds_with_the_script(repaired_frontend: Path) -> None:
    run = _run(repaired_frontend, "vite", "build")
    assert run.returncode == 0, run.stdout + run.stderr
    page = (repaired_frontend / "dist" / "index.html").read_text("utf-8")
    assert "/deployments/chatkit/chatkit.js" in page


def test_broken_options_do_not_type_check(repaired_frontend: Path, tmp_path: Path) -> None:
    copy = tmp_path / "frontend"
    shutil.copytree(APP / "frontend", copy)
    (copy / "node_modules").symlink_to((repaired_frontend / "node_modules").resolve())
    run = _run(copy, "tsc", "--noEmit")
    errors = [line for line in run.stdout.splitlines() if "error TS" in line]
    assert [line.split("(")[0] for line in errors] == ["src/ChatPanel.tsx"] * 3, run.stdout
    assert "domainKey" in run.stdout
    assert "'name' does not exist" in run.stdout
    assert "👋" in run.stdout


def _packages(frontend: Path) -> list[object]:
    manifest = json.loads((frontend / "package.json").read_text("utf-8"))
    return [manifest["dependencies"], manifest["devDependencies"]]


def _run(folder: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(folder / "node_modules" / ".bin" / name), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
