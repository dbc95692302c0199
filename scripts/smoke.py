"""Tries a doctor that is installed as a user would, on any system: `python scripts/smoke.py chatkit-doctor`.

It needs nothing but Python itself: what is tried is the command, from a folder far from this checkout.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LEFT_OUT = shutil.ignore_patterns("node_modules", "__pycache__", ".venv")


class Tried:
    """The calls of a command in a folder. Each raises SystemExit where it does not do what it should."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command = [shutil.which(command[0]) or command[0], *command[1:]]
        self._folder = folder

    def call(self, *arguments: str, code: int, says: str = "") -> str:
        """Call the command and return what it prints; it must end with a code, and say something."""
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        env |= {"PYTHONIOENCODING": "utf-8", "NO_COLOR": "1", "XDG_CACHE_HOME": str(self._folder / "cache")}
        done = subprocess.run(
            [*self._command, *arguments], cwd=self._folder, env=env, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode != code or says not in done.stdout:
            raise SystemExit(f"{' '.join(arguments)}: ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        print(f"ok: {' '.join(arguments)}")
        return done.stdout


def attempt(command: Sequence[str], folder: Path) -> None:
    """Scan, explain, mend, and start a project. Raises SystemExit for whatever goes wrong."""
    shutil.copytree(ROOT / "fixtures" / "broken", folder / "broken", ignore=_LEFT_OUT)
    tried = Tried(command, folder)
    tried.call("--version", code=0, says="chatkit-doctor ")
    found = json.loads(tried.call("scan", "broken", "--format", "json", code=1))
    paths = {each["path"] for each in found["findings"]}
    if len(found["findings"]) < 13 or any("\\" in path or not path.startswith("broken/") for path in paths):
        raise SystemExit(f"scan broken: found {sorted(paths)}")
    tried.call("scan", "broken", code=1, says="error[CK101]")
    tried.call("explain", "Can't instantiate abstract class MemoryStore", code=0, says="CK201")
    tried.call("rules", code=0, says="CK101")
    tried.call("scan", "broken", "--fix", "--unsafe-fixes", code=0)
    tried.call("scan", "broken", code=0, says="Nothing found")
    tried.call("init", "app", code=0, says="Started app: ")
    tried.call("scan", "app", code=0, says="Nothing found")
    tried.call("skill", "app", "--agents-md", code=0, says="AGENTS.md")
    tried.call("scan", "nowhere", code=2)


def main() -> None:
    """Try the command of the command line. Raises SystemExit where it fails."""
    if not sys.argv[1:]:
        raise SystemExit("usage: smoke.py COMMAND…")
    with tempfile.TemporaryDirectory() as folder:
        attempt(sys.argv[1:], Path(folder).resolve())


if __name__ == "__main__":
    main()
