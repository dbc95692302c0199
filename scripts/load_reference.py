"""Load the reference app with streamed turns at once, kill it in their middle, and count what was kept.

python scripts/load_reference.py            # 500 turns on a SQLite file
python scripts/load_reference.py --turns 50
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.reference.harness import running
from tests.reference.load import USERS, Figures, run_load


def main() -> int:
    """Print the figures; return 1 where a message was lost, merged or left unanswered, or two share an id."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=500, help="how many at once")
    turns = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder / "uvicorn.log", DATABASE=str(folder / "chat.db")) as backend:
            figures = run_load(backend, turns)
    print("\n".join(report(figures)))
    failures = figures.lost + figures.merged + figures.unanswered + figures.stored - figures.ids
    return 1 if failures else 0


def report(figures: Figures) -> list[str]:
    """Return the figures as lines of text."""
    first, second = figures.seconds
    return [
        f"{figures.turns} streamed turns at once, of {USERS} users",
        f"killed after {first:.1f} s: {figures.acknowledged} messages acknowledged, {figures.cut} turns cut",
        f"after the restart: {figures.lost} of them lost, {figures.merged} merged",
        f"{figures.cut} turns repeated in {second:.1f} s: {figures.unanswered} unanswered",
        f"at the end: {figures.stored} messages with {figures.ids} ids",
    ]


if __name__ == "__main__":
    sys.exit(main())
