"""What a person sees who waits for a scan: on a terminal of their own, which the test holds the other end of."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.commands import environment
from tests.projects import write_files

# A scan of which one check takes its time, so that the test does not hang on how fast the machine is.
SLOW = """
import sys, time
from chatkit_doctor.commands import progress
from chatkit_doctor.checks.names import unknown_chatkit_module

progress._QUIET_SECONDS = {quiet}
unknown_chatkit_module.unknown_chatkit_module = lambda app: time.sleep({takes}) or iter(())
from chatkit_doctor.__main__ import main
main()
"""


def seen(cwd: Path, *arguments: str, takes: float, quiet: float, **env: str) -> tuple[int, str, str]:
    """Run a scan with standard error on a terminal; return its exit code, its output and what the terminal got."""
    mine, theirs = pty.openpty()
    command = [sys.executable, "-c", SLOW.format(takes=takes, quiet=quiet), "scan", *arguments]
    process = subprocess.Popen(
        command, cwd=cwd, env=environment(**env), stdout=subprocess.PIPE, stderr=theirs, text=True
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(mine, 4096):
            shown += chunk
    except OSError:  # what Linux says when the other end is closed
        pass
    finally:
        os.close(mine)
    assert process.stdout is not None
    with process.stdout as output:
        return process.wait(), output.read(), shown.decode()


def test_a_long_scan_says_what_it_does_and_takes_it_away_again(tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": "from chatkit.server import ChatKitServer\n"})

    code, output, shown = seen(tmp_path, takes=1.0, quiet=0.1)

    assert (code, output.count("\n")) == (0, 1)
    assert "checking CK101" in shown
    # The line is erased and the cursor is back.
    assert shown.rstrip().endswith("\x1b[2K")
    assert "\x1b[?25h" in shown


def test_a_short_scan_says_nothing(tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": "from chatkit.server import ChatKitServer\n"})

    assert seen(tmp_path, takes=0.0, quiet=60.0)[2] == ""


def test_quiet_and_dumb_terminals_are_left_alone(tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": "from chatkit.server import ChatKitServer\n"})

    assert seen(tmp_path, "--quiet", takes=0.5, quiet=0.1)[2] == ""
    assert seen(tmp_path, takes=0.5, quiet=0.1, TERM="dumb")[2] == ""
