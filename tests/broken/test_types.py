"""The repaired backend and the reference app type-check against the real SDK, one after the other.

Most of what mypy does is to read the SDK's packages. It keeps what it has read, here or when the linters ran.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT
from tests.sdk_sources import tree_of

# Half of the time would go into LiteLLM's 2,600 modules, of whose types the apps see those of `_SET` alone.
_CONFIG = "[mypy]\nstrict = true\n[mypy-litellm.*]\nfollow_imports = skip\n"
_SET = {"disable_aiohttp_transport": "bool"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that mypy keeps what it has read in; it goes by what of that is as it was."""
    folder = tmp_path_factory.mktemp("mypy") / "kept"
    if (ROOT / ".mypy_cache").is_dir():
        shutil.copytree(ROOT / ".mypy_cache", folder)
    return folder


@pytest.mark.parametrize("which", ["repaired", "reference"])
def test_type_checks_against_the_sdk(which: str, repaired: Path, kept: Path, tmp_path: Path) -> None:
    app = repaired if which == "repaired" else ROOT / "fixtures" / "reference"
    config = tmp_path / "mypy.ini"
    config.write_text(_CONFIG)
    command = [sys.executable, "-m", "mypy", f"--config-file={config}", f"--cache-dir={kept}", "app"]
    run = subprocess.run(command, cwd=app / "backend", capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_what_the_apps_set_of_litellm_is_there() -> None:
    backends = [ROOT / "fixtures" / which / "backend" / "app" for which in ("broken", "reference")]
    nodes = [node for each in backends for path in each.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    used = {node.attr for node in nodes if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "litellm"}
    declared = {ast.unparse(node.target): node for node in tree_of("litellm").body if isinstance(node, ast.AnnAssign)}

    assert used == set(_SET)
    assert {name: ast.unparse(declared[name].annotation) for name in used} == _SET
