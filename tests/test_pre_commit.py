"""The hooks of .pre-commit-hooks.yaml, run by the real pre-commit in real repositories."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from chatkit_doctor.project.files.kinds import FileKind, is_left_out, is_written_by_tools, kind_of
from tests.commands import COMMAND, ROOT, environment
from tests.projects import write_files

HOOKS = ROOT / ".pre-commit-hooks.yaml"

BAD = "from chatkit.stores import Store\n"
GOOD = "from chatkit.store import Store\n"
FULL_BASE = "from chatkit.store import Store\n\n\nclass Base(Store[dict]):\n" + "".join(
    f"    async def {name}(self, *args): ...\n\n"
    for name in (
        *("load_thread", "save_thread", "load_thread_items", "save_attachment", "load_attachment"),
        *("delete_attachment", "load_threads", "add_thread_item", "save_item", "load_item", "delete_thread"),
        "delete_thread_item",
    )
)
SUBCLASS = "from base import Base\n\n\nclass Memory(Base):\n    pass\n\n\nstore = Memory()\n"


class Repository:
    """A git repository in which pre-commit can be run with the hooks of this checkout."""

    def __init__(self, folder: Path, hooks: Path, env: dict[str, str]) -> None:
        self.folder = folder
        self.hooks = hooks
        self.env = env
        folder.mkdir()
        self.git("init", "--quiet")

    def git(self, *arguments: str) -> str:
        return self._run("git", *arguments).stdout

    def stage(self, files: dict[str, str]) -> None:
        write_files(self.folder, files)
        self.git("add", "--", *files)

    def doctor(self, *arguments: str) -> None:
        self._run(*COMMAND, *arguments)

    def use(self, hook: str, **settings: list[str]) -> None:
        """Commit everything, with this hook set up and not run."""
        revision = self._run("git", "-C", str(self.hooks), "rev-parse", "HEAD").stdout.strip()
        repository = {"repo": str(self.hooks), "rev": revision, "hooks": [{"id": hook, **settings}]}
        self.stage({".pre-commit-config.yaml": yaml.safe_dump({"repos": [repository]})})
        self.git("commit", "--quiet", "--all", "--no-verify", "--message", "start")
        self._run(sys.executable, "-m", "pre_commit", "install")

    def commit(self) -> subprocess.CompletedProcess[str]:
        return self._run("git", "commit", "--message", "change", check=False)

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()

    def _run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=check,
        )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return an empty repository, and hooks that call this checkout: what the network brings is already here."""
    command = tmp_path / "bin" / "chatkit-doctor"
    write_files(tmp_path, {"bin/chatkit-doctor": f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n'})
    command.chmod(0o755)
    env = environment(
        PATH=f"{command.parent}{os.pathsep}{os.environ['PATH']}",
        PRE_COMMIT_HOME=str(tmp_path / "cache"),
        GIT_CONFIG_GLOBAL=os.devnull,
        **{f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    )
    hooks = Repository(tmp_path / "hooks", tmp_path, env)
    hooks.stage({HOOKS.name: HOOKS.read_text().replace("language: python", "language: system")})
    hooks.git("commit", "--quiet", "--message", "hooks")
    return Repository(tmp_path / "project", hooks.folder, env)


def test_a_clean_commit_goes_through(repository: Repository) -> None:
    repository.use("chatkit-doctor")
    repository.stage({"store.py": GOOD, "notes.md": "from chatkit.stores import Store"})

    done = repository.commit()

    assert done.returncode == 0, done.stdout
    assert "chatkit-doctor...." in done.stdout
    assert "Passed" in done.stdout


def test_a_finding_stops_the_commit(repository: Repository) -> None:
    repository.use("chatkit-doctor")
    repository.stage({"backend/store.py": BAD})

    done = repository.commit()

    assert done.returncode == 1
    assert "--> backend/store.py:1:6" in done.stdout
    assert repository.git("log", "--format=%s").split() == ["start"]


def test_only_staged_files_are_reported_on(repository: Repository) -> None:
    repository.stage({"old.py": BAD})
    repository.use("chatkit-doctor")
    repository.stage({"store.py": GOOD})

    done = repository.commit()

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("hook", ["chatkit-doctor", "chatkit-doctor-fix"])
def test_what_the_settings_exclude_is_left_out_though_it_is_named(repository: Repository, hook: str) -> None:
    repository.stage({"chatkit-doctor.toml": 'exclude = ["examples/"]\n'})
    repository.use(hook)
    repository.stage({"examples/store.py": BAD})

    done = repository.commit()

    assert done.returncode == 0, done.stdout
    assert repository.read("examples/store.py") == BAD


def test_a_comment_and_a_baseline_let_a_finding_through(repository: Repository) -> None:
    repository.stage({"old.py": BAD})
    repository.doctor("baseline")
    repository.stage({"store.py": BAD.rstrip() + "  # chatkit-doctor: ignore[CK101] our own\n"})
    repository.use("chatkit-doctor", args=["--baseline", "chatkit-doctor-baseline.json"])
    repository.stage({"old.py": f"# older\n{BAD}", "store.py": "# ours\n" + repository.read("store.py")})

    assert repository.commit().returncode == 0

    repository.stage({"new.py": BAD})
    done = repository.commit()
    assert done.returncode == 1
    assert done.stdout.count("error[CK101]") == done.stdout.count("--> new.py:1:6") == 1


def test_the_rest_of_the_project_is_known(repository: Repository) -> None:
    repository.stage({"base.py": FULL_BASE.replace("    async def save_item(self, *args): ...\n\n", "")})
    repository.use("chatkit-doctor")
    repository.stage({"memory.py": SUBCLASS})

    done = repository.commit()

    assert done.returncode == 1
    assert "save_item" in done.stdout
    assert "--> memory.py:" in done.stdout


def test_what_is_staged_counts_and_not_what_is_on_disk(repository: Repository) -> None:
    repository.use("chatkit-doctor")
    repository.stage({"one.py": BAD})
    write_files(repository.folder, {"one.py": GOOD})
    assert repository.commit().returncode == 1
    assert repository.read("one.py") == GOOD

    repository.stage({"one.py": GOOD})
    write_files(repository.folder, {"one.py": BAD})
    assert repository.commit().returncode == 0
    assert repository.read("one.py") == BAD


def test_the_rest_of_the_project_is_as_it_is_staged_too(repository: Repository) -> None:
    repository.stage({"base.py": FULL_BASE})
    repository.use("chatkit-doctor")
    write_files(repository.folder, {"base.py": FULL_BASE.replace("save_item", "save_items")})
    repository.stage({"memory.py": SUBCLASS})

    done = repository.commit()

    assert done.returncode == 0, done.stdout
    assert "save_items" in repository.read("base.py")


def test_the_fixing_hook_mends_stops_and_lets_the_mended_file_through(repository: Repository) -> None:
    repository.stage({"old.py": BAD})
    repository.use("chatkit-doctor-fix")
    repository.stage({"store.py": BAD})

    done = repository.commit()

    assert done.returncode == 1
    assert "files were modified by this hook" in done.stdout
    assert repository.read("store.py") == GOOD
    assert repository.read("old.py") == BAD
    repository.git("add", "store.py")
    assert repository.commit().returncode == 0


def test_the_fixing_hook_leaves_what_is_not_staged_alone(repository: Repository) -> None:
    rest = "\n" * 9
    repository.use("chatkit-doctor-fix")
    repository.stage({"store.py": f"{BAD}{rest}"})
    write_files(repository.folder, {"store.py": f"{BAD}{rest}from chatkit.models import Page\n"})

    assert repository.commit().returncode == 1
    assert repository.read("store.py") == f"{GOOD}{rest}from chatkit.models import Page\n"


def test_a_file_whose_name_is_an_option_is_none(repository: Repository) -> None:
    repository.use("chatkit-doctor")
    repository.stage({"--output=app.py": BAD, "app.py": GOOD})

    done = repository.commit()

    assert done.returncode == 0, done.stdout
    assert repository.read("app.py") == GOOD


def hooks() -> list[dict[str, Any]]:
    return list(yaml.safe_load(HOOKS.read_text()))


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: str(hook["id"]))
def test_the_hooks_are_given_what_a_scan_would_look_at(hook: dict[str, Any]) -> None:
    def given(path: str) -> bool:
        return bool(re.search(hook["files"], path)) and not re.search(hook["exclude"], path)

    names = [f"a{suffix}" for suffix in (".py", ".pyi", ".js", ".cjs", ".mts", ".tsx", ".d.ts", ".min.js", ".htm")]
    names += [
        "a.vue",
        "a.svelte",
        "a.astro",
        "a.php",
        "a.json",
        "main.bundle.js",
        "a.md",
        "py",
        "mins.js",
        "package.json",
    ]
    for name in names:
        looked_at = kind_of(name) in {FileKind.PYTHON, FileKind.WEB} and not is_written_by_tools(name)
        assert given(name) == given(f"src/{name}") == looked_at, name
    folders = [
        "node_modules",
        "vendor",
        "third_party",
        "dist",
        "venv",
        "site-packages",
        "src",
        "app",
        "vendors",
        "build",
    ]
    for folder in folders:
        assert given(f"{folder}/a.js") == given(f"x/{folder}/y/a.js") == (not is_left_out(folder)), folder
