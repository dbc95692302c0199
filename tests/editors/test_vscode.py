"""The extension for VS Code is compiled, tested and packaged as its README says, with the versions that it names."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

import chatkit_doctor
from chatkit_doctor.lsp import wishes
from tests.commands import ROOT

EXTENSION = ROOT / "editors" / "vscode"
PACKAGE = json.loads((EXTENSION / "package.json").read_text())


def test_its_settings_are_those_that_the_server_takes() -> None:
    names = {name.removeprefix("chatkitDoctor.") for name in PACKAGE["contributes"]["configuration"]["properties"]}

    assert wishes.wishes_of(dict.fromkeys(names)).complaints == ()
    assert set(wishes._KNOWN) <= names
    assert PACKAGE["version"] == chatkit_doctor.__version__
    readme = (EXTENSION / "README.md").read_text()
    assert set(re.findall(r"^\| `chatkitDoctor\.([\w.]+)`", readme, re.MULTILINE)) == names


def test_it_speaks_for_every_language_that_it_starts_for() -> None:
    source = (EXTENSION / "src" / "extension.ts").read_text()
    languages = re.search(r"const LANGUAGES = \[(.*?)\]", source, re.DOTALL)

    assert languages is not None
    assert [f"onLanguage:{name}" for name in re.findall(r'"([\w-]+)"', languages[1])] == PACKAGE["activationEvents"]


def test_it_is_built_and_packaged(tmp_path: Path) -> None:
    folder = tmp_path / "vscode"
    shutil.copytree(EXTENSION, folder, ignore=shutil.ignore_patterns("node_modules", "out"))
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    install = [npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent"]
    for command in (install, [npm, "test"], [npm, "run", "package", "--", "--allow-missing-repository"]):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"

    with zipfile.ZipFile(folder / f"chatkit-doctor-{PACKAGE['version']}.vsix") as package:
        names = set(package.namelist())
    own = {name for name in names if name.startswith("extension/") and "node_modules" not in name}
    files = (
        "package.json",
        "readme.md",
        "changelog.md",
        "LICENSE.txt",
        "icon.png",
        "out/extension.js",
        "out/command.js",
        "out/turns.js",
    )
    assert own == {f"extension/{name}" for name in files}
    assert "extension/node_modules/vscode-languageclient/node.js" in names
