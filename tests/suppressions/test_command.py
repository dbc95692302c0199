"""The whole command over ignore comments, as its user calls it."""

from __future__ import annotations

import compileall
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import call, environment

BROKEN = Path(__file__).parents[2] / "fixtures" / "broken"
COMMENTS = ("# chatkit-doctor: ", "// chatkit-doctor: ", "{/* chatkit-doctor: ", "<!-- chatkit-doctor: ")


def doctor(folder: Path, *options: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "chatkit_doctor", "scan", *options, "."]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.autocrlf=false")
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Return the broken app, committed to a repository of its own."""
    folder = shutil.copytree(BROKEN, tmp_path / "app")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "as it stands")
    return folder


def test_add_ignores_leaves_a_clean_scan_and_changes_only_comments(app: Path) -> None:
    doctor(app, "--add-ignores")

    summary = json.loads(doctor(app, "--format", "json"))["summary"]
    assert (summary["errors"], summary["warnings"], summary["suppressed"]) == (0, 0, 13)
    assert compileall.compile_dir(app / "backend", quiet=1, force=True)
    diff = git(app, "diff", "-U0", "--word-diff=porcelain", "--word-diff-regex=[^\n]").splitlines()
    assert [line for line in diff if line.startswith("-") and not line.startswith("---")] == []
    added = [line[1:].strip() for line in diff if line.startswith("+") and not line.startswith("+++")]
    assert all(each.startswith(COMMENTS) for each in added if each)
    assert sum(map(bool, added)) == 13


@pytest.mark.parametrize("options", [["--add-ignores"], ["--fix", "--unsafe-fixes"]], ids=" ".join)
def test_nothing_is_left_to_do_after_it(app: Path, options: list[str]) -> None:
    doctor(app, "--add-ignores")
    once = git(app, "diff")
    doctor(app, *options)

    assert once
    assert git(app, "diff") == once


def test_fix_removes_comments_that_have_become_idle(app: Path) -> None:
    doctor(app, "--add-ignores")
    git(app, "commit", "-q", "-a", "-m", "ignored")
    store = app / "backend" / "app" / "store.py"
    store.write_text(store.read_text("utf-8").replace("chatkit.stores", "chatkit.store"), "utf-8")

    assert "CK901" in doctor(app, "--format", "concise", code=1)
    doctor(app, "--fix")
    assert "from chatkit.store import NotFoundError, Store, StoreItemType\n" in store.read_text("utf-8")
    doctor(app)


def test_a_comment_in_a_file_that_cannot_be_decoded_hides_that(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_bytes(b"# chatkit-doctor: ignore-file[CK903] a fixture\nimport chatkit  # \xff\n")
    doctor(tmp_path)
    (tmp_path / "app.py").write_bytes(b"# chatkit-doctor: ignore-file[CK101] a fixture\nimport chatkit  # \xff\n")
    assert "CK903" in doctor(tmp_path, "--format", "concise", code=1)


@pytest.mark.parametrize(
    ("select", "found"),
    [("CK901,CK101", ["CK901"]), ("CK902", ["CK902"]), ("CK901,CK102", []), ("CK101", []), ("CK9", ["CK902"])],
)
def test_a_comment_is_judged_by_the_rules_that_are_asked_for(tmp_path: Path, select: str, found: list[str]) -> None:
    (tmp_path / "app.py").write_text("x = 1  # chatkit-doctor: ignore[CK101, CK1]\n", "utf-8")
    said = json.loads(doctor(tmp_path, "--select", select, "--format", "json", code=bool(found)))

    assert [finding["code"] for finding in said["findings"]] == found


def test_what_no_comment_could_be_written_for_is_still_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text("from chatkit.stores import Store\n", "utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.fsync", refuse)
    outcome = call("scan", "--add-ignores", "--format", "concise")

    assert outcome.code == 2
    assert outcome.stdout.startswith("app.py:1:6: error: no release of openai-chatkit has the module 'chatkit.stores'")
    assert outcome.stdout.splitlines()[-1].startswith("1 error in 1 file.")
