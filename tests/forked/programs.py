"""Runs programs on the SDKs in a moment: the tests' side of forking.py."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Another interpreter runs the backends on other releases, such as those of constraints-1.4.txt.
PYTHON = os.environ.get("REFERENCE_PYTHON", sys.executable)

_SCRIPT = Path(__file__).with_name("forking.py")
_END_SECONDS = 60.0


def start(
    arguments: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    out: IO[bytes],
    err: IO[bytes],
    keep: Sequence[int] = (),
) -> Forked:
    """Start a program, as `python` would with these arguments.

    environment: all that the program has. keep: the numbers of the files that it inherits.
    """
    order = {
        "arguments": list(arguments),
        "folder": str(folder),
        "environment": dict(environment),
        "numbers": list(keep),
    }
    reading, writing = os.pipe()
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a device
        given = [writing, nothing.fileno(), out.fileno(), err.fileno(), *keep]
        socket.send_fds(_orders(), [json.dumps(order).encode()], given)
    os.close(writing)
    answers = os.fdopen(reading, "rb", buffering=0)  # so that no line has been read before it is waited for
    return Forked(int(answers.readline()), answers)


def run(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], *, seconds: float = _END_SECONDS
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, as `python` would with these arguments; what it wrote is in the answer.

    Raises AssertionError where it has not ended after so many seconds.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = start(arguments, folder, environment, out, err).wait(seconds)
        for each in (out, err):
            each.seek(0)
        return subprocess.CompletedProcess(list(arguments), code, out.read().decode(), err.read().decode())


class Forked:
    """A program's process."""

    def __init__(self, pid: int, answers: IO[bytes]) -> None:
        self._pid = pid
        self._answers = answers

    def send_signal(self, sig: int, /) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, sig)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def wait(self, seconds: float = _END_SECONDS) -> int:
        """Return the exit code when the process has ended. Raises AssertionError where it does not end."""
        with self._answers:
            ready, _, _ = select.select([self._answers], [], [], seconds)
            if not ready:
                self.send_signal(signal.SIGKILL)
            code = int(self._answers.readline())
        assert ready, "the process did not end"
        return code


@cache
def _orders() -> socket.socket:
    """Start what forks, once for all tests of this process; return where it takes orders. It ends with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with theirs:
        process = subprocess.Popen(
            [PYTHON, "-P", str(_SCRIPT), str(theirs.fileno())],
            # LiteLLM asks the web for its table of prices when it is imported.
            env=plain | {"LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
