"""Where a diff goes decides how it is printed: exactly, to be seen, or so that no build takes it for commands."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import environment
from tests.torture.foreign import assert_harmless, commands

DIFF = "--- a.py\n+++ a.py\n@@ -1 +1 @@\n ::error::x\n-one\n+two\x1b[31m\r::warning::y\n+end\r\n"
CODE = "import sys; from chatkit_doctor.commands.diffs import print_diff; print_diff(sys.argv[1])"


def printed(diff: str, **more: str) -> str:
    call = [sys.executable, "-c", CODE, diff]
    env = environment(CI="", GITHUB_ACTIONS="", TF_BUILD="") | more
    return subprocess.run(call, env=env, capture_output=True, check=True).stdout.decode()


def test_a_pipe_gets_it_byte_for_byte() -> None:
    assert printed(DIFF) == DIFF


def test_a_build_of_github_reads_no_command_in_it_and_patch_reads_it_all_the_same() -> None:
    first, rest = printed(DIFF, GITHUB_ACTIONS="true").split("\n", 1)
    token = first.removeprefix("::stop-commands::")

    assert len(token) == 32
    assert rest == f"{DIFF}::{token}::\n"
    assert printed("+harmless\r\n", GITHUB_ACTIONS="true") == "+harmless\r\n"


@pytest.mark.parametrize("name", ["CI", "TF_BUILD"])
def test_another_build_gets_its_commands_to_see(name: str) -> None:
    shown = printed(DIFF, **{name: "true"})

    assert commands(shown) == []
    assert " \\x3a:error::x\n-one\n" in shown
    assert shown.endswith("+end\r\n")


def test_a_file_gets_it_byte_for_byte_in_a_build_too(tmp_path: Path) -> None:
    with (tmp_path / "x.diff").open("wb") as file:
        call = [sys.executable, "-c", CODE, DIFF]
        subprocess.run(call, env=environment(GITHUB_ACTIONS="true"), stdout=file, check=True)

    assert (tmp_path / "x.diff").read_bytes() == DIFF.encode()


def test_a_terminal_shows_it() -> None:
    master, slave = pty.openpty()
    try:
        subprocess.run([sys.executable, "-c", CODE, DIFF], env=environment(), stdout=slave, check=True)
        shown = os.read(master, 65536).decode().replace("\r\n", "\n")
    finally:
        os.close(master)
        os.close(slave)

    assert_harmless(shown)
    assert "+two\\x1b[31m\\r::warning::y\n+end\n" in shown
