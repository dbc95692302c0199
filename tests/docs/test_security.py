"""docs/security.md: what the commands open, write, start and ask for, as the interpreter itself reports it.

Python tells an audit hook of every file, process and connection before it is opened. The project is one that would lure
the doctor out: links that lead beyond it, and modules with the names of the doctor's own.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from chatkit_doctor.scanning import cache
from tests.auditing import WATCHED, watch
from tests.commands import COMMAND, ROOT, environment
from tests.projects import write_files

MISDEEDS = WATCHED.replace(
    "from chatkit_doctor.__main__ import main\n",
    """
import runpy, socket, subprocess

def main():
    open("lure/linked.py").close()
    open("new.txt", "w").close()
    subprocess.run(["true"])
    socket.socket().connect_ex(("127.0.0.1", 9))
    runpy.run_path("setup.py")
""",
)
BROKEN = ROOT / "fixtures" / "broken"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the broken app inside a repository, with what would lure the doctor out of it or into running it."""
    app = tmp_path / "repository" / "app"
    shutil.copytree(BROKEN, app, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    write_files(
        tmp_path,
        {
            "secret.py": "from chatkit.stores import Store  # sk-secret\n",
            "repository/.git/HEAD": "",
            "repository/.gitignore": "ignored/\n",
            "repository/pyproject.toml": "[tool.chatkit-doctor]\n",
            "repository/app/lure/pyproject.toml": "[project]\nname = 'lure'\n",
            "repository/app/lure/main.py": "from chatkit.stores import Store\n",
            "repository/app/lure/package.json": '{"dependencies": {"@openai/chatkit-react": "^1.6.0"}}\n',
            "repository/app/lure/Chat.tsx": "import { useChatKit } from '@openai/chatkit-react'\n",
            "repository/app/.env": "CHATKIT_SECRET=sk-secret\nVITE_CHATKIT_URL=/chatkit\n",
            "repository/app/conftest.py": RUN,
            "repository/app/setup.py": RUN,
            **{f"repository/app/{name}.py": RUN for name in ("yaml", "typer", "rich", "json", "sitecustomize")},
        },
    )
    (app / "lure" / "linked.py").symlink_to(tmp_path / "secret.py")
    (app / "outside").symlink_to(tmp_path, target_is_directory=True)
    return app


RUN = "import sys  # for chatkit\nsys.exit(0)\n"


COMMANDS: dict[str, tuple[str, ...]] = {
    "scan": ("scan",),
    "every rule": ("scan", "--verbose", "--format", "json"),
    "diff": ("scan", "--diff", "--unsafe-fixes"),
    "fix": ("scan", "--fix", "--unsafe-fixes"),
    "ignores": ("scan", "--add-ignores"),
    "output": ("scan", "--output", "sarif:reports/doctor.sarif"),
    "baseline": ("baseline",),
    "settings": ("config", "show"),
    "explain": ("explain", "CK101"),
    "init": ("init", "new"),
    "section": ("skill", "--agents-md"),
    "skill": ("skill", "--skill", "skills"),
}


# What keeps what it said in the cache folder.
KEEPING = ("scan", "every rule")
READING = ("scan", "every rule", "diff", "settings", "explain")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_does_what_the_page_says_and_no_more(name: str, project: Path, tmp_path: Path) -> None:
    before = {path for path in project.rglob("*") if path.is_file()}

    seen = watch(project, *COMMANDS[name])

    assert seen.code in {0, 1}, seen.output
    assert (seen.run, seen.started, seen.asked) == (set(), [], [])
    kept = {path for path in seen.opened | seen.written if path.is_relative_to(cache.folder())}
    assert bool(kept) == (name in KEEPING)
    assert {path for path in seen.opened - kept if not path.is_relative_to(tmp_path / "repository")} == set()
    assert "sk-secret" not in seen.output
    left = {path for path in seen.written - kept if path.is_file()}
    if name in READING:
        assert seen.written <= kept
    elif name in {"fix", "ignores"}:
        assert left
        assert left <= before
    elif name in {"init", "skill"}:
        assert left
        folder = project / ("new" if name == "init" else "skills/chatkit")
        assert all(path.is_relative_to(folder) for path in left)
    else:
        (file,) = left
        assert file in {
            project / "reports" / "doctor.sarif",
            project / "chatkit-doctor-baseline.json",
            project / "AGENTS.md",
        }


@pytest.mark.parametrize("words", [("scan", "--since", "HEAD"), ("scan", "--staged"), ("check", "app.shelf:Shelf")])
def test_what_is_laid_out_elsewhere_is_of_the_user_and_goes(
    words: tuple[str, ...], project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project / "backend"
    write_files(folder, {"app/shelf.py": "class Shelf:\n    pass  # chatkit\n"})
    shutil.rmtree(tmp_path / "repository" / ".git")
    for each in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "all")):
        names = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *names, *each], cwd=project.parent, check=True, capture_output=True)
    (folder / "app" / "shelf.py").write_text("from chatkit.stores import Store\n")
    subprocess.run(["git", "add", "--all"], cwd=project.parent, check=True)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "repository").rglob("*") if path.is_file()}

    seen = watch(folder, *words)

    assert any(path.is_relative_to(temporary) for path in seen.written)
    assert list(temporary.iterdir()) == []
    # A file in a folder that was opened is noted by its name alone, so the files themselves are asked.
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "repository").rglob("*") if path.is_file()}
    assert {path for path in after if path.name != "noted.json"} == set(before)
    assert all(after[path] == stamp for path, stamp in before.items())
    assert seen.started
    assert all(("git" if words[0] == "scan" else "python") in each for each in seen.started)


