"""A script that runs Python programs, and imports only once what takes them seconds to import.

It is given a socket that listens, and the names of modules, none for those of the SDKs. On each connection to it, a
message is a program: its arguments, folder and environment as JSON, with the files that it is to have. It forks, and
writes a line with the process's id and, when that has ended, one with its exit code. Each program imports its own
modules anew. It ends with the last connection.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
import threading
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

SHARED = (
    *("agents.extensions.models.litellm_model", "chatkit.agents", "chatkit.server", "fastapi", "litellm", "openai"),
    "uvicorn",
    # FastAPI imports it for the first route that has parameters.
    "pydantic.v1",
)
# What clients and LiteLLM import for a first request, and the reference app beside that; not every release has it all.
_FOR_A_TURN = (
    *("anyio._backends._asyncio", "fastapi.middleware.cors", "fastapi.middleware.trustedhost", "httpcore", "httpcore2"),
    *("itsdangerous.url_safe", "sqlite3", "truststore"),
    *(
        f"litellm.{name}"
        for name in (
            "_service_logger",
            "litellm_core_utils.duration_parser",
            "llms.github_copilot.authenticator",
            "llms.litellm_proxy.chat.transformation",
            "llms.openai_like.dynamic_config",
            "proxy._types",
            "proxy.openai_files_endpoints.common_utils",
            "proxy.spend_tracking.savings",
            "types.litellm_core_utils.streaming_chunk_builder_utils",
        )
    ),
)
# What a new connection is told.
READY = b"ready"
_LONGEST_ORDER = 1 << 20
_MOST_FILES = 16
# Above the numbers that a program's files are to have.
_ASIDE = 500


# What a first turn builds: the models of requests and answers, and LiteLLM's tables of tokens, which count its words.
_BUILT = (
    *("chatkit.types", "chatkit.widgets", "litellm.types.router", "litellm.types.utils"),
    *("openai.types.chat", "openai.types.responses"),
)
_ENCODINGS = ("cl100k_base", "o200k_base")


def load() -> None:
    """Import what programs share and build what they would build with it: seconds of work for each otherwise."""
    for name in SHARED:
        import_module(name)
    for name in _FOR_A_TURN:
        with suppress(ImportError):
            import_module(name)
    import litellm.litellm_core_utils.default_encoding  # noqa: F401 - says where the tables are
    import tiktoken
    from pydantic import BaseModel

    for name in _ENCODINGS:
        tiktoken.get_encoding(name)
    for model in _below(BaseModel):
        if model.__module__.startswith(_BUILT) and not model.__pydantic_complete__:
            model.model_rebuild(raise_errors=False)
    # Or each program would look through all of that for what may go, once or more.
    gc.freeze()


def _below(kind: type[Any]) -> set[type[Any]]:
    found = set(kind.__subclasses__())
    return found.union(*map(_below, found))


def main() -> None:
    listener = socket.socket(fileno=int(sys.argv[1]))
    if sys.argv[2:]:
        for name in sys.argv[2:]:
            import_module(name)
        gc.freeze()
    else:
        load()
    # Those who attend to a program end without being waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    asking: set[socket.socket] = set()
    while True:
        for each in select.select([listener, *asking], [], [])[0]:
            if each is listener:
                asking |= _accepted(listener)
                continue
            order, files = _received(each)
            if order:
                if os.fork() == 0:
                    for known in (listener, *asking):
                        known.close()
                    attend(json.loads(order), *files)
                for file in files:
                    os.close(file)
                continue
            each.close()
            asking.remove(each)
            if not asking:
                # Who comes now is refused, and starts another. Nothing is taken apart, as in `end`.
                os._exit(0)


def _received(connection: socket.socket) -> tuple[bytes, list[int]]:
    """Return the next program, with its files; an empty one where nobody gives orders any more."""
    try:
        order, files, _, _ = socket.recv_fds(connection, _LONGEST_ORDER, _MOST_FILES)
    except ConnectionError:
        return b"", []
    return order, files


def _accepted(listener: socket.socket) -> set[socket.socket]:
    """Return the next connection, if it is of a process of the same user: programs are run for nobody else."""
    taken, _ = listener.accept()
    _, user, _ = struct.unpack("3i", taken.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    if user != os.getuid():
        taken.close()
        return set()
    taken.send(READY)
    return {taken}


def attend(order: dict[str, Any], answers: int, *files: int) -> NoReturn:
    """Run a program, tell of it, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(answers)
        become(order, files)
        end(outcome(order["arguments"]))
    os.write(answers, b"%d\n" % pid)
    for each in files:
        os.close(each)
    _, status = os.waitpid(pid, 0)
    os.write(answers, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def become(order: dict[str, Any], files: tuple[int, ...]) -> None:
    """Take on a program's folder, environment and files: standard input, output and error first."""
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    aside = [fcntl.fcntl(each, fcntl.F_DUPFD, _ASIDE) for each in files]
    for each in files:
        os.close(each)
    for each, number in zip(aside, [0, 1, 2, *order["numbers"]], strict=True):
        os.dup2(each, number)
        os.close(each)


def outcome(arguments: list[str]) -> int:
    """Run a program and return its exit code, having written what Python writes of an end that is none."""
    try:
        execute(arguments)
    except SystemExit as ended:
        if ended.code is None or isinstance(ended.code, int):
            return ended.code or 0
        sys.stderr.write(f"{ended.code}\n")
        return 1
    except BaseException:  # noqa: BLE001 - as Python ends
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def end(code: int) -> NoReturn:
    """End as Python does, but for taking apart every object there is: with the packages, that takes seconds."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def execute(arguments: list[str]) -> None:
    """Run what `python` would with these arguments: a module, a text, or a file."""
    path = [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]
    is_apart = arguments[0] == "-P"
    first, *rest = arguments[is_apart:]
    if first in {"-m", "-c"}:
        sys.path[:0] = path if is_apart else [str(os.getcwd()), *path]  # noqa: PTH109 - as Python has it
        sys.argv = [first, *rest[1:]]
        if first == "-m":
            runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
        else:
            sys.modules["__main__"] = module = ModuleType("__main__")
            exec(compile(rest[0], "<string>", "exec"), module.__dict__)  # noqa: S102 - as the caller's own `-c`
        return
    sys.path[:0] = [os.path.dirname(first), *path]  # noqa: PTH120 - as Python has it
    sys.argv = arguments
    runpy.run_path(first, run_name="__main__")


if __name__ == "__main__":
    main()
