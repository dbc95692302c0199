"""The command in a process of its own, and what it took: its most memory, and time of the processor."""

from __future__ import annotations

import os
import resource
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
    """What a call left behind.

    memory: the most that it had at once, in bytes; 0 where no kernel tells. seconds: of the processor, its children's
    among them.
    """

    code: int
    stdout: str
    stderr: str
    memory: int
    seconds: float


def watch(cwd: Path, *arguments: str, **env: str) -> Watched:
    """Run the command in a folder and watch it."""
    with tempfile.NamedTemporaryFile("r", suffix=".txt") as note:
        code = _CODE.replace("sys.argv.pop(0)", repr(note.name)) if Path("/proc/self/status").exists() else _PLAIN
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
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
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        memory = int((note.read().split() or ["", "0"])[1]) * 1024
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Watched(done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr), memory, seconds)


_PLAIN = "from chatkit_doctor.__main__ import main; main()"
