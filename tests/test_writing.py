"""Fixed files on disk: whole or untouched, with everything about them kept; and fixes as a diff."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

import pytest

from chatkit_doctor.project.files.listing import discover
from chatkit_doctor.project.project import Project
from chatkit_doctor.project.relevance import Needles
from chatkit_doctor.scanning.fixer import FixResult
from chatkit_doctor.scanning.writing import WriteProblem, tidy, unified_diff, write
from tests.projects import write_exactly


def project_of(root: Path, files: dict[str, bytes]) -> Project:
    """Return a project whose files have been read."""
    write_exactly(root, files)
    project = Project(discover(root), Needles((), ()))
    assert all(project.read(path) for path in project.listing.files)
    return project


def result(texts: dict[Path, str], together: Iterable[Iterable[Path]] = ()) -> FixResult:
    return FixResult(texts, [], [], [], [], frozenset(map(frozenset, together)))


def disk_full(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (b"one\r\n", "two\r\n", b"two\r\n"),
        (b"\xef\xbb\xbfone", "two", b"\xef\xbb\xbftwo"),
        ("\ufeffone\n".encode("utf-16-be"), "tw\xf6\n", "\ufefftw\xf6\n".encode("utf-16-be")),
        (b"# coding: latin-1\n# \xe9\n", "# coding: latin-1\n# \xe8\n", b"# coding: latin-1\n# \xe8\n"),
    ],
)
def test_bytes_are_as_the_file_had_them(tmp_path: Path, before: bytes, text: str, after: bytes) -> None:
    project = project_of(tmp_path, {"a.py": before})

    assert write(result({tmp_path / "a.py": text}), project) == []
    assert (tmp_path / "a.py").read_bytes() == after
    assert names(tmp_path) == ["a.py"]


def test_permissions_and_owner_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    project = project_of(tmp_path, {"a.py": b"one"})
    path.chmod(0o755)
    if os.geteuid() == 0:
        os.chown(path, 1234, 2345)
    before = path.stat()

    assert write(result({path: "two"}), project) == []

    after = path.stat()
    assert path.read_text() == "two"
    assert stat.S_IMODE(after.st_mode) == 0o755
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "code.txt").write_text("one")
    (tmp_path / "a.py").symlink_to("real/code.txt")
    project = project_of(tmp_path, {})

    assert write(result({tmp_path / "a.py": "two"}), project) == []
    assert (tmp_path / "a.py").is_symlink()
    assert (tmp_path / "real" / "code.txt").read_text() == "two"
    assert (names(tmp_path), names(tmp_path / "real")) == (["a.py", "real"], ["code.txt"])


def test_a_file_that_changed_after_it_was_read_is_left(tmp_path: Path) -> None:
    project = project_of(tmp_path, {"a.py": b"one", "b.py": b"one"})
    (tmp_path / "a.py").write_text("by hand")

    problems = write(result({tmp_path / "a.py": "two", tmp_path / "b.py": "two"}), project)

    assert problems == [WriteProblem(tmp_path / "a.py", "it was changed on disk after it was read")]
    assert (tmp_path / "a.py").read_text() == "by hand"
    assert (tmp_path / "b.py").read_text() == "two"


def test_a_file_that_holds_the_fix_already_is_no_problem(tmp_path: Path) -> None:
    project = project_of(tmp_path, {"a.py": b"one"})
    (tmp_path / "a.py").write_text("two")

    assert write(result({tmp_path / "a.py": "two"}), project) == []


def test_a_file_that_has_gone_stays_gone(tmp_path: Path) -> None:
    project = project_of(tmp_path, {"a.py": b"one"})
    (tmp_path / "a.py").unlink()

    assert write(result({tmp_path / "a.py": "two"}), project) == [
        WriteProblem(tmp_path / "a.py", "it is not there any more")
    ]
    assert names(tmp_path) == []


@pytest.mark.parametrize("step", ["os.write", "os.fsync", "os.fchmod", "os.replace"])
def test_a_failed_write_leaves_the_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    project = project_of(tmp_path, {"a.py": b"one"})
    monkeypatch.setattr(step, disk_full)

    problems = write(result({tmp_path / "a.py": "two"}), project)

    assert problems == [WriteProblem(tmp_path / "a.py", "it cannot be written: no space left on device")]
    assert (tmp_path / "a.py").read_text() == "one"
    assert names(tmp_path) == ["a.py"]


def test_an_interrupted_write_leaves_the_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = project_of(tmp_path, {"a.py": b"one", "b.py": b"one"})
    monkeypatch.setattr("os.fsync", failing_on_call(2, os.fsync, KeyboardInterrupt()))
    together = [[tmp_path / "a.py", tmp_path / "b.py"]]

    with pytest.raises(KeyboardInterrupt):
        write(result(dict.fromkeys(together[0], "two"), together), project)

    assert [path.read_text() for path in together[0]] == ["one", "one"]
    assert names(tmp_path) == ["a.py", "b.py"]


def while_writing(monkeypatch: pytest.MonkeyPatch, number: int, act: Callable[[], object]) -> None:
    """Let something happen when the contents of the file of a number (from 1) are on disk and not yet in its place."""
    fsync, calls = os.fsync, 0

    def call(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        fsync(descriptor)
        if calls == number:
            act()

    monkeypatch.setattr("os.fsync", call)


def test_what_is_saved_while_a_fix_is_written_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    project = project_of(tmp_path, {"a.py": b"one"})
    while_writing(monkeypatch, 1, lambda: path.write_text("by hand"))

    assert write(result({path: "two"}), project) == [WriteProblem(path, "it was changed on disk after it was read")]
    assert path.read_text() == "by hand"
    assert names(tmp_path) == ["a.py"]


def test_nor_in_one_of_several_files_that_need_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = tmp_path / "a.py", tmp_path / "b.py"
    project = project_of(tmp_path, {"a.py": b"one", "b.py": b"one"})
    while_writing(monkeypatch, 2, lambda: b.write_text("by hand"))

    problems = write(result({a: "two", b: "two"}, [[a, b]]), project)

    assert [each.path for each in problems] == [b, a]
    assert (a.read_text(), b.read_text()) == ("one", "by hand")
    assert names(tmp_path) == ["a.py", "b.py"]


def test_what_is_in_place_already_goes_back_where_the_next_file_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = tmp_path / "a.py", tmp_path / "b.py"
    project = project_of(tmp_path, {"a.py": b"one", "b.py": b"one"})
    a.chmod(0o750)
    replace, calls = os.replace, 0

    def failing(*given: object, **more: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            disk_full()
        replace(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("os.replace", failing)
    problems = write(result({a: "two", b: "two"}, [[a, b]]), project)

    assert [each.path for each in problems] == [b, a]
    assert (a.read_text(), b.read_text(), stat.S_IMODE(a.stat().st_mode)) == ("one", "one", 0o750)
    assert names(tmp_path) == ["a.py", "b.py"]


def swap(folder: Path, other: Path) -> None:
    """Put a link to another folder in the place of a folder."""
    folder.rename(folder.with_name("moved"))
    folder.symlink_to(other)


def test_a_folder_that_becomes_a_link_before_the_write_is_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    project = project_of(root, {"app/a.py": b"one"})
    outside.mkdir()
    (outside / "a.py").write_text("one")
    swap(root / "app", outside)

    assert write(result({root / "app" / "a.py": "two"}), project) == [
        WriteProblem(root / "app" / "a.py", "it cannot be written: it is a link that leads out of the project")
    ]
    assert (outside / "a.py").read_text() == "one"
    assert names(outside) == ["a.py"]


def test_nor_is_one_that_becomes_a_link_while_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    project = project_of(root, {"app/a.py": b"one"})
    outside.mkdir()
    (outside / "a.py").write_text("one")
    while_writing(monkeypatch, 1, lambda: swap(root / "app", outside))

    assert write(result({root / "app" / "a.py": "two"}), project) == []
    # The folder that was opened has it, under whatever name it goes now.
    assert (root / "moved" / "a.py").read_text() == "two"
    assert (outside / "a.py").read_text() == "one"
    assert (names(root / "moved"), names(outside)) == (["a.py"], ["a.py"])


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "root"
    project = project_of(root, {"a.py": b"one"})
    (tmp_path / "outside.py").write_text("one")

    def become_a_link() -> None:
        (root / "a.py").unlink()
        (root / "a.py").symlink_to(tmp_path / "outside.py")

    while_writing(monkeypatch, 1, become_a_link)
    (problem,) = write(result({root / "a.py": "two"}), project)
    (again,) = write(result({root / "a.py": "two"}), project)

    assert problem == WriteProblem(root / "a.py", "a link has taken its place")
    assert again.path == root / "a.py"
    assert (tmp_path / "outside.py").read_text() == "one"
    assert names(root) == ["a.py"]


def test_what_a_killed_run_has_left_goes_and_what_another_run_holds_stays(tmp_path: Path) -> None:
    project = project_of(tmp_path, {"a.py": b"import chatkit"})
    orphan, held, foreign = (tmp_path / name for name in (ORPHAN.format(1), ORPHAN.format(2), ".a.py.tmp"))
    for path in (orphan, held, foreign):
        path.write_text("half a fi")

    with held.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        tidy(project)
    assert names(tmp_path) == sorted(["a.py", held.name, foreign.name])
    tidy(project)
    assert names(tmp_path) == sorted(["a.py", foreign.name])


ORPHAN = ".a.py.000000000000000{}.chatkit-doctor.tmp"


def failing_on_call(number: int, function: Callable[..., None], error: BaseException) -> Callable[..., None]:
    calls = 0

    def call(*arguments: int) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            raise error
        function(*arguments)

    return call


def test_after_a_failed_write_the_other_files_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / name for name in ("a.py", "b.py", "c.py")]
    project = project_of(tmp_path, dict.fromkeys(("a.py", "b.py", "c.py"), b"one"))
    monkeypatch.setattr("os.fsync", failing_on_call(2, os.fsync, PermissionError(errno.EACCES, "Permission denied")))

    problems = write(result(dict.fromkeys(paths, "two")), project)

    assert problems == [WriteProblem(paths[1], "it cannot be written: permission denied")]
    assert [path.read_text() for path in paths] == ["two", "one", "two"]


def test_files_that_need_each_other_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    a, b, c, d = paths = [tmp_path / name for name in ("a.py", "b.py", "c.py", "d.py")]
    project = project_of(tmp_path, {path.name: b"one" for path in paths})
    b.write_text("by hand")

    problems = write(result(dict.fromkeys(paths, "two"), [[a, c], [b, c]]), project)

    assert problems == [
        WriteProblem(b, "it was changed on disk after it was read"),
        WriteProblem(a, "its fix changes b.py too, which could not be written"),
        WriteProblem(c, "its fix changes b.py too, which could not be written"),
    ]
    assert [path.read_text() for path in (a, b, c, d)] == ["one", "by hand", "one", "two"]
    assert names(tmp_path) == ["a.py", "b.py", "c.py", "d.py"]


# Diffs


def test_a_diff_shows_every_file_relative_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_of(tmp_path, {"web/b.ts": b"1\n2\n3\n4\n5\n", "a.py": b"x = 1"})
    monkeypatch.chdir(tmp_path / "web")

    shown = unified_diff(project, {tmp_path / "web" / "b.ts": "1\n2\n3\n4\nfive\n", tmp_path / "a.py": "x = 2"})

    assert shown == (
        "--- ../a.py\n+++ ../a.py\n@@ -1 +1 @@\n"
        "-x = 1\n\\ No newline at end of file\n+x = 2\n\\ No newline at end of file\n"
        "--- b.ts\n+++ b.ts\n@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-5\n+five\n"
    )


def test_a_diff_keeps_carriage_returns_and_ends_lines_at_line_feeds_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_of(tmp_path, {"a.py": b"x\x0cy\r\nz\r\n"})
    monkeypatch.chdir(tmp_path)

    shown = unified_diff(project, {tmp_path / "a.py": "x\x0cY\r\nz\r\n"})

    assert shown == "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n-x\x0cy\r\n+x\x0cY\r\n z\r\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["my file.py", 'say "a".py', "back\\slash.py", "a\nb.py", "\x1b[31m.py", "ü.py"])
def test_patch_and_git_find_a_file_of_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    project = project_of(tmp_path, {name: b"one\n"})
    monkeypatch.chdir(tmp_path)

    shown = unified_diff(project, {tmp_path / name: "two\n"})

    assert "\x1b" not in shown
    subprocess.run(["git", "apply", "-p0", "--check"], input=shown.encode(), check=True)
    if "\n" in name and "patch 2.7" not in subprocess.check_output(["patch", "--version"], text=True):
        pytest.skip("newer versions of patch refuse such names, whoever writes them")
    subprocess.run(["patch", "-p0"], input=shown.encode(), check=True, capture_output=True)
    assert (tmp_path / name).read_text() == "two\n"
