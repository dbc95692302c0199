"""Completion as the shell gets it: the script that `--show-completion` prints, run by a real bash."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import environment

# What bash does at a tab: the words so far, the number of the last, and the function with the command's name.
_TAB = """
eval "$(chatkit-doctor --show-completion)"
complete -p chatkit-doctor >/dev/null || exit 9
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_chatkit_doctor_completion chatkit-doctor
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Return a PATH on which the command is found by its name."""
    command = tmp_path / "chatkit-doctor"
    command.write_text(f"#!{sys.executable}\nfrom chatkit_doctor.__main__ import main\nmain()\n")
    command.chmod(0o755)
    return f"{tmp_path}{os.pathsep}{os.environ['PATH']}"


def offered(path: str, *words: str) -> list[str]:
    script = _TAB.format(words=" ".join(shlex.quote(word) for word in ("chatkit-doctor", *words)))
    done = subprocess.run(
        ["bash", "--norc", "-c", script], env=environment(PATH=path), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["exp"], {"explain"}),
        (["scan", "--exit-n"], {"--exit-non-zero-on-fix"}),
        (["scan", "--format", "s"], {"sarif"}),
        (["scan", "--select", "CK10"], {"CK101", "CK102", "CK103", "CK104"}),
        (["scan", "--ignore", "missing-d"], {"missing-domain-key"}),
        (["scan", "--select", "CK1,CK40"], {f"CK1,CK40{n}" for n in range(1, 10)}),
        (["explain", "reused"], {"reused-provider-ids"}),
    ],
)
def test_what_a_tab_offers(path: str, words: list[str], wanted: set[str]) -> None:
    assert set(offered(path, *words)) == wanted
