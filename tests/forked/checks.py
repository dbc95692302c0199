"""Has `chatkit-doctor check` fork what it starts, from a process that has imported the packages already."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.conformance import launch
from tests.forked import programs

_real_run = subprocess.run


def fork_checks(patch: pytest.MonkeyPatch) -> None:
    """Fork checks for as long as the patch lasts, those in another interpreter excepted."""
    patch.setattr(launch, "subprocess", _Subprocess)


class _Subprocess:
    """What `launch` asks of the module of this name."""

    DEVNULL = subprocess.DEVNULL
    PIPE = subprocess.PIPE
    STDOUT = subprocess.STDOUT
    TimeoutExpired = subprocess.TimeoutExpired

    @staticmethod
    def run(
        command: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float, **more: Any
    ) -> subprocess.CompletedProcess[bytes]:
        python, *arguments = command
        if python != programs.PYTHON:
            return _real_run(command, cwd=cwd, env=env, timeout=timeout, **more)
        with tempfile.TemporaryFile() as out:
            code = programs.start(arguments, cwd, env, out, out).wait(timeout)
            out.seek(0)
            return subprocess.CompletedProcess(list(command), code, out.read())
