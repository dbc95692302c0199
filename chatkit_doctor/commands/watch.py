"""`scan --watch`: the same scan again each time something has changed that it may go by, on a screen drawn anew."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from chatkit_doctor.commands.exits import fail
from chatkit_doctor.project.files.kinds import is_left_out, kind_of

# Clears the screen and what is above it.
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"
_QUIET_MILLISECONDS = 200
# How long nothing has to happen before it is said that nothing has.
_IDLE_MILLISECONDS = 100


def watch(paths: Sequence[str], words: Sequence[str]) -> int:
    """Scan, and scan again on every change, until Ctrl-C; return the exit code of the last scan.

    words: those of the call, of which `--watch` is left out.
    """
    if importlib.util.find_spec("watchfiles") is None:
        fail("--watch needs watchfiles, the extra `watch` of chatkit-doctor: pip install 'watchfiles>=0.24,<2'")
    from watchfiles import watch as changes

    asked = [Path(path) for path in paths or (".",)]
    if missing := next((path for path in asked if not path.exists()), None):
        fail(f"{missing}: there is no such file or folder")
    told = changes(
        *asked,
        watch_filter=_matters,
        debounce=_QUIET_MILLISECONDS,
        rust_timeout=_IDLE_MILLISECONDS,
        yield_on_timeout=True,
        raise_interrupt=True,
    )
    # It listens from here on: what is written while the first scan runs is not missed.
    next(told)
    code = _scan(words)
    try:
        for changed in told:
            if changed:
                code = _scan(words, sorted(path for _, path in changed))
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    return code


def _matters(_: object, path: str) -> bool:
    """Return whether a scan may go by a file."""
    *folders, name = Path(path).parts
    is_of_use = kind_of(name) is not None or name in {".gitignore", "chatkit-doctor.toml"}
    return is_of_use and not any(map(is_left_out, folders))


def _scan(words: Sequence[str], changed: Sequence[str] = ()) -> int:
    if sys.stdout.isatty():
        sys.stdout.write(_CLEAR)
    # A process of its own reads everything anew, and the cache makes it short.
    command = [sys.executable, "-m", "chatkit_doctor", *(word for word in words if word != "--watch")]
    sys.stdout.flush()
    code = subprocess.run(command, check=False).returncode  # noqa: S603 - this very program
    what = f"{Path(changed[0]).name}{' and others' if len(changed) > 1 else ''} changed; " if changed else ""
    time = datetime.now().astimezone().strftime("%H:%M:%S")
    sys.stdout.write(f"[{time}] {what}watching for changes, Ctrl-C ends.\n")
    sys.stdout.flush()
    return code
