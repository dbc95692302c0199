"""Which files git tracks, as its index says it, held against git; and that what is ignored and tracked is scanned."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatkit_doctor.project.files.listing import discover
from chatkit_doctor.project.files.tracked import Tracked
from tests.projects import write_files

ALL = ["a.py", "b c.py", "ü.py", "ui/src/x.tsx", "ui/src/deep/er/y.tsx", "ui/z.ts", f"long/{'n' * 200}.py", "ui.py"]
FOLDERS = ["ui", "ui/src", "ui/src/deep", "long", "src", "u"]


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.quotePath=false", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


def repository(root: Path, tracked: list[str], *, ignored: str = "") -> Path:
    write_files(root, dict.fromkeys(ALL, "x = 1\n") | {".gitignore": ignored})
    git(root, "init", "--quiet")
    if tracked:
        git(root, "add", "--force", "--", *tracked)
    return root


def listed(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in discover(root).files]


def assert_as_git(root: Path) -> None:
    known = git(root, "ls-files", "-z").split("\0")[:-1]
    tracked = Tracked(str(root))

    for name in ALL:
        assert tracked.holds(str(root / name), is_folder=False) == (name in known), name
    for name in FOLDERS:
        assert tracked.holds(str(root / name), is_folder=True) == any(k.startswith(f"{name}/") for k in known), name


@pytest.mark.parametrize("version", ["2", "3", "4"])
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tracked=st.lists(st.sampled_from(ALL), unique=True))
def test_the_index_tells_what_git_tells(
    tmp_path_factory: pytest.TempPathFactory, version: str, tracked: list[str]
) -> None:
    root = repository(tmp_path_factory.mktemp("repository"), tracked)
    git(root, "update-index", "--index-version", "4" if version == "4" else "2")
    if version == "3":  # what is to be added has flags of its own, which make the index one of version 3
        git(root, "add", "--force", "--intent-to-add", "--", *ALL[:2])

    assert_as_git(root)


def test_what_git_tracks_in_an_ignored_folder_is_scanned_and_nothing_beside_it(tmp_path: Path) -> None:
    root = repository(tmp_path, ["ui/src/x.tsx", "a.py"], ignored="*\n!ui/src/\n")

    assert listed(root) == ["a.py", "ui/src/x.tsx"]


def test_the_nearest_repository_says_what_is_tracked(tmp_path: Path) -> None:
    repository(tmp_path / "inner", ["ui/z.ts"], ignored="ui\n")
    root = repository(tmp_path, ["ui/z.ts"], ignored="ui\n")

    assert [name for name in listed(root) if name.endswith(".ts")] == ["inner/ui/z.ts", "ui/z.ts"]


def test_exclude_holds_for_what_is_tracked(tmp_path: Path) -> None:
    root = repository(tmp_path, ALL, ignored="ui\n")

    assert not [path for path in discover(root, exclude=("ui",)).files if "ui" in path.parts]


@pytest.mark.parametrize("damage", ["empty", "half", "noise", "no header", "a count too large", "a link", "a pipe"])
def test_an_index_that_is_none_tells_of_no_file(tmp_path: Path, damage: str) -> None:
    root = repository(tmp_path / "repository", ["ui/src/x.tsx"], ignored="*\n")
    index = root / ".git" / "index"
    whole = index.read_bytes()
    index.unlink()
    if damage == "a link":
        (tmp_path / "index").write_bytes(whole)
        index.symlink_to(tmp_path / "index")
    elif damage == "a pipe":
        os.mkfifo(index)
    else:
        changed = {
            "empty": b"",
            "half": whole[:80],
            "noise": b"DIRC\0\0\0\4" + bytes(range(256)) * 8,
            "no header": b"X" + whole[1:],
            "a count too large": whole[:8] + b"\xff" * 4 + whole[12:],
        }
        index.write_bytes(changed[damage])

    assert set(listed(root)) <= {"ui/src/x.tsx"}
    if damage != "a count too large":
        assert listed(root) == []
