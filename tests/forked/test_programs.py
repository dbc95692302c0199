"""A program that is forked does what it does when Python starts it: what it sees, what it leaves, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.forked import programs

if TYPE_CHECKING:
    from pathlib import Path

_TELL = """
import os, sys
print(__name__, sys.argv, os.getcwd(), sorted(os.environ), sys.stdin.read() == "", "own" in sys.modules)
import own
print(own.__file__, sys.modules["__main__"].__dict__ is globals())
"""
_ENDS = {
    "by itself": "print('done')",
    "with a code": "import sys; sys.exit(3)",
    "with words": "import sys; sys.exit('no key is set')",
    "with an exception": "1 / 0",
    "by a signal": "import os; os.kill(os.getpid(), 9)",
    "after all else": "import atexit, sys; atexit.register(print, 'last'); sys.exit(2)",
}


def _started(arguments: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [programs.PYTHON, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("kind", ["-c", "-m", "a file"])
def test_it_sees_what_it_sees_when_python_starts_it(kind: str, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("")
    (tmp_path / "tell.py").write_text(_TELL)
    first = {"-c": ["-c", _TELL], "-m": ["-m", "tell"], "a file": [str(tmp_path / "tell.py")]}[kind]
    environment = {"LANG": "C.UTF-8", "LC_CTYPE": "C.UTF-8", "PYTHONPATH": str(tmp_path / "more"), "OWN": "1"}

    forked = programs.run([*first, "one", "two"], tmp_path, environment)

    assert (forked.returncode, forked.stderr) == (0, "")
    assert forked.stdout == _started([*first, "one", "two"], tmp_path, environment).stdout


@pytest.mark.parametrize("code", _ENDS.values(), ids=_ENDS)
def test_it_ends_as_it_ends_when_python_starts_it(code: str, tmp_path: Path) -> None:
    forked, started = (each(["-c", code], tmp_path, dict(os.environ)) for each in (programs.run, _started))

    assert (forked.returncode, forked.stdout) == (started.returncode, started.stdout)
    assert forked.stderr.splitlines()[-1:] == started.stderr.splitlines()[-1:]


def test_what_is_launched_has_the_files_and_the_end_of_its_launcher(tmp_path: Path) -> None:
    code = "import os, sys; print(sys.stdin.read(), os.getcwd(), 'json.tool' in sys.modules, 'litellm' in sys.modules)"
    command = programs.launched(["-c", f"{code}; sys.exit(3)"], ["json.tool"])

    done = subprocess.run(command, cwd=tmp_path, input="given", capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (3, f"given {tmp_path} True False\n", "")


def test_the_folders_of_pythonpath_come_after_its_own(tmp_path: Path) -> None:
    for folder in ("own", "more"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "which.py").write_text(f"name = {folder!r}\n")
    (tmp_path / "more" / "also.py").write_text("name = 'also'\n")
    code = "import which, also; print(which.name, also.name)"

    done = programs.run(["-c", code], tmp_path / "own", os.environ | {"PYTHONPATH": str(tmp_path / "more")})

    assert done.stdout == "own also\n"


def test_one_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    first = "import os, sys, litellm; litellm.own = 1; os.environ['OWN'] = '1'; sys.path.append('own')"
    then = "import os, sys, litellm; print(hasattr(litellm, 'own'), 'OWN' in os.environ, 'own' in sys.path)"

    assert programs.run(["-c", first], tmp_path, dict(os.environ)).returncode == 0
    assert programs.run(["-c", then], tmp_path, dict(os.environ)).stdout == "False False False\n"


def test_two_run_at_once_on_sockets_of_their_own_and_are_ended_by_signals(tmp_path: Path) -> None:
    code = "import socket, sys; taken, _ = socket.socket(fileno=int(sys.argv[1])).accept(); taken.send(b'x'); input()"
    waits = f"import signal; {code.removesuffix('input()')}signal.pause()"
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        log = (tmp_path / "log").open("wb")
        with log:
            both = [
                programs.start(["-c", waits, str(each.fileno())], tmp_path, dict(os.environ), log, log, [each.fileno()])
                for each in (one, other)
            ]
        for each in (one, other):
            with socket.create_connection(each.getsockname(), timeout=60) as asked:
                assert asked.recv(1) == b"x"
        both[0].terminate()
        both[1].send_signal(signal.SIGKILL)

        assert [each.wait() for each in both] == [-signal.SIGTERM, -signal.SIGKILL]


def test_it_is_the_interpreter_of_the_backends(tmp_path: Path) -> None:
    if sys.executable != programs.PYTHON:
        pytest.skip("runs on another interpreter")
    done = programs.run(["-c", "import sys; print(sys.executable)"], tmp_path, dict(os.environ))

    assert done.stdout.strip() == sys.executable
