"""How much work start-up and four fixed scans are, held against stored figures: in calls of functions, not in time.

A count of calls is the same on every machine; a change of a fifth is one of the program's own, and is to be meant.
`python -m tests.test_work` writes the figures anew.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT, environment
from tests.projects import write_files

FIGURES = Path(__file__).with_name("work.json")
ROOM = 0.2
# A longer path to the working directory, or to Python, is some calls more.
_BY_THE_PATH = 300
_VARIABLES = ("PATH", "HOME", "PYTHONPATH", "PYTHONHASHSEED", "NO_COLOR", "TERM", "SYSTEMROOT")

# Counts every call of a Python or C function from the front door on, imports included.
COUNTED = """
import os, sys
count = 0
def note(frame, event, argument):
    global count
    if event == "call" or event == "c_call":
        count += 1
from chatkit_doctor.__main__ import main
sys.setprofile(note)
try:
    main()
except SystemExit:
    pass
finally:
    sys.setprofile(None)
os.write(2, f"{count}\\n".encode())
"""

SCAN = ("scan", "--no-cache", "--format", "concise")
CALLS: dict[str, tuple[str, ...]] = {
    "the version": ("--version",),
    "a folder without ChatKit": SCAN,
    "a named file among services": (*SCAN, "service_7/app.py"),
    "the broken app": SCAN,
    "the reference app": SCAN,
}


def prepare(name: str, folder: Path) -> None:
    if name == "a folder without ChatKit":
        write_files(folder, {f"part_{number}/module.py": "import json\n" for number in range(50)})
    elif name == "a named file among services":
        manifests = {f"service_{number}/pyproject.toml": "[project]\nname = 'x'\n" for number in range(50)}
        sources = {f"service_{number}/app.py": "import json\n" for number in range(50)}
        write_files(folder, manifests | sources | {".git/HEAD": ""})
    elif name == "the broken app":
        shutil.copytree(ROOT / "fixtures" / "broken", folder, dirs_exist_ok=True)
    elif name == "the reference app":
        shutil.copytree(ROOT / "fixtures" / "reference", folder, dirs_exist_ok=True)


def count(name: str, folder: Path) -> int:
    """Return how many calls it takes, with all modules compiled."""
    prepare(name, folder)
    command = [sys.executable, "-c", COUNTED, *CALLS[name]]
    # Compiled modules are read from here, whatever the tests' own interpreter was told.
    # Nothing else of the environment: each variable more is a few calls more.
    all_of_it = environment(PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="", NO_COLOR="1")
    given = {name: all_of_it[name] for name in _VARIABLES if name in all_of_it}
    for _ in range(2):
        done = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, check=True)
    return int(done.stderr.splitlines()[-1])


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="each Python counts in its own way; the figures are 3.11's")
@pytest.mark.parametrize("name", CALLS)
def test_the_work_is_what_it_was(name: str, tmp_path: Path) -> None:
    known = json.loads(FIGURES.read_text())[name]

    counted = count(name, tmp_path)

    room = known * ROOM + _BY_THE_PATH
    assert known - room < counted < known + room, f"{counted} calls, and {known} were known: meant?"


def main() -> None:
    """Write the figures of this checkout."""
    import tempfile

    figures = {}
    for name in CALLS:
        with tempfile.TemporaryDirectory() as folder:
            figures[name] = count(name, Path(folder))
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
