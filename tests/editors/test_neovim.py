"""Neovim, with what docs/editors.md says to put into its configuration: it shows, mends and writes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands import ROOT
from tests.docs.pages import blocks
from tests.projects import write_files

NVIM = shutil.which("nvim")
# From before `vim.lsp.start`, which the page is about; Debian has it still.
OLD = """
vim.api.nvim_create_autocmd('FileType', {
  pattern = { 'python' },
  callback = function()
    local client = vim.lsp.start_client({ cmd = { 'chatkit-doctor', 'lsp' }, root_dir = vim.fn.getcwd() })
    vim.lsp.buf_attach_client(0, client)
  end,
})
"""
SERVER = """
# The rocket 🚀 stands for a character of two units.
label = "🚀"; from chatkit.models import ThreadMetadata

print(label, ThreadMetadata)
"""


def version(nvim: str) -> tuple[int, int]:
    said = subprocess.run([nvim, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"v(\d+)\.(\d+)", said)
    assert found is not None, said
    return int(found[1]), int(found[2])


def configuration(nvim: str) -> str:
    """Return what the page says for a version."""
    new, older = (block.text for block in blocks("docs/editors.md", "lua"))
    number = version(nvim)
    if number >= (0, 11):
        return new
    return older if number >= (0, 8) else OLD


@pytest.fixture
def nvim() -> str:
    if NVIM is None:
        if "CI" in os.environ:
            pytest.fail("nvim is not installed; make installs it")
        pytest.skip("needs nvim (apt-get install neovim)")
    return NVIM


def session(nvim: str, folder: Path, path: Path) -> dict[str, Any]:
    """Run the session in a file and return what was seen."""
    write_files(folder / "bin", {"chatkit-doctor": f'#!/bin/sh\nexec {sys.executable} -m chatkit_doctor "$@"\n'})
    (folder / "bin" / "chatkit-doctor").chmod(0o755)
    (folder / "init.lua").write_text(configuration(nvim))
    report = folder / "report.json"
    environment = {
        **os.environ,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SESSION_FILE": str(path),
        "SESSION_REPORT": str(report),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    script = ROOT / "tests" / "editors" / "session.lua"
    command = [nvim, "--headless", "-n", "-u", str(folder / "init.lua"), "-c", f"luafile {script}"]
    done = subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert report.exists(), done.stderr
    seen: dict[str, Any] = json.loads(report.read_text())
    assert "problem" not in seen, (seen, done.stderr)
    return seen


def test_it_shows_mends_and_writes(nvim: str, tmp_path: Path) -> None:
    write_files(tmp_path / "project", {"requirements.txt": "openai-chatkit==1.4.0\n", "server.py": SERVER})
    path = tmp_path / "project" / "server.py"
    before = path.read_text()
    line = before.splitlines()[1]

    seen = session(nvim, tmp_path, path)

    # Columns are counted in bytes there.
    place = [1, len(line[: line.index("chatkit")].encode())]
    assert seen["told"] == [["CK101", "chatkit-doctor", seen["told"][0][2], *place]]
    assert "has the module 'chatkit.models'" in seen["told"][0][2]
    assert any(each.startswith("Ignore CK101") for each in seen["offered"])
    assert seen["mended"] == before.replace("chatkit.models", "chatkit.types").rstrip("\n")
    assert [each[0] for each in seen["typed"]] == ["CK101"]
    assert path.read_text() == before.replace("chatkit.models", "chatkit.types")
