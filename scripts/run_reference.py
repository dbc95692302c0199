"""Run the reference app, backend and frontend, until Ctrl-C.

python scripts/run_reference.py
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

APP = Path(__file__).parents[1] / "fixtures" / "reference"
BACKEND = "http://localhost:8000"
FRONTEND = "http://localhost:5173"
START_SECONDS = 120
# Each side's folder, and what starts it.
SIDES = (
    ("backend", sys.executable, "-m", "app.dev"),
    ("frontend", "npm", "run", "dev", "--", "--strictPort"),
)


def main() -> int:
    """Start both, say where to look, and end both together. Return 1 where one of them ends by itself."""
    if shutil.which("npm") is None:
        print("npm is missing: install Node 20 or newer", file=sys.stderr)
        return 1
    # Whoever ends it in another way than by Ctrl-C means both sides as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not (APP / "frontend" / "node_modules").is_dir():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=APP / "frontend", check=True)
    over = threading.Event()
    processes = [start(over, *side) for side in SIDES]
    try:
        return watch(processes)
    except KeyboardInterrupt:
        # What the two say of their own end is of no use to whoever asked for it.
        over.set()
        print("\nEnding both.", flush=True)
        return 0
    finally:
        end(processes)


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End both sides, with what they have started: npm does not end what it runs."""
    # A second Ctrl-C would leave one of them behind.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        process.wait()


def start(over: threading.Event, folder: str, *command: str) -> subprocess.Popen[bytes]:
    """Start one side of the app in its folder, and show what it says until `over` is set."""
    # Without the first LiteLLM waits for a list of prices that the app does not use.
    environment = {"LITELLM_LOCAL_MODEL_COST_MAP": "True"} | os.environ
    if sys.stdout.isatty():
        environment |= {"FORCE_COLOR": "1"}
    process = subprocess.Popen(
        command,
        cwd=APP / folder,
        env=environment,
        process_group=0,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    threading.Thread(target=show, args=(process, over), daemon=True).start()
    return process


def show(process: subprocess.Popen[bytes], over: threading.Event) -> None:
    """Show what a process says, line by line, until `over` is set; read it all, so that it never waits for a reader."""
    assert process.stdout is not None
    for line in process.stdout:
        if not over.is_set():
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()


def watch(processes: list[subprocess.Popen[bytes]]) -> int:
    """Say where to look as soon as both sides answer, then wait until one of them ends."""
    deadline = time.monotonic() + START_SECONDS
    told = False
    while all(process.poll() is None for process in processes):
        if not told and answers(f"{BACKEND}/health") and answers(FRONTEND):
            print(
                f"\nChat:     {FRONTEND} (any name signs in)\nStored:   {BACKEND}/debug/threads\nEnd both: Ctrl-C\n",
                flush=True,
            )
            told = True
        if not told and time.monotonic() > deadline:
            print("the app did not come up", file=sys.stderr)
            return 1
        time.sleep(0.5)
    return 1


def answers(url: str) -> bool:
    """Tell whether a server answers with success."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own addresses
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


if __name__ == "__main__":
    sys.exit(main())
