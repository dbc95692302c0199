"""`init`: a new project that is the reference app, in a folder where nothing is overwritten."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from chatkit_doctor.commands import init as starter
from tests.commands import ROOT, call, run
from tests.leftovers import APP, used_checkout

REFERENCE = ROOT / APP


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def app_files() -> set[str]:
    return {path.as_posix() for path in starter.reference_files()}


def refused(folder: Path) -> str:
    outcome = call("init", str(folder))
    assert (outcome.code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    return outcome.stderr


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="asks git")
def test_the_app_is_what_git_would_commit_of_it() -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REFERENCE, capture_output=True, text=True, check=True)

    assert app_files() == set(listed.stdout.splitlines())


def test_a_new_project_is_the_reference_app(tmp_path: Path) -> None:
    outcome = call("init", str(tmp_path / "new" / "app"))

    assert (outcome.code, outcome.stderr) == (0, "")
    copied = contents(tmp_path / "new" / "app")
    assert set(copied) == app_files()
    assert all((REFERENCE / path).read_bytes() == data for path, data in copied.items())
    assert f"{len(copied)} files" in outcome.stdout


def test_the_doctor_finds_nothing_in_it(tmp_path: Path) -> None:
    call("init", str(tmp_path / "app"))

    outcome = call("scan", str(tmp_path / "app"))

    assert outcome.code == 0
    assert outcome.stdout.startswith("Nothing found in ")


def test_the_commands_to_go_on_with_are_those_of_the_readme_and_can_be_pasted(tmp_path: Path) -> None:
    folder = tmp_path / "my app"
    lines = [line.strip() for line in call("init", str(folder)).stdout.splitlines() if line.startswith("  ")]

    readme = (REFERENCE / "README.md").read_text()
    assert len(lines) == 7
    for line in lines:
        words = shlex.split(line)
        if words[0] == "cd":
            assert Path(words[1]).is_dir()
        else:
            assert f"\n{line}\n" in readme


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "backend").mkdir()

    assert call("init", str(tmp_path)).code == 0
    assert set(contents(tmp_path)) == {*app_files(), "notes.txt"}


@pytest.mark.parametrize("there", ["README.md", "frontend/src/App.tsx", "backend", "frontend/src"])
def test_where_something_is_in_the_way_nothing_is_written(tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("mine")

    assert f"{tmp_path / there} is there already" in refused(tmp_path)
    assert contents(tmp_path) == {there: b"mine"}


def test_a_second_start_says_how_much_is_there(tmp_path: Path) -> None:
    call("init", str(tmp_path))

    named = ", ".join(str(tmp_path / each) for each in (".gitignore", "README.md", "backend/.env.example"))
    assert (
        refused(tmp_path) == f"error: {named} and {len(app_files()) - 3} more are there already; nothing was written\n"
    )


def test_a_file_for_a_parent_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    assert "not a directory; nothing is left behind" in refused(tmp_path / "notes.txt" / "app")
    assert contents(tmp_path) == {"notes.txt": b"mine"}


def test_links_are_in_the_way_as_well(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to(tmp_path / "nowhere")

    assert f"{tmp_path / 'README.md'} is there already" in refused(tmp_path)
    assert not (tmp_path / "nowhere").exists()


def test_a_link_to_a_folder_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    assert call("init", str(tmp_path / "link")).code == 0
    assert set(contents(tmp_path / "real")) == app_files()


def test_what_an_installed_package_may_not_write_the_user_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = used_checkout(tmp_path / "checkout") / "chatkit_doctor"
    for path in (tmp_path / "checkout" / APP).rglob("*.py"):
        path.chmod(0o444)
    monkeypatch.setattr(starter, "_PACKAGE", package)

    call("init", str(tmp_path / "app"))

    (tmp_path / "any").touch()
    usual = (tmp_path / "any").stat().st_mode
    assert {path.stat().st_mode for path in (tmp_path / "app").rglob("*") if path.is_file()} == {usual}


# As a shell takes them, and what is printed of them.
ODD_NAMES = [
    (b"it's $HOME", "'it'\"'\"'s $HOME'"),
    (b"-app", "./-app"),
    (b"bad\xff", r"$'bad\377'"),
    (b"two\nlines\x1b[31m", r"$'two\012lines\033\13331m'"),
]


@pytest.mark.parametrize(("name", "typed"), ODD_NAMES)
def test_odd_names_are_written_so_that_a_shell_reads_them(tmp_path: Path, name: bytes, typed: str) -> None:
    outcome = run(tmp_path, "init", "--", os.fsdecode(name))

    assert (outcome.code, outcome.stderr) == (0, "")
    assert f"\n  cd {typed}/backend\n" in outcome.stdout
    gone = subprocess.run(["bash", "-c", f"cd {typed}/backend && pwd"], cwd=tmp_path, capture_output=True, check=True)
    assert gone.stdout.removesuffix(b"\n") == os.fsencode(tmp_path) + b"/" + name + b"/backend"


def test_a_terminal_without_the_letters_gets_escapes(tmp_path: Path) -> None:
    outcome = run(tmp_path, "init", "é", PYTHONIOENCODING="ascii")

    assert (outcome.code, outcome.stderr) == (0, "")
    assert r"cd $'\303\251'/backend" in outcome.stdout


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = starter._copy

    def interrupted(source: Path, target: Path, made: list[Path]) -> None:
        whole(source, target, made)
        if target.name == "main.py":
            raise KeyboardInterrupt

    monkeypatch.setattr(starter, "_copy", interrupted)

    with pytest.raises(KeyboardInterrupt):
        starter.start(tmp_path / "new" / "app")
    assert list(tmp_path.iterdir()) == []


def test_what_was_made_before_a_failure_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "notes.txt").write_text("mine")
    written: list[Path] = []
    whole = starter._copy

    def fails_at_the_tenth(source: Path, target: Path, made: list[Path]) -> None:
        if len(written) == 10:
            raise OSError(28, "No space left on device", str(target))
        written.append(target)
        whole(source, target, made)

    monkeypatch.setattr(starter, "_copy", fails_at_the_tenth)

    assert "no space left on device; nothing is left behind" in refused(tmp_path / "app")
    assert [path.name for path in (tmp_path / "app").rglob("*")] == ["notes.txt"]
    written.clear()
    refused(tmp_path / "new" / "app")
    assert not (tmp_path / "new").exists()


def test_what_running_the_app_leaves_behind_is_no_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = app_files()
    package = used_checkout(tmp_path / "checkout") / "chatkit_doctor"
    assert (tmp_path / "checkout" / APP / "backend" / "left.db-left").exists()
    monkeypatch.setattr(starter, "_PACKAGE", package)

    call("init", str(tmp_path / "new"))

    assert set(contents(tmp_path / "new")) == wanted


def test_what_is_above_an_installed_package_ignores_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = app_files()
    packed = tmp_path / "chatkit_doctor" / "_pages" / "reference"
    call("init", str(packed))
    (tmp_path / ".gitignore").write_text("*\n")
    monkeypatch.setattr(starter, "_PACKAGE", tmp_path / "chatkit_doctor")

    call("init", str(tmp_path / "new"))

    assert set(contents(tmp_path / "new")) == wanted
