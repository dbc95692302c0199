"""Starts backends in a moment: the tests' side of forking.py."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tests.reference.harness import PYTHON, alone, arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCRIPT = Path(__file__).with_name("forking.py")
_END_SECONDS = 60.0


class Launcher:
    """Runs one backend at a time, each as `harness.launch` would, on one and the same socket; leave it to stop."""

    def __init__(self, fd: int) -> None:
        self._process = subprocess.Popen(
            [PYTHON, "-P", str(_SCRIPT)],
            env=alone(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # so that no line has been read before it is waited for
            pass_fds=[fd],
        )

    def __call__(self, folder: Path, fd: int, environment: Mapping[str, str], log: Path) -> Forked:
        order = {
            "folder": str(folder),
            "arguments": arguments(fd),
            "environment": dict(environment),
            "log": str(log),
        }
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return Forked(int(self._process.stdout.readline()), self._process.stdout)

    def __enter__(self) -> Launcher:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            pass  # closes its standard input, at which it ends


class Forked:
    """A backend's process, with what `harness.Process` asks for."""

    def __init__(self, pid: int, answers: IO[bytes]) -> None:
        self._pid = pid
        self._answers = answers

    def send_signal(self, sig: int, /) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, sig)

    def wait(self) -> int:
        """Return the exit code when the process has ended. Raises AssertionError where it does not end."""
        ready, _, _ = select.select([self._answers], [], [], _END_SECONDS)
        if not ready:
            self.send_signal(signal.SIGKILL)
        code = int(self._answers.readline())
        assert ready, "the backend did not end"
        return code
