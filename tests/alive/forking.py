"""A script that runs uvicorn for one backend after the other, and imports only once what takes seconds to import.

It reads a JSON object a line: the backend's folder, uvicorn's arguments, the environment, and the file to write to. It
forks, and writes a line with the process's id and, when that has ended, one with its exit code. Each backend imports
its own modules anew.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

SHARED = ("agents.extensions.models.litellm_model", "chatkit.agents", "chatkit.server", "fastapi", "litellm", "uvicorn")


def main() -> None:
    for name in SHARED:
        import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os.chdir(order["folder"])
            os.environ.update(order["environment"])
            redirect(order["log"])
            # Does not return: it exits, or what the app raises ends the process as it would any other.
            import_module("uvicorn").main(order["arguments"])
        tell(pid)
        _, status = os.waitpid(pid, 0)
        tell(os.waitstatus_to_exitcode(status))


def tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def redirect(log: str) -> None:
    """Let this process write to a file, and read nothing."""
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(written, sys.stdout.fileno())
    os.dup2(written, sys.stderr.fileno())
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())


if __name__ == "__main__":
    main()
