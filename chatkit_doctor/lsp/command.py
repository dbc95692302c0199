"""The command: a server over standard input and output, from its start to its exit code."""

from __future__ import annotations

import gc
import importlib.util
import os
import sys

from chatkit_doctor.commands.exits import fail

_OBJECTS_BETWEEN_COLLECTIONS = 50_000
_INSTALL = "pip install 'chatkit-doctor[lsp]'"


def run() -> None:
    """Serve until the editor goes, and end the process: with 0 after a shutdown that was asked for, else with 1."""
    if importlib.util.find_spec("pygls") is None:
        fail(f"lsp needs pygls, the extra `lsp` of chatkit-doctor: {_INSTALL}")
    _stand_somewhere()
    from chatkit_doctor.lsp.server import DoctorServer

    # Trees of files make many objects and little garbage: looking for it that often would take a fifth of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    server = DoctorServer()
    server.start_io(sys.stdin.buffer, sys.stdout.buffer)
    sys.stderr.flush()
    # A look that is under way is of no use to anybody now.
    os._exit(0 if server.was_shut_down else 1)


def _stand_somewhere() -> None:
    """Leave a working directory that is gone: paths are made absolute by it."""
    try:
        os.getcwd()  # noqa: PTH109 - pathlib asks the same
    except OSError:
        os.chdir(os.path.abspath(os.sep))  # noqa: PTH100
