"""`init`: a new project that is the reference app, in a folder where nothing is overwritten."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from chatkit_doctor import starter
from tests.commands import ROOT, call

REFERENCE = ROOT / "fixtures" / "reference"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def committed() -> set[str]:
    """Return the app's files without what is left behind where somebody has run it."""
    made = {"node_modules", "dist", ".venv", "__pycache__", ".env"}
    files = [path.relative_to(REFERENCE) for path in REFERENCE.rglob("*") if path.is_file()]
    return {path.as_posix() for path in files if made.isdisjoint(path.parts) and ".db" not in path.name}


def refused(folder: Path) -> str:
    outcome = call("init", str(folder))
    assert (outcome.code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    return outcome.stderr


def test_a_new_project_is_the_reference_app(tmp_path: Path) -> None:
    outcome = call("init", str(tmp_path / "new" / "app"))

    assert (outcome.code, outcome.stderr) == (0, "")
    copied = contents(tmp_path / "new" / "app")
    assert set(copied) == committed()
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
    assert set(contents(tmp_path)) == {*committed(), "notes.txt"}


@pytest.mark.parametrize("there", ["README.md", "frontend/src/App.tsx", "backend", "frontend/src"])
def test_where_something_is_in_the_way_nothing_is_written(tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("mine")

    assert f"{tmp_path / there} is there already" in refused(tmp_path)
    assert contents(tmp_path) == {there: b"mine"}


def test_a_second_start_says_how_much_is_there(tmp_path: Path) -> None:
    call("init", str(tmp_path))

    assert f", and {len(committed()) - 1} more files" in refused(tmp_path)


def test_links_are_in_the_way_as_well(tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to(tmp_path / "nowhere")

    refused(tmp_path)
    assert not (tmp_path / "nowhere").exists()


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
    call("init", str(tmp_path / "used"))
    left = ["frontend/node_modules/x/index.js", "frontend/dist/index.html", "backend/chat.db", "backend/.env"]
    for path in (*left, "backend/app/__pycache__/main.pyc", "backend/.venv/bin/python"):
        (tmp_path / "used" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "used" / path).write_text("")
    monkeypatch.setattr(starter, "reference_folder", lambda: tmp_path / "used")

    call("init", str(tmp_path / "new"))

    assert set(contents(tmp_path / "new")) == committed()