# What a file of the project names beyond it: the file, and what it is, as text or as the target of a link.
LEADING_OUT = {
    "a manifest that is a link": ("requirements.txt", None),
    "a manifest's include": ("requirements.txt", "-r ../../../secret.txt\nopenai-chatkit\n"),
    "a configuration that extends": ("tsconfig.json", '{"extends": "../../../secret.json"}\n'),
}


@pytest.mark.parametrize("name", LEADING_OUT)
def test_what_a_file_of_the_project_names_beyond_it_is_not_opened(name: str, project: Path, tmp_path: Path) -> None:
    path, text = LEADING_OUT[name]
    write_files(tmp_path, {"secret.txt": "openai-chatkit==1.4.0 # sk-secret\n", "secret.json": "{}  // sk-secret\n"})
    write_files(project / "lure", {path: text or "", "Chat.tsx": "import '@openai/chatkit-react'\nimport './x'\n"})
    if text is None:
        (project / "lure" / path).unlink()
        (project / "lure" / path).symlink_to(tmp_path / "secret.txt")

    seen = watch(project, "scan", "--verbose", "--format", "json")

    kept = Path(cache.folder())
    assert {path for path in seen.opened if not path.is_relative_to(tmp_path / "repository")} <= {kept, *kept.glob("*")}
    assert "sk-secret" not in seen.output


def test_a_module_of_the_project_is_not_run_in_the_place_of_one_of_the_doctors(project: Path) -> None:
    for name in ("json", "sitecustomize"):
        (project / f"{name}.py").unlink()
    write_files(project, dict.fromkeys(("yaml.py", "typer.py"), "import sys; sys.exit('the project ran')\n"))

    done = subprocess.run(
        [*COMMAND, "scan"], cwd=project, env=environment(), capture_output=True, text=True, check=False
    )

    assert "the project ran" not in done.stderr
    assert done.returncode == 1


def test_the_watch_sees_what_a_command_could_do(project: Path) -> None:
    """Without this, silence would prove nothing."""
    seen = watch(project, doing=MISDEEDS)

    assert seen.opened == {project.parent.parent / "secret.py", project / "setup.py"}
    assert seen.run == {project / "setup.py"}
    assert seen.written == {project / "new.txt"}
    assert len(seen.started) == 1
    assert {each.partition(" ")[0] for each in seen.asked} == {"socket.__new__", "socket.connect"}
