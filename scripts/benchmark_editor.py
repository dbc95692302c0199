"""Time what the language server does for a keystroke, in a seeded tree of 10,000 files.

    python scripts/benchmark_editor.py [--apps N] [--keystrokes N] [--trees FOLDER]

Speaks to `chatkit-doctor lsp` as an editor does. Prints, for files opened and for texts typed, the processor time of
the server and the time until the diagnostics come, the pause that the server waits included. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, Any

from benchmark_trees import repository

_FILES = 10_000
_TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A server, spoken to over its pipes."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "chatkit_doctor", "lsp"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self._versions: dict[Path, int] = {}
        folders = [{"uri": folder.as_uri(), "name": folder.name}]
        self._say("initialize", {"processId": None, "capabilities": {}, "workspaceFolders": folders}, number=1)
        while self._hear().get("id") != 1:
            pass
        self._say("initialized", {})

    @property
    def seconds(self) -> float:
        """Return the processor time that was taken so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def have(self, path: Path, text: str) -> None:
        """Open a file with a text, or have another text in it, and wait for what is found."""
        version = self._versions[path] = self._versions.get(path, 0) + 1
        named = {"uri": path.as_uri(), "version": version}
        if version == 1:
            self._say("textDocument/didOpen", {"textDocument": {**named, "languageId": "python", "text": text}})
        else:
            self._say("textDocument/didChange", {"textDocument": named, "contentChanges": [{"text": text}]})
        while True:
            told = self._hear()
            params = told.get("params", {})
            is_published = told.get("method") == "textDocument/publishDiagnostics"
            if is_published and (params["uri"], params.get("version")) == (path.as_uri(), version):
                return

    def end(self) -> None:
        """Have the server go."""
        self._say("shutdown", None, number=2)
        self._say("exit", None)
        self._process.wait()

    def _say(self, method: str, params: object, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params} | ({"id": number} if number else {})
        body = json.dumps(message).encode()
        pipe = self._pipe(self._process.stdin)
        pipe.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        pipe.flush()

    def _hear(self) -> dict[str, Any]:
        length, pipe = 0, self._pipe(self._process.stdout)
        while (line := pipe.readline().strip()) or not length:
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        told: dict[str, Any] = json.loads(pipe.read(length))
        return told

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe


def main() -> None:
    """Parse the call, write the tree, type, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--apps", type=int, default=3)
    parser.add_argument("--keystrokes", type=int, default=20)
    parser.add_argument("--trees", type=Path, default=Path(tempfile.gettempdir()) / "chatkit-doctor-benchmark")
    arguments = parser.parse_args()
    folder = repository(arguments.trees / f"editor-{arguments.apps}", _FILES, arguments.apps)
    server = Server(folder)
    app = folder / "apps" / "assistant_001"
    back, front = app / "backend" / "app" / "server.py", app / "frontend" / "src" / "Chat.tsx"
    texts = {path: path.read_text() for path in (back, front)}
    print("| what | CPU ms | wall ms |\n|---|---:|---:|")
    _row(server, "a file opened, the first of the tree", [lambda: server.have(back, texts[back])])

    def typed(path: Path, end: str) -> list[Callable[[], None]]:
        return [partial(server.have, path, texts[path] + end.format(n)) for n in range(arguments.keystrokes)]

    _row(server, "a remark typed in the server", typed(back, "\n# {}\n"))
    _row(server, "an import typed in the server", typed(back, "\nimport json{}\n"))
    _row(server, "half a line typed in the server", typed(back, "\nx = ({}"))
    _row(server, "the page of the app opened as well", [lambda: server.have(front, texts[front])])
    _row(server, "a remark typed in the page", typed(front, "\n// {}\n"))
    _row(server, "a remark typed in the server, both open", typed(back, "\n# {}\n"))
    server.end()


def _row(server: Server, what: str, steps: list[Callable[[], None]]) -> None:
    seconds, clock = [], []
    for step in steps:
        before, started = server.seconds, time.perf_counter()
        step()
        seconds.append(server.seconds - before)
        clock.append(time.perf_counter() - started)
    print(f"| {what} | {1000 * statistics.median(seconds):.0f} | {1000 * statistics.median(clock):.0f} |", flush=True)


if __name__ == "__main__":
    main()
