"""A command in a process of its own, and all that it opens, writes, starts and asks, as the interpreter tells it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.commands import ROOT, environment
from tests.forked import programs

if TYPE_CHECKING:
    from collections.abc import Sequence

# Notes what happens, with paths as they really are; the files that a process writes count as written.
WATCHED = """
import json, os, sys

noted = {"opened": set(), "written": set(), "started": set(), "asked": set(), "run": set()}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def real(path):
    return os.path.realpath(os.fsdecode(path)) if isinstance(path, (str, bytes, os.PathLike)) else ""


def hook(event, args):
    if event == "open" and (isinstance(args[0], str) and not os.path.isabs(args[0]) and args[1] is None):
        return  # a name in a folder that was opened; noted below
    if event == "open":
        kind = "written" if (args[2] or 0) & WRITING else "opened"
        noted[kind].add(real(args[0]))
    elif event in {"os.scandir", "os.listdir"}:
        noted["opened"].add(real(args[0]))
    elif event in {"os.rename", "os.link", "os.symlink"}:
        noted["written"].update(map(real, args[:2]))
    elif event in {"os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "os.chown", "os.utime"}:
        noted["written"].add(real(args[0]))
    elif event.startswith(("subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "pty.")):
        noted["started"].add(f"{event} {args}")
    elif event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")):
        noted["asked"].add(f"{event} {args}")
    elif event == "exec":
        name = getattr(args[0], "co_filename", "")
        # `<string>` and the like are made by Python itself, of dataclasses for one.
        noted["run"].update([real(name)] if name[:1] != "<" else [])


def folder(descriptor):
    return os.readlink(f"/proc/self/fd/{descriptor}")


def opening(path, flags, *more, dir_fd=None, opened=os.open, **named):
    # The hook is not told which folder a name is in.
    descriptor = opened(path, flags, *more, dir_fd=dir_fd, **named)
    if dir_fd is not None:
        noted["written" if flags & WRITING else "opened"].add(folder(descriptor))
    return descriptor


def replacing(path, other, *, src_dir_fd=None, dst_dir_fd=None, replaced=os.replace):
    if dst_dir_fd is not None:
        noted["written"].add(os.path.join(folder(dst_dir_fd), other))
    replaced(path, other, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)


# Links to files of the process itself tell where a descriptor leads; not every system has them.
if os.path.isdir("/proc/self/fd"):
    os.open, os.replace = opening, replacing
    os.supports_dir_fd.add(opening)
sys.addaudithook(hook)
from chatkit_doctor.__main__ import main

try:
    main()
except SystemExit as end:
    code = end.code
found = {kind: sorted(paths) for kind, paths in noted.items()}
with open(os.environ["NOTED"], "w") as file:
    json.dump([code, found], file)
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a command did. Paths of the doctor, of Python and of the operating system are left out."""

    code: int
    output: str
    opened: set[Path]
    written: set[Path]
    started: list[str]
    asked: list[str]
    run: set[Path]


def watch(project: Path, *arguments: str, doing: str = WATCHED, imported: Sequence[str] = ()) -> Watched:
    """Run a command in a folder and watch it.

    imported: modules of the doctor whose import need not be watched; with some, that is far faster.
    """
    noted = project.parent.parent / "noted.json"
    given = environment(NOTED=str(noted))
    # As the installed command does, whose folder is none of the project's.
    own = ["-P", "-c", doing, *arguments]
    command = programs.launched(own, imported) if imported else [sys.executable, *own]
    done = subprocess.run(command, cwd=project, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    code, found = json.loads(noted.read_text())
    python = (sys.prefix, sys.base_prefix, *filter(None, sys.path))
    ours = (str(ROOT), *python, "/dev/", "/proc/", "/sys/", "/etc/", "/usr/")
    paths = {
        kind: {Path(each) for each in found[kind] if each and not each.startswith(ours)} - {noted}
        for kind in ("opened", "written", "run")
    }
    return Watched(code, done.stdout + done.stderr, **paths, started=found["started"], asked=found["asked"])
