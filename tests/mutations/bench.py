"""What `check` says of a copy of the reference app: the tests' side of checking.py."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatkit_doctor.conformance.properties import properties
from chatkit_doctor.conformance.scratch import scratch
from tests.commands import ROOT
from tests.forked import programs

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

# An environment with other releases, to see the same there.
PYTHON = os.environ.get("CHECK_PYTHON", sys.executable)
IS_OTHER = sys.executable != PYTHON
_USERS = ({"user_id": "ann"}, {"user_id": "bob"})
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a subject. failed, skipped: the facts by property. error: why nothing could be asked."""

    failed: dict[str, str]
    skipped: dict[str, str]
    error: str = ""


class CheckBench:
    """Runs one check at a time, in a process of its own that has the packages already; leave it to stop.

    folder: for what is logged. python: the interpreter of the environment whose packages they are.
    """

    def __init__(self, folder: Path, python: str = PYTHON) -> None:
        self._log = folder / "check.log"
        ours, theirs = socket.socketpair()
        command = ["-m", "tests.mutations.checking", str(theirs.fileno())]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        with theirs, self._log.open("ab") as log:
            if python == programs.PYTHON:
                self._process: programs.Forked | subprocess.Popen[bytes] = programs.start(
                    command, ROOT, environment, log, log, [theirs.fileno()]
                )
            else:
                self._process = subprocess.Popen(
                    [python, *command], cwd=ROOT, env=environment, pass_fds=[theirs.fileno()]
                )
        with ours:
            self._orders = ours.makefile("rw", encoding="utf-8")

    def __enter__(self) -> CheckBench:
        return self

    def __exit__(self, *_: object) -> None:
        self._orders.close()  # at which it ends
        self._process.wait(_SECONDS)

    def verdict(self, app: Path, subject: str, names: Collection[str]) -> Verdict:
        """Return what the named properties of one of `subjects` come to."""
        with scratch(app / "backend") as folder:
            out = folder / ".verdicts.json"
            request = {
                "subject": f"tests.mutations.subjects:{subject}",
                "root": str(app / "backend"),
                "scratch": str(folder),
                "contexts": _USERS,
                "allowed": [],
                "seconds": _SECONDS,
                "only": list(names),
                "out": str(out),
            }
            self._orders.write(json.dumps({"request": request, "log": str(self._log)}) + "\n")
            self._orders.flush()
            assert self._orders.readline(), "the process has ended"
            answer = json.loads(out.read_text(encoding="utf-8"))
        found = answer.get("outcomes", ())
        failed, skipped = (
            {each["name"]: each["fact"] for each in found if each["status"] == status} for status in ("fail", "skip")
        )
        return Verdict(failed, skipped, answer.get("error", ""))


def subjects_of(paths: Collection[str]) -> tuple[str, ...]:
    """Return what an error in some files of the app shows itself in: a store, and the server on it."""
    if any(path.endswith("stores/sqlite.py") for path in paths):
        return "sqlite", "server"
    if any("/stores/" in path for path in paths):
        return "memory", "server_in_memory"
    return ("server",)


def properties_of(code: str, subject: str) -> tuple[str, ...]:
    """Return the properties that the table names for a rule, of a store or a server."""
    kind = "server" if subject.startswith("server") else "store"
    return tuple(name for (of, name), each in properties().items() if of == kind and code in each.rules)
