"""The path of a new user through README.md: from an empty folder on, every command run exactly as it stands there.

`pip install .` really fetches and installs; what the README gives to paste into CI is in test_readme_workflows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import venv
from pathlib import Path

import pytest

from tests.commands import PLAIN, ROOT
from tests.projects import write_files

README = (ROOT / "README.md").read_text(encoding="utf-8")

# Each command of the README's blocks with its exit code and something that it says, in the order of the README.
WANTED = {
    "chatkit-doctor scan": (1, "11 errors, 1 warning, 1 info in 14 files."),
    "chatkit-doctor scan backend frontend/src": (1, "error[CK404]"),
    "chatkit-doctor scan --diff": (1, "+from chatkit.store import "),
    "chatkit-doctor scan --fix": (1, "1 warning in 14 files (12 fixed). --fix --unsafe-fixes mends it."),
    "chatkit-doctor scan --fix --unsafe-fixes": (0, "Nothing left in 14 files (1 fixed)."),
    "chatkit-doctor explain CK201": (0, "# missing-store-methods (CK201)"),
    """chatkit-doctor explain "Can't instantiate abstract class MemoryStore\"""": (
        0,
        "# missing-store-methods (CK201)",
    ),
    "chatkit-doctor rules": (0, "CK101  unknown-chatkit-module"),
    "chatkit-doctor scan --output sarif:reports/doctor.sarif --output junit:reports/doctor.xml": (1, "11 errors"),
    "chatkit-doctor config show backend/app.py": (0, "unsafe-fixes = false"),
    "chatkit-doctor config schema": (0, '"$schema"'),
    "chatkit-doctor scan --add-ignores": (0, "(13 ignored now)"),
    "chatkit-doctor baseline": (0, "13 findings"),
    "chatkit-doctor scan --baseline chatkit-doctor-baseline.json": (0, "(13 in the baseline)"),
    "chatkit-doctor init my-app": (0, "Started my-app: "),
    "chatkit-doctor scan --format concise --output junit:chatkit-doctor.xml": (1, ""),
    "chatkit-doctor scan --diff > chatkit-doctor.patch": (1, ""),
}
# Need a server that runs; tests/verify/ calls them so.
ABOUT_A_SERVER = re.compile(r"chatkit-doctor verify\b")


def blocks() -> list[list[str]]:
    """Return the commands of each block of the README that has any."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
    return [commands for language, block in found if language in {"", "sh"} and (commands := _commands(block))]


def _commands(block: str) -> list[str]:
    lines = [re.sub(r"\s+#.*", "", line) for line in block.splitlines()]
    return [line for line in lines if line.startswith("chatkit-doctor ") and not ABOUT_A_SERVER.match(line)]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Follow "Install" from an empty folder on; return the folder in which the shell then finds the command."""
    folder = tmp_path_factory.mktemp("user")
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / "bin"
    (command,) = re.findall(r"^pip install .*$", README.partition("## Install")[2].partition("\n## ")[0], re.MULTILINE)
    done = shell(command, ROOT, scripts)
    assert done.returncode == 0, done.stdout + done.stderr
    return scripts


def shell(command: str, cwd: Path, scripts: Path) -> subprocess.CompletedProcess[str]:
    outer = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    env = outer | PLAIN | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, shell=True, cwd=cwd, env=env, capture_output=True, text=True, check=False)  # noqa: S602


def test_every_command_of_the_readme_is_walked() -> None:
    assert [command for block in blocks() for command in block] == list(WANTED)


@pytest.mark.parametrize("commands", blocks(), ids=lambda commands: commands[0].split("#")[0])
def test_the_commands_of_a_block_do_what_they_say(installed: Path, tmp_path: Path, commands: list[str]) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "fixtures" / "broken", project, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    write_files(project, {"backend/app.py": "print('hello')\n"})

    for command in commands:
        code, said = WANTED[command]
        done = shell(command, project, installed)

        assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
        assert said in done.stdout, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
