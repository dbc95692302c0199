"""Time the doctor beside its peers, on the same seeded trees, in turn, on the same machine in the same minutes.

    python scripts/benchmark.py [--runs N] [--trees FOLDER] [--peers BIN]... [--json FILE] [--page FILE] [ROW]...

Prints a Markdown table for each row of what is measured: the median of each command's wall and processor time and of
its peak memory, and its ratio to the first command of the row. Nothing is asserted: absolute times say little, the
ratios carry over between machines. A peer that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmark_peers import Command, Row, rows

# The load of a machine on which nothing else is done.
_QUIET = 0.5
_MARK = "<!-- the last run, written by scripts/benchmark.py -->"


@dataclass(frozen=True, slots=True)
class Run:
    """One timed run: seconds on the clock, seconds of processors, the peak of its memory in MiB."""

    wall: float
    cpu: float
    memory: float


@dataclass(slots=True)
class Timed:
    """A command's runs in one row, and what they come to beside the first command of the row.

    failure: how a peer ended that has not done the work.
    """

    name: str
    runs: list[Run] = field(default_factory=list)
    failure: int | None = None

    @property
    def median(self) -> Run:
        """Return the median of each figure."""
        return Run(*(statistics.median(getattr(run, name) for run in self.runs) for name in ("wall", "cpu", "memory")))


def main() -> None:
    """Parse the call, time every command of every row, print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wanted", nargs="*", metavar="ROW", help="the rows to measure; without any, all")
    parser.add_argument("--runs", type=int, default=7, help="timed runs of each command, after one that warms up")
    parser.add_argument("--trees", type=Path, default=Path(tempfile.gettempdir()) / "chatkit-doctor-benchmark")
    parser.add_argument("--peers", type=Path, action="append", default=[], help="a folder with peers' commands")
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    parser.add_argument("--page", type=Path, help="write the tables into this page, below the mark of the last run")
    arguments = parser.parse_args()
    # A command is started in the tree that it is timed on, where a folder named from here would not be found.
    peers = [str(each.absolute()) for each in arguments.peers]
    path = os.pathsep.join([str(Path(sys.executable).parent), *peers, os.environ["PATH"]])
    lines = [_machine(), ""]
    figures = {}
    print("\n".join(lines), flush=True)
    for row in rows(arguments.trees, path):
        if arguments.wanted and not any(each in row.name for each in arguments.wanted):
            continue
        row.prepare()
        timed = _timed(row, arguments.runs)
        figures[row.name] = {each.name: [asdict(run) for run in each.runs] for each in timed}
        table = [*_table(row, timed), ""]
        print("\n".join(table), flush=True)
        lines += table
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": lines[0], "rows": figures}, indent=1) + "\n")
    if arguments.page:
        head, mark, _ = arguments.page.read_text(encoding="utf-8").partition(_MARK)
        arguments.page.write_text(head + mark + "\n".join(["\n", *lines]), encoding="utf-8")


def _machine() -> str:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        named = [line.partition(": ")[2] for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = named[0] if named else cpu
    load = os.getloadavg()[0]
    beside = f"; other work ran on it (load {load:.1f})" if load > _QUIET else ""
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}{beside}"


def _timed(row: Row, runs: int) -> list[Timed]:
    """Return what each command took. They take turns, so that a busy moment hits all of them."""
    timed = [Timed(command.name) for command in row.commands]
    for turn in range(runs + 1):
        for command, each in zip(row.commands, timed, strict=True):
            # What takes minutes is not run as often as what takes milliseconds.
            if turn > command.at_most or each.failure is not None:
                continue
            if command.fresh is not None:
                shutil.rmtree(command.fresh, ignore_errors=True)
            run, code = _run(command)
            # 1 is findings and 3 an empty tree; a tool that failed has not done the work that is timed.
            if code not in {0, 1, 3}:
                if not command.is_peer:
                    sys.exit(f"{' '.join(command.words)} in {command.cwd} ended with {code}")
                each.failure = code
            elif turn > 0:
                each.runs.append(run)
    return timed


def _run(command: Command) -> tuple[Run, int]:
    """Return what a command took, and its exit code."""
    # Nothing that the caller's Python was told: whether modules are compiled, where others are.
    given_on = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    output = os.open(os.devnull, os.O_WRONLY)
    given = os.open(command.stdin or os.devnull, os.O_RDONLY)
    files = [(os.POSIX_SPAWN_DUP2, given, 0), (os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)]
    there = Path.cwd()
    os.chdir(command.cwd)
    try:
        start = time.perf_counter()
        child = os.posix_spawn(command.words[0], command.words, {**given_on, **command.environment}, file_actions=files)
        _, status, usage = os.wait4(child, 0)
        wall = time.perf_counter() - start
    finally:
        os.chdir(there)
        os.close(output)
        os.close(given)
    run = Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
    return run, os.waitstatus_to_exitcode(status)


def _table(row: Row, timed: Sequence[Timed]) -> Iterator[str]:
    yield f"## {row.name}"
    yield ""
    yield f"{row.about} Target: {row.target}."
    yield ""
    yield f"| command | wall ms | CPU ms | peak MiB | wall, CPU by {next(each.name for each in timed if each.runs)} |"
    yield "|---|---:|---:|---:|---:|"
    done = [each for each in timed if each.runs]
    base = done[0].median
    for each in done:
        median = each.median
        ratios = f"{median.wall / base.wall:.2f}, {median.cpu / base.cpu:.2f}"
        yield f"| {each.name} | {median.wall * 1e3:.0f} | {median.cpu * 1e3:.0f} | {median.memory:.0f} | {ratios} |"
    failed = [f"{each.name} (exit code {each.failure})" for each in timed if each.failure is not None]
    for title, names in (("Not installed here", row.missing), ("Failed here", failed)):
        if names:
            yield ""
            yield f"{title}: {', '.join(names)}."


if __name__ == "__main__":
    main()
