"""The command in a process of its own, and what it took: its most memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.commands import environment

MIB = 1024 * 1024
_END = 120

# The kernel's own count for the process alone: that of wait4 begins with what the process was forked from.
_CODE = """
import sys
from chatkit_doctor.__main__ import main
try:
    main()
finally:
    with open("/proc/self/status") as status, open(sys.argv.pop(0), "w") as note:
        note.writelines(line for line in status if line.startswith("VmHWM"))
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a call left behind. memory: the most that it had at once, in bytes; 0 where no kernel tells."""

    code: int
    stdout: str
    stderr: str
    memory: int


def watch(cwd: Path, *arguments: str, **env: str) -> Watched:
    """Run the command in a folder and watch it."""
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as note:
        code = _CODE.replace("sys.argv.pop(0)", repr(note.name)) if Path("/proc/self/status").exists() else _PLAIN
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments],
            cwd=cwd,
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            # Only so that a call that would never end fails instead.
            timeout=_END,
        )
        memory = int((note.read().split() or ["", "0"])[1]) * 1024
    return Watched(done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr), memory)


_PLAIN = "from chatkit_doctor.__main__ import main; main()"
