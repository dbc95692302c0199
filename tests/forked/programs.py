"""Runs programs on the SDKs in a moment: the tests' side of forking.py."""

from __future__ import annotations

import atexit
import errno
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import IO, TYPE_CHECKING
from zlib import crc32

from tests.forked.forking import READY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Another interpreter runs the backends on other releases, such as those of constraints-1.4.txt.
PYTHON = os.environ.get("REFERENCE_PYTHON", sys.executable)

_SCRIPT = Path(__file__).with_name("forking.py")
_LAUNCHER = Path(__file__).with_name("launching.py")
_ROOT = Path(__file__).parents[2]
_END_SECONDS = 60.0
_MOST_STARTS = 3
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or token_hex(16)
_A_MOMENT = 0.02
_KEPT: list[subprocess.Popen[bytes]] = []


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


def launched(arguments: Sequence[str], modules: Sequence[str]) -> list[str]:
    """Return a command for whoever can only start one: what it starts is forked where these modules are imported."""
    _orders(*modules)
    return [sys.executable, "-I", "-S", str(_LAUNCHER), _address(modules).removeprefix("\0"), *arguments]


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
def _orders(*modules: str) -> socket.socket:
    """Return where what forks takes orders: one for all tests of a run, started by whichever needs it first.

    modules: what it has imported, modules of this checkout; where none is named, the SDKs.
    """
    address = _address(modules)
    started: list[subprocess.Popen[bytes]] = []
    while (orders := _connected(address)) is None:
        assert len(started) < _MOST_STARTS, "what forks ends before it has begun"
        started += _started(address, modules)
    # Its end, with that of the last of those who give orders, is not waited for: others may still give some.
    _KEPT.extend(started)
    atexit.register(orders.close)
    return orders


def _address(modules: Sequence[str]) -> str:
    """Return where what forks listens: on Linux alone, and at no file, so that it is gone with the process."""
    # There is room for a hundred letters.
    return f"\0doctor-tests-{_RUN}-{crc32(' '.join(modules).encode())}"


def _connected(address: str) -> socket.socket | None:
    orders = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with suppress(ConnectionError):
        orders.connect(address)
        # There is none where it was about to end.
        if orders.recv(len(READY)) == READY:
            return orders
    orders.close()
    return None


def _started(address: str, modules: Sequence[str]) -> list[subprocess.Popen[bytes]]:
    """Start what forks; nothing where another has just done so."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if modules:
        plain["PYTHONPATH"] = str(_ROOT)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        try:
            listener.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            time.sleep(_A_MOMENT)
            return []
        listener.listen()
        process = subprocess.Popen(
            [PYTHON, "-P", str(_SCRIPT), str(listener.fileno()), *modules],
            # LiteLLM asks the web for its table of prices when it is imported.
            env=plain | {"LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
        )
    return [process]
