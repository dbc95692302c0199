"""Runs the check in a process of its own, in the project's Python, and returns what it says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import chatkit_doctor
from chatkit_doctor.conformance.scratch import scratch
from chatkit_doctor.records import dataclass

# Only this package is brought along, wherever it is installed: the rest is to be the project's own.
_START = """
from importlib import util
import sys
path = sys.argv[1]
spec = util.spec_from_file_location("chatkit_doctor", path + "/__init__.py", submodule_search_locations=[path])
sys.modules["chatkit_doctor"] = package = util.module_from_spec(spec)
spec.loader.exec_module(package)
from chatkit_doctor.conformance.child import main
main(sys.argv[2])
"""
_PROPERTIES = 40
_LAST_LINES = 12


class CheckError(Exception):
    """A check that could not be made; the text says why in one line. output: what the project's code printed."""

    def __init__(self, text: str, output: str = "") -> None:
        super().__init__(text)
        self.output = output


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What is to be checked.

    subject: MODULE:NAME. root: the folder that modules are imported from. python: the interpreter.
    contexts: of up to two users, as JSON has them. allowed: paths and hosts. seconds: for each property.
    only: the names of the properties, none for all.
    """

    subject: str
    root: Path
    python: str
    contexts: tuple[Any, ...]
    allowed: tuple[str, ...]
    seconds: float
    only: tuple[str, ...] = ()


def run(request: CheckRequest) -> dict[str, Any]:
    """Return the answer of `child`, with what was printed as `output`. Raises CheckError."""
    with scratch(request.root) as folder:
        out = folder / ".chatkit-doctor.json"
        asked = {
            "subject": request.subject,
            "root": str(request.root.resolve()),
            "scratch": str(folder),
            "contexts": list(request.contexts),
            "allowed": list(request.allowed),
            "seconds": request.seconds,
            "only": list(request.only),
            "out": str(out),
        }
        output = _call(request, folder, json.dumps(asked))
        try:
            answer: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            last = output.strip().splitlines()[-1:] or ["it said nothing"]
            raise CheckError(f"{request.python} ended before the check did: {last[0]}", output) from None
    if "error" in answer:
        raise CheckError(answer["error"], answer.get("traceback", "") + output)
    return answer | {"output": output}


def _call(request: CheckRequest, folder: Path, asked: str) -> str:
    package = str(Path(chatkit_doctor.__file__).parent)
    environment = os.environ | {
        "TMPDIR": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    # The project's own packages are its interpreter's, not those of the doctor's.
    environment.pop("PYTHONPATH", None)
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that the user has named
            [request.python, "-c", _START, package, asked],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=request.seconds * _PROPERTIES,
            check=False,
        )
    except OSError as error:
        raise CheckError(
            f"{request.python} cannot be run: {(error.strerror or type(error).__name__).lower()}"
        ) from None
    except subprocess.TimeoutExpired:
        raise CheckError(f"the check was not done after {request.seconds * _PROPERTIES:g} seconds") from None
    return done.stdout.decode(errors="replace")


def own_python() -> str:
    """Return the interpreter that runs the doctor."""
    return sys.executable
