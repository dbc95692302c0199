"""The path of a new user through the pages: from an empty folder on, every command run exactly as it stands there.

`pip install .` really fetches and installs; what the pages give to paste into CI is in test_ci.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from typer.main import get_command

from chatkit_doctor.commands.cli import app
from chatkit_doctor.commands.exits import EXIT_CLEAN, EXIT_FAILED, EXIT_FINDINGS, EXIT_NOTHING_TO_SCAN
from tests.commands import PLAIN, ROOT
from tests.docs.pages import PAGES, SHELL, Block, blocks, options_in, options_of, rows, section
from tests.projects import write_files

# Each command of the pages' blocks with its exit code and something that it says.
WANTED = {
    "chatkit-doctor scan": (1, "11 errors, 1 warning, 1 info in 14 files."),
    "chatkit-doctor scan backend frontend/src": (1, "error[CK404]"),
    "chatkit-doctor scan --format agent": (1, "verify: chatkit-doctor scan --select CK"),
    "chatkit-doctor skill --agents-md": (0, "Wrote the section on ChatKit into AGENTS.md."),
    "chatkit-doctor skill --skill .claude/skills": (0, "of the skill into .claude/skills/chatkit."),
    "chatkit-doctor scan --diff": (1, "+from chatkit.store import "),
    "chatkit-doctor scan --fix": (1, "1 warning in 14 files (12 fixed). It is fixable with --fix --unsafe-fixes."),
    "chatkit-doctor scan --fix --unsafe-fixes": (0, "Nothing left in 14 files (1 fixed)."),
    "chatkit-doctor explain CK201": (0, "# missing-store-methods (CK201)"),
    """chatkit-doctor explain "Can't instantiate abstract class MemoryStore\"""": (
        0,
        "# missing-store-methods (CK201)",
    ),
    "chatkit-doctor explain CK405 --values": (0, "lightbulb"),
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
# Need a server that runs, a hosted chat, or a store; test_verify, tests/migrate and test_check call them so.
ABOUT_OTHERS = ("chatkit-doctor verify", "chatkit-doctor migrate", "chatkit-doctor check")


def commands_of(block: Block) -> list[str]:
    lines = [re.sub(r"\s+#.*", "", line) for line in block.text.splitlines()]
    return [line for line in lines if line.startswith("chatkit-doctor ") and not line.startswith(ABOUT_OTHERS)]


WALKS = [
    pytest.param(commands, id=f"{page}-{commands[0]}")
    for page in PAGES
    for block in blocks(page)
    if block.language in SHELL and (commands := commands_of(block))
]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Follow "Install" from an empty folder on; return the folder in which the shell then finds the command."""
    folder = tmp_path_factory.mktemp("user")
    # Five seconds faster than an environment with a pip of its own; what is installed, and where, is the same.
    venv.create(folder / "venv")
    scripts = folder / "venv" / "bin"
    call = f'exec "{sys.executable}" -m pip --python "{scripts}/python" "$@"'
    (scripts / "pip").write_text(f"#!/bin/sh\n{call}\n")
    (scripts / "pip").chmod(0o755)
    (command,) = re.findall(r"^pip install .*$", section("README.md", "## Install"), re.MULTILINE)
    done = shell(command, ROOT, scripts)
    assert done.returncode == 0, done.stdout + done.stderr
    return scripts


def shell(command: str, cwd: Path, scripts: Path) -> subprocess.CompletedProcess[str]:
    outer = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    env = outer | PLAIN | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, shell=True, cwd=cwd, env=env, capture_output=True, text=True, check=False)  # noqa: S602


def test_every_command_is_walked_and_none_that_is_gone() -> None:
    walked = {command for page in PAGES for block in blocks(page) for command in commands_of(block)}

    assert walked == set(WANTED)


@pytest.mark.parametrize("commands", WALKS)
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


def test_the_table_has_every_command() -> None:
    there = {name.strip("`") for name, _ in rows("docs/commands.md", "# Commands")}

    assert there == set(get_command(app).commands)  # type: ignore[attr-defined]


def test_the_options_of_scan_are_those_of_the_command() -> None:
    there = [option for cell, _ in rows("docs/commands.md", "### Options of scan") for option in options_in(cell)]

    assert sorted(there) == sorted(options_of("scan"))


def test_the_exit_codes_are_those_of_the_command() -> None:
    codes = [EXIT_CLEAN, EXIT_FINDINGS, EXIT_FAILED, EXIT_NOTHING_TO_SCAN]

    assert [int(code) for code, _ in rows("docs/commands.md", "### Exit codes")] == codes
