"""Time `chatkit-doctor scan` on given trees beside other tools on the same machine in the same minutes.

    python scripts/benchmark.py [--runs N] TREE...

Prints a Markdown table for each tree: the median wall time of each command, the spread, and the ratio to
`ruff check`. Nothing is asserted; absolute times say little, the ratios carry over between machines.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.project.files import discover

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BASE = "ruff check"
_WALK = "import os, sys; [None for _ in os.walk(sys.argv[1])]"


def main() -> None:
    """Parse the call, time every command on every tree, print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("trees", nargs="+", type=Path, metavar="TREE")
    parser.add_argument("--runs", type=int, default=7, help="timed runs of each command, after one that warms up")
    arguments = parser.parse_args()
    for tree in arguments.trees:
        commands = _commands(tree.resolve())
        print("\n".join(_table(tree, _times(commands, arguments.runs))), end="\n\n", flush=True)


def _commands(tree: Path) -> dict[str, list[str]]:
    doctor = [sys.executable, "-m", "chatkit_doctor"]
    return {
        "python -c pass": [sys.executable, "-c", "pass"],
        "bare walk": [sys.executable, "-c", _WALK, str(tree)],
        _BASE: [_ruff(), "check", "--no-cache", "--isolated", "--quiet", "--select", "F", str(tree)],
        "chatkit-doctor --version": [*doctor, "--version"],
        "chatkit-doctor scan": [*doctor, "scan", "--quiet", str(tree)],
    }


def _ruff() -> str:
    beside = Path(sys.executable).with_name("ruff")
    found = str(beside) if beside.exists() else shutil.which("ruff")
    if found is None:
        sys.exit("ruff is not installed: pip install -e '.[dev]'")
    return found


def _times(commands: dict[str, list[str]], runs: int) -> dict[str, list[float]]:
    """Return the wall times in seconds. The commands take turns, so that a busy moment hits all of them."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            seconds = _time(command)
            if turn > 0:
                times[name].append(seconds)
    return times


def _time(command: Sequence[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    # 1 is findings and 3 an empty tree; a tool that failed has not done the work that is timed.
    if done.returncode not in {0, 1, 3}:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return seconds


def _table(tree: Path, times: dict[str, list[float]]) -> Iterator[str]:
    files = discover(tree).files
    size = sum(path.stat().st_size for path in files)
    base = statistics.median(times[_BASE])
    yield f"**{tree.name}**: {len(files):,} files that can matter, {size / 1e6:.1f} MB"
    yield ""
    yield f"| command | median ms | fastest, slowest | ratio to {_BASE} |"
    yield "|---|---:|---:|---:|"
    for name, each in times.items():
        median = statistics.median(each)
        yield f"| {name} | {median * 1e3:.0f} | {min(each) * 1e3:.0f}, {max(each) * 1e3:.0f} | {median / base:.2f} |"


if __name__ == "__main__":
    main()
