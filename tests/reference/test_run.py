"""`make reference` in a terminal: it says where to look, and ends without a word when it is told to."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.commands import ROOT

# Two sides that answer, talk all the time, and complain when they are ended.
SIDE = """\
import signal, sys, threading, time
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): print("asked", flush=True)
def end(*_):
    print("COMPLAINT", file=sys.stderr, flush=True); sys.exit(3)
signal.signal(signal.SIGTERM, end)
HTTPServer(("localhost", int(sys.argv[1])), Handler).serve_forever()
"""
RUN = """\
import sys
sys.path.insert(0, {scripts!r})
import run_reference
ports = (("backend", {one!r}), ("frontend", {other!r}))
run_reference.SIDES = tuple((folder, sys.executable, {side!r}, port) for folder, port in ports)
run_reference.BACKEND, run_reference.FRONTEND = "http://localhost:{one}", "http://localhost:{other}"
run_reference.shutil.which = lambda _: "npm"
run_reference.subprocess.run = lambda *_, **__: None
sys.exit(run_reference.main())
"""


def free_port() -> str:
    import socket

    with socket.socket() as opened:
        opened.bind(("localhost", 0))
        return str(opened.getsockname()[1])


@pytest.fixture
def program(tmp_path: Path) -> Path:
    side, program = tmp_path / "side.py", tmp_path / "run.py"
    side.write_text(SIDE)
    ports = {"one": free_port(), "other": free_port()}
    program.write_text(RUN.format(scripts=str(ROOT / "scripts"), side=str(side), **ports))
    return program


def in_terminal(program: Path) -> tuple[str, str, int]:
    """Run a program in a terminal until it tells how to end it, press Ctrl-C; return both halves and the exit code."""
    pid, terminal = pty.fork()
    if pid == 0:
        # What is started in the background inherits that it is to hear of no Ctrl-C.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.execv(sys.executable, [sys.executable, str(program)])  # noqa: S606 - the terminal is its own
    said, pressed, deadline = b"", 0, time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                data = os.read(terminal, 65536)
            except OSError:
                break
            if not data:
                break
            said += data
        if not pressed and b"End both: Ctrl-C" in said:
            time.sleep(0.5)
            pressed = len(said)
            os.write(terminal, b"\x03")
    else:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return said[:pressed].decode(), said[pressed:].decode(), os.waitstatus_to_exitcode(status)


def test_ctrl_c_ends_both_sides_without_a_word_of_theirs(program: Path) -> None:
    before, after, code = in_terminal(program)

    assert "asked" in before
    assert "any name signs in" in before
    assert code == 0
    lines = [line for line in after.replace("^C", "").split() if line != "asked"]
    assert lines == ["Ending", "both."], after
    assert "COMPLAINT" not in before + after
