"""`scan --since` and `--staged`: only what is new is told, wherever it was changed; and `--watch`, which goes on."""

from __future__ import annotations

import signal
import subprocess
import threading
from pathlib import Path

import pytest

from tests.commands import COMMAND, call, environment
from tests.projects import write_files

OLD = "from chatkit.stores import Store\n"
HOOK = """import { ChatKit, useChatKit } from '@openai/chatkit-react'

export function Chat() {
  const { control } = useChatKit({ api: { url: '/chatkit', domainKey: 'local-dev' } })
  return <ChatKit control={control} />
}
"""
PAGE = '<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>\n'


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(name, "me@example.com")
    write_files(tmp_path, {"app/store.py": OLD, "web/index.html": PAGE, "web/src/Chat.tsx": HOOK})
    write_files(tmp_path, {"web/package.json": '{ "dependencies": { "@openai/chatkit-react": "^1.6.0" } }'})
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a step")


def concise(*arguments: str) -> tuple[list[str], str]:
    done = call("scan", "--no-cache", "--format", "concise", "--ignore", "CK409,CK402,CK602", *arguments)
    *lines, last = done.stdout.splitlines() or [""]
    return [line.partition(" ")[0] + line[-7:] for line in lines], last


def test_what_was_there_before_is_counted_and_not_told(repository: Path) -> None:
    assert (
        concise("--since", "HEAD") == ([], "Nothing left in 3 files (1 in HEAD).")
        or concise("--since", "HEAD")[0] == []
    )

    (repository / "app" / "store.py").write_text("# moved\n" + OLD + "from chatkit.models import Thread\n")

    found, last = concise("--since", "HEAD")
    assert [line.partition(":")[0] for line in found] == ["app/store.py"]
    assert "app/store.py:3" in found[0]
    assert "(1 in HEAD)" in last


def test_what_a_change_elsewhere_breaks_is_new(repository: Path) -> None:
    (repository / "web" / "index.html").write_text("<html><head></head></html>\n")

    found, _ = concise("--since", "HEAD")

    assert len(found) == 1
    assert found[0].startswith("web/")


def test_a_revision_may_be_anything_that_git_takes(repository: Path) -> None:
    write_files(repository, {"app/new.py": OLD})
    commit(repository)
    git(repository, "branch", "feature/new", "HEAD~1")

    assert concise("--since", "HEAD")[0] == []
    for revision in ("HEAD~1", "feature/new"):
        found, last = concise("--since", revision)
        assert [line.partition(":")[0] for line in found] == ["app/new.py"]
        assert f"(1 in {revision})" in last


def test_only_staged_files_are_looked_at(repository: Path) -> None:
    write_files(repository, {"app/one.py": OLD, "app/two.py": OLD})
    git(repository, "add", "app/one.py")

    assert [line.partition(":")[0] for line in concise("--staged")[0]] == ["app/one.py"]
    assert concise("web", "--staged") == ([], "Nothing to scan: no file is staged here.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--since", "nothing"], "there is no revision 'nothing' here"),
        (["--since", "--output=x"], "'--output=x' is no revision"),
        (["--since", "HEAD", "--baseline", "b.json"], "--since and --staged go with files and folders"),
    ],
)
def test_a_call_that_cannot_be_followed_is_one_line(repository: Path, arguments: list[str], said: str) -> None:
    done = call("scan", arguments[0] + "=" + arguments[1], *arguments[2:])

    assert done.code == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_a_repository_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, {"a.py": OLD})

    assert "lies in no git repository" in call("scan", "--since", "HEAD").stderr


def test_a_program_of_the_repository_is_not_started(repository: Path) -> None:
    marker = repository / "started"
    git(repository, "config", "core.fsmonitor", f"touch {marker}")
    git(repository, "config", "diff.external", f"touch {marker}")
    (repository / "app" / "store.py").write_text(OLD + OLD)
    git(repository, "-c", "core.fsmonitor=false", "add", "--all")

    concise("--staged")

    assert not marker.exists()


@pytest.mark.parametrize("flag", ["--staged", "--since=HEAD"])
@pytest.mark.parametrize("name", ["filter.own.smudge", "filter.own.clean", "filter.own.process"])
def test_a_filter_of_the_repository_is_not_started(name: str, flag: str, repository: Path) -> None:
    marker = repository / "started"
    (repository / ".gitattributes").write_text("*.py filter=own\n")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "filtered")
    (repository / "app" / "store.py").write_text(OLD + OLD)
    git(repository, "add", "--all")
    git(repository, "config", name, f"touch {marker}; cat")

    done = call("scan", "--no-cache", flag)

    assert not marker.exists()
    assert done.code == 1


def test_settings_of_the_caller_stay(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = repository / "started"
    for name, value in {"COUNT": "1", "KEY_0": "core.bare", "VALUE_0": "nonsense"}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)

    assert call("scan", "--no-cache", "--since=HEAD").code == 2

    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"touch {marker}")

    assert call("scan", "--no-cache", "--staged").code == 0
    assert not marker.exists()


def test_nothing_is_fetched_that_is_not_here(repository: Path) -> None:
    marker = repository / "started"
    git(repository, "config", "extensions.partialClone", "origin")
    git(repository, "config", "remote.origin.url", f"ext::sh -c touch% {marker}")
    git(repository, "config", "remote.origin.promisor", "true")
    git(repository, "config", "protocol.ext.allow", "always")
    kept = git(repository, "rev-parse", "HEAD:app/store.py").strip()
    (repository / ".git" / "objects" / kept[:2] / kept[2:]).unlink()

    done = call("scan", "--no-cache", "--since=HEAD")

    assert not marker.exists()
    assert done.code == 2


def test_watch_scans_again_on_a_change_and_ends_on_ctrl_c(repository: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "scan", "--watch", "--format", "concise", "app"],
        cwd=repository,
        env=environment(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout is not None
        # Only so that a test that would never end fails instead.
        guard = threading.Timer(120, running.kill)
        guard.start()
        first = read_to(running, "Ctrl-C ends.")
        (repository / "app" / "store.py").write_text(OLD + "from chatkit.models import Thread\n")
        second = read_to(running, "Ctrl-C ends.")
        running.send_signal(signal.SIGINT)
        rest, _ = running.communicate(timeout=60)
        guard.cancel()

    assert "1 error" in first
    assert "2 errors" in second
    assert "store.py changed" in second
    assert running.returncode == 1
    assert "Traceback" not in rest


def read_to(running: subprocess.Popen[str], end: str) -> str:
    assert running.stdout is not None
    text = ""
    while end not in text:
        line = running.stdout.readline()
        assert line, text
        text += line
    return text
