"""Print what a conversation shows of the errors about history and ids, before and after the fix, on several releases.

    python scripts/three_turns.py [PYTHON …]

PYTHON is the interpreter of an environment that has the reference app's requirements; without one it is this one.
The errors are those of tests/mutations; `check` has the conversation, with a model's answers by script.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from chatkit_doctor.scanning.flow import Options, run  # noqa: E402
from chatkit_doctor.scanning.writing import write  # noqa: E402
from tests.mutations.app import Mutation, copy_app, plant  # noqa: E402
from tests.mutations.bench import CheckBench, Verdict  # noqa: E402
from tests.mutations.edits import EDITS  # noqa: E402
from tests.mutations.rows import ROWS  # noqa: E402

RULES = ("CK301", "CK302", "CK303", "CK304", "CK305", "CK306")
PROPERTIES = ("answers", "remembers", "long-thread", "own-ids", "nothing-doubled", "event-order")
_VERSIONS = """
from importlib.metadata import version
print(", ".join(f"{each} {version(each)}" for each in ("openai-chatkit", "openai-agents", "openai", "litellm")))
"""
_LONGEST = 110


def main(pythons: list[str]) -> None:
    """Print a table for each interpreter."""
    for python in pythons:
        done = subprocess.run([python, "-c", _VERSIONS], capture_output=True, text=True, check=True)
        print(f"## {done.stdout.strip()}\n\n| Error | Before | After `--fix --unsafe-fixes` |\n| --- | --- | --- |")
        with tempfile.TemporaryDirectory() as folder, CheckBench(Path(folder), python) as bench:
            for row in rows(bench, Path(folder)):
                print(row, flush=True)
        print()


def rows(bench: CheckBench, folder: Path) -> Iterator[str]:
    """Yield a row for each error."""
    for mutation in (*ROWS, *EDITS):
        if mutation.code in RULES:
            before, after = talked(bench, mutation, folder)
            yield f"| {mutation} | {shown(before)} | {shown(after) if mutation.fixable else 'no fix'} |"


def talked(bench: CheckBench, mutation: Mutation, folder: Path) -> tuple[Verdict, Verdict]:
    """Return what shows itself with an error, and when it was mended."""
    app = copy_app(folder / str(mutation))
    plant(mutation.edits, app)
    before = bench.verdict(app, "server", PROPERTIES)
    mended = run([app], Options(fix=True, unsafe_fixes=True))
    assert mended.fix_result is not None
    write(mended.fix_result, mended.project)
    return before, bench.verdict(app, "server", PROPERTIES)


def shown(verdict: Verdict) -> str:
    """Return what fails, in a cell."""
    if verdict.error or not verdict.failed:
        return verdict.error or "all hold"
    return "; ".join(fact.splitlines()[0][:_LONGEST] for fact in verdict.failed.values())


if __name__ == "__main__":
    main(sys.argv[1:] or [sys.executable])
