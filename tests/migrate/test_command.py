"""The command: dry by default, all or nothing, and one clear line for what it cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import call
from tests.migrate.hosted import NEXT, PLAIN, VITE, committed, contents
from tests.projects import write_files


def refused(folder: Path, *arguments: str) -> str:
    """Return the one line of a call that fails, which writes nothing."""
    before = contents(folder)
    outcome = call("migrate", str(folder), "--write", *arguments)
    assert (outcome.code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    assert contents(folder) == before
    return outcome.stderr


def test_without_write_it_shows_a_diff_and_a_plan_and_writes_nothing(tmp_path: Path) -> None:
    committed(tmp_path, NEXT)
    before = contents(tmp_path)

    outcome = call("migrate", str(tmp_path))

    assert outcome.code == 0
    assert contents(tmp_path) == before
    assert "-    api: { getClientSecret }," in outcome.stdout
    assert "+      url: process.env.NEXT_PUBLIC_CHATKIT_URL" in outcome.stdout
    assert "Would move:" in outcome.stdout
    assert "Left to you:" in outcome.stdout
    assert "Nothing is written yet" in outcome.stdout


def test_what_is_left_says_where_it_stood_and_what_to_do(tmp_path: Path) -> None:
    outcome = call("migrate", str(committed(tmp_path, PLAIN)), "--write")

    left = outcome.stdout.split("Left to you:")[1].split("Wrote")[0]
    assert "package.json: nothing imports the package openai any more: take it out with your package manager" in left
    assert "public/index.html:18: threads that OpenAI keeps" in left


def test_every_file_of_the_new_server_is_counted(tmp_path: Path) -> None:
    outcome = call("migrate", str(committed(tmp_path, NEXT)), "--write")

    made = [name for name in contents(tmp_path) if name.startswith("backend/")]
    assert "backend/.gitignore" in made
    assert f"  backend: a ChatKit server of your own, {len(made)} files, with its store in SQLite\n" in outcome.stdout


def test_a_dirty_tree_is_refused(tmp_path: Path) -> None:
    committed(tmp_path, NEXT)
    (tmp_path / "components" / "Notice.tsx").write_text("export const Notice = () => null;\n", encoding="utf-8")

    assert "components/Notice.tsx has changes that are not committed" in refused(tmp_path)

    assert call("migrate", str(tmp_path), "--write", "--allow-dirty").code == 0


def test_a_folder_without_git_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, PLAIN)

    assert "no git repository" in refused(tmp_path)


def test_a_backend_that_is_there_is_not_touched(tmp_path: Path) -> None:
    committed(tmp_path, {**NEXT, "backend/notes.txt": "ours"})

    assert "backend/ is there already; name another folder for the new server with --backend" in refused(tmp_path)

    assert call("migrate", str(tmp_path), "--write", "--backend", "chat").code == 0
    assert (tmp_path / "chat" / "app" / "main.py").is_file()
    assert (tmp_path / "backend" / "notes.txt").read_text(encoding="utf-8") == "ours"


def test_of_several_hosted_chats_one_has_to_be_named(tmp_path: Path) -> None:
    files = {f"one/{name}": text for name, text in NEXT.items()} | {f"two/{name}": text for name, text in VITE.items()}
    committed(tmp_path, files)

    assert "2 hosted chats are here, in one, two/frontend; name the folder of one" in refused(tmp_path)


def test_nothing_hosted_is_said(tmp_path: Path) -> None:
    committed(tmp_path, {"chat.ts": "import '@openai/chatkit'\n"})

    assert "nothing here runs on a hosted workflow" in refused(tmp_path)


def test_a_page_that_is_not_here_is_said(tmp_path: Path) -> None:
    committed(tmp_path, {"package.json": "{}", "server.js": PLAIN["server.js"]})

    assert "server.js:18 has sessions made, and no page here hands ChatKit a getClientSecret" in refused(tmp_path)


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(tmp_path, NEXT)
    before = contents(tmp_path)
    from chatkit_doctor.migrate import applying

    class Problem:
        path = tmp_path / "components" / "Help.tsx"
        reason = "it cannot be written: no space left on device"

    monkeypatch.setattr(applying, "write", lambda *_: [Problem])

    outcome = call("migrate", str(tmp_path), "--write")

    assert outcome.code == 2
    assert "components/Help.tsx: it cannot be written" in outcome.stderr
    assert contents(tmp_path) == before
