"""git is asked, and starts nothing that the repository's configuration names."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from chatkit_doctor.migrate.git import refuse_dirty
from chatkit_doctor.migrate.plan import MigrateError

PROGRAM = "#!/bin/sh\ntouch '{mark}'\ncat\n"
# What makes git start a program when it looks for changes, as a configuration and as attributes.
LURES = {
    "watcher": ({"core.fsmonitor": "{program}"}, ""),
    "filter": ({"filter.own.clean": "{program}"}, "* filter=own\n"),
    "process": ({"filter.own.process": "{program}", "filter.own.required": "true"}, "* filter=own\n"),
    "odd name": ({"filter.a=b.c.clean": "{program}"}, "* filter=a=b.c\n"),
    "hook": ({"core.hooksPath": "{folder}"}, ""),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository in which everything is committed, and which git has to look through."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "app.py").write_text("x = 1\n")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "--quiet", "--message", "start")
    # Written again as it was: only its contents tell that it is the same.
    (folder / "app.py").unlink()
    (folder / "app.py").write_text("x = 1\n")
    return folder


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def lured(repository: Path, name: str) -> Path:
    """Set the lure up; return the file that its program leaves behind."""
    mark = repository.parent / "started"
    program = repository.parent / "hooks" / "post-index-change"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(mark=mark))
    program.chmod(0o755)
    configuration, attributes = LURES[name]
    for key, value in configuration.items():
        git(repository, "config", key, value.format(program=program, folder=program.parent))
    (repository / ".git" / "info" / "attributes").write_text(attributes)
    return mark


@pytest.mark.parametrize("name", LURES)
def test_nothing_of_the_repository_is_started(repository: Path, name: str) -> None:
    mark = lured(repository, name)

    refuse_dirty(repository)

    assert not mark.exists()
    subprocess.run(["git", "status"], cwd=repository, check=False, capture_output=True)
    assert mark.exists(), "the lure is none"


def test_changes_are_seen_nonetheless(repository: Path) -> None:
    mark = lured(repository, "process")
    (repository / "app.py").write_text("x = 2\n")

    with pytest.raises(MigrateError, match=r"^app\.py has changes that are not committed"):
        refuse_dirty(repository)
    assert not mark.exists()


def test_a_folder_without_a_repository_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(MigrateError, match="no git repository"):
        refuse_dirty(tmp_path)


def test_a_machine_without_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MigrateError, match="git is not here"):
        refuse_dirty(tmp_path)
