"""The tests' side of builder.mjs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

_SCRIPT = Path(__file__).with_name("builder.mjs")


class Builder:
    """Builds frontends for the backend at an address; leave it to stop.

    installed: a frontend with its packages.
    """

    def __init__(self, installed: Path, backend_url: str) -> None:
        self._process = subprocess.Popen(
            ["node", str(_SCRIPT), str(installed)],
            env=os.environ | {"VITE_CHATKIT_URL": f"{backend_url}/chatkit"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            pass  # closes its standard input, at which it ends

    def build(self, frontend: Path, to: Path, *, typed: bool) -> None:
        """Build a frontend into a folder. Raises AssertionError with what the tools say if that fails.

        typed: whether it has to type-check, as its own build script demands.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"folder": str(frontend), "to": str(to), "typed": typed}) + "\n")
        self._process.stdin.flush()
        wrong = json.loads(self._process.stdout.readline())
        assert wrong is None, wrong
