"""What a system without POSIX lacks is not asked for: the commands run in a process where none of it is there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import ROOT, call, environment
from tests.projects import write_exactly

# As on Windows: these modules cannot be imported, and what `os` and `signal` have only elsewhere is not there.
_WITHOUT = """
import os, random, shutil, signal, subprocess, sys, tempfile  # these know which system they are on

for name in ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "curses"):
    sys.modules[name] = None
for name in (
    "fork forkpty geteuid getuid getegid getgid getpgid getpgrp setsid killpg fchmod fchown chown lchown mkfifo "
    "sched_getaffinity sysconf uname register_at_fork openpty statvfs fchdir pread pwrite posix_spawn "
    "O_NOFOLLOW O_DIRECTORY O_CLOEXEC O_NONBLOCK WNOHANG"
).split():
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGALRM", "SIGKILL", "SIGHUP", "SIGPROF", "SIGUSR1", "SIGCHLD", "SIGPIPE", "setitimer", "alarm", "pause"):
    if hasattr(signal, name):
        delattr(signal, name)
os.supports_dir_fd = os.supports_fd = os.supports_follow_symlinks = set()


def refusing(function):
    def call(*arguments, **options):
        for option in ("dir_fd", "src_dir_fd", "dst_dir_fd"):
            if options.get(option) is not None:
                raise NotImplementedError(f"{option} unavailable on this platform")
        if isinstance(arguments[0] if arguments else ".", int) and function.__name__ in {"listdir", "scandir"}:
            raise TypeError("listdir: path should be string, bytes, os.PathLike or None, not int")
        return function(*arguments, **options)

    return call


for name in ("open", "mkdir", "replace", "rename", "unlink", "stat", "lstat", "listdir", "scandir", "rmdir", "link"):
    setattr(os, name, refusing(getattr(os, name)))
from chatkit_doctor.__main__ import main

main()
"""


def on_another_system(cwd: Path, cache: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _WITHOUT, *arguments],
        cwd=cwd,
        env=environment(XDG_CACHE_HOME=str(cache)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "itself failed" not in done.stderr + done.stdout, done.stderr
    return done


def here(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-P", "-m", "chatkit_doctor", *arguments]
    return subprocess.run(call, cwd=cwd, env=environment(), capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "fixtures" / "broken", tmp_path / "broken"))


def test_a_scan_says_the_same_and_keeps_it(broken: Path, tmp_path: Path) -> None:
    expected = here(broken, "scan", "--no-cache", "--format", "json")
    first, second = (on_another_system(broken, tmp_path / "cache", "scan", "--format", "json") for _ in range(2))

    assert expected.returncode == first.returncode == second.returncode == 1
    assert json.loads(first.stdout) == json.loads(expected.stdout)
    assert second.stdout == first.stdout
    assert any((tmp_path / "cache").rglob("*.*"))


def test_fixes_are_written_as_elsewhere(broken: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(broken, tmp_path / "other"))

    expected = here(other, "scan", "--no-cache", "--fix", "--unsafe-fixes")
    done = on_another_system(broken, tmp_path / "cache", "scan", "--fix", "--unsafe-fixes")

    assert done.returncode == expected.returncode
    assert texts(broken) == texts(other)
    # Nothing is left beside what was written.
    assert texts(broken).keys() == texts(ROOT / "fixtures" / "broken").keys()


def test_the_other_commands_that_write_run(broken: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    baseline = on_another_system(broken, cache, "baseline")
    known = on_another_system(broken, cache, "scan", "--baseline", "chatkit-doctor-baseline.json")
    report = on_another_system(broken, cache, "scan", "--exit-zero", "--output", "sarif:report.sarif")
    started = on_another_system(tmp_path, cache, "init", "new")
    cleared = on_another_system(broken, cache, "cache", "clear")

    assert baseline.returncode == 0, baseline.stderr
    assert known.returncode == 0, known.stdout
    assert report.returncode == 0, report.stderr
    assert json.loads((broken / "report.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert started.returncode == 0, started.stderr
    assert cleared.returncode == 0, cleared.stderr


@pytest.mark.parametrize("call", [("rules",), ("explain", "CK201"), ("--version",), ("config", "show"), ("--help",)])
def test_what_only_reads_runs(call: tuple[str, ...], tmp_path: Path) -> None:
    assert on_another_system(tmp_path, tmp_path / "cache", *call).returncode == 0


# Devices, drives, streams and separators of Windows, and what it drops or cannot tell apart: names like others here.
NAMES = ("aux.py", "CON.py", "C:x.py", "C:/y.py", "a\\b.py", "a.py:stream.py", "dir./x.py", "trail .py", "S.py", "s.py")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no files of these names")
def test_names_that_mean_something_to_windows_are_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = "from chatkit.stores import Store\r\n"
    write_exactly(tmp_path, dict.fromkeys(NAMES, before))
    monkeypatch.chdir(tmp_path)

    sarif = json.loads(call("scan", "--format", "sarif").stdout)["runs"][0]["results"]
    told = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in sarif}
    call("baseline")
    known = call("scan", "--baseline", "chatkit-doctor-baseline.json")
    Path("chatkit-doctor-baseline.json").unlink()
    call("scan", "--fix")

    # No address has a scheme that is a drive, and none a separator that is part of a name.
    assert told == {name.replace(":", "%3A").replace("\\", "%5C").replace(" ", "%20") for name in NAMES}
    assert known.code == 0
    assert texts(tmp_path) == {name: before.replace("stores", "store").encode() for name in NAMES}


def texts(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
