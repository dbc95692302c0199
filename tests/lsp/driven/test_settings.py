"""Settings of the editor and of files, which hold from the moment on that they change."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types

from tests.lsp.driven.editor import capabilities, editor
from tests.projects import write_files

REQUIREMENTS = "openai-chatkit==1.4.0\n"
BROKEN = "from chatkit.models import Thread\n"


def test_settings_files_hold_as_soon_as_they_change(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": BROKEN})
    path, settings = tmp_path / "a.py", tmp_path / "chatkit-doctor.toml"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            assert await at.codes(path) == ["CK101"]
            assert set(at.registered) == {"workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration"}

            settings.write_text('severity = { CK101 = "info" }\n')
            at.change_on_disk(settings, types.FileChangeType.Created)
            await at.until(
                lambda: at.told[path].diagnostics[0].severity is types.DiagnosticSeverity.Information, "advice"
            )

            settings.write_text('ignore = ["CK1"]\n')
            at.change_on_disk(settings)
            await at.until(lambda: not at.told[path].diagnostics, "that nothing is found")

            # What is wrong with it is said once, and what held before holds on.
            settings.write_text('ignor = ["CK2"]\n')
            at.change_on_disk(settings)
            await at.until(lambda: at.messages, "a message")
            at.write(path, f"{BROKEN}\n")
            assert await at.codes(path) == []
            assert len(at.messages) == 1
            assert "chatkit-doctor.toml:1: " in at.messages[0]
            assert "ignore" in at.messages[0]

            settings.unlink()
            at.change_on_disk(settings, types.FileChangeType.Deleted)
            await at.until(lambda: [each.code for each in at.told[path].diagnostics] == ["CK101"], "what there is")
            assert len(at.messages) == 1

    asyncio.run(session())


def test_a_release_that_changes_on_disk_is_noticed_without_being_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": "openai-chatkit==1.4.0\n", "a.py": "from chatkit.types import Thread\n"})
    path, manifest = tmp_path / "a.py", tmp_path / "requirements.txt"

    async def session() -> None:
        async with editor(tmp_path, can=capabilities(watches=False)) as at:
            at.open(path)
            assert await at.codes(path) == []
            assert "workspace/didChangeWatchedFiles" not in at.registered

            manifest.write_text("fastapi\n")
            await asyncio.sleep(2.1)
            at.write(path, "from chatkit.types import Thread\n\n")

            assert await at.codes(path) == ["CK602"]

    asyncio.run(session())


def test_an_open_manifest_counts_as_it_is_typed(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": "fastapi\n", "a.py": "from chatkit.types import Thread\n"})
    path, manifest = tmp_path / "a.py", tmp_path / "requirements.txt"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            assert await at.codes(path) == ["CK602"]
            at.open(manifest, language="pip-requirements")
            at.write(manifest, "fastapi\nopenai-chatkit==1.4.0\n")
            await at.until(lambda: not at.told[path].diagnostics, "that nothing is missing")

    asyncio.run(session())


def test_the_editors_settings_go_before_those_of_files(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": BROKEN, "chatkit-doctor.toml": 'ignore = ["CK4"]\n'}
    )
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path, options={"ignore": ["CK101"]}) as at:
            at.open(path)
            assert await at.codes(path) == []

            at.settings = {"ignore": []}
            at.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
            await at.until(lambda: at.told[path].diagnostics, "what is found")

            # Editors that are not asked send them along.
            told: dict[str, dict[str, object]] = {"chatkitDoctor": {"enable": False}}
            at.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(told))
            await at.until(lambda: not at.told[path].diagnostics, "that nothing is found")

            told = {"chatkitDoctor": {"enable": True, "select": ["CK4", "CK999"], "ignored": [], "unsafeFixes": "yes"}}
            at.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(told))
            await at.until(lambda: len(at.messages) == 3, "what is wrong with them")
            no_rule = "no rule has the code, prefix or name 'CK999'; the nearest is CK903; "
            no_rule += "`chatkit-doctor rules` lists them all"
            assert sorted(at.messages) == [
                "chatkit-doctor: chatkitDoctor.ignored is no setting; the nearest is ignore",
                "chatkit-doctor: chatkitDoctor.select: " + no_rule,
                "chatkit-doctor: chatkitDoctor.unsafeFixes is neither true nor false",
            ]
            at.write(path, f"{BROKEN}\n")
            assert await at.codes(path) == []

    asyncio.run(session())


def test_excluded_and_ignored_files_are_left_alone(tmp_path: Path) -> None:
    files = {
        ".git/HEAD": "",
        ".gitignore": "generated/\n",
        "requirements.txt": REQUIREMENTS,
        "pyproject.toml": '[tool.chatkit-doctor]\nexclude = ["old/"]\n',
        "a.py": BROKEN,
        "old/a.py": BROKEN,
        "generated/a.py": BROKEN,
        "node_modules/x/a.js": "const x = { api: { url: 'chatkit' } }\n",
    }
    write_files(tmp_path, files)
    quiet = [tmp_path / name for name in ("old/a.py", "generated/a.py", "node_modules/x/a.js")]

    async def session() -> None:
        async with editor(tmp_path) as at:
            for path in quiet:
                at.open(path)
                assert await at.codes(path) == [], path
            # What is not there yet is looked at as soon as it is written.
            at.open(tmp_path / "new.py", BROKEN)
            assert await at.codes(tmp_path / "new.py") == ["CK101"]

    asyncio.run(session())


def test_each_folder_of_a_workspace_is_looked_at_by_itself(tmp_path: Path) -> None:
    write_files(tmp_path / "one", {"requirements.txt": REQUIREMENTS, "a.py": BROKEN})
    write_files(
        tmp_path / "two",
        {"requirements.txt": REQUIREMENTS, "a.py": BROKEN, "chatkit-doctor.toml": 'ignore = ["CK1"]\n'},
    )
    one, two = tmp_path / "one" / "a.py", tmp_path / "two" / "a.py"

    async def session() -> None:
        async with editor(tmp_path / "one", tmp_path / "two") as at:
            at.open(one)
            at.open(two)
            assert [await at.codes(one), await at.codes(two)] == [["CK101"], []]
            gone = types.WorkspaceFolder((tmp_path / "two").as_uri(), "two")
            change = types.DidChangeWorkspaceFoldersParams(types.WorkspaceFoldersChangeEvent([], [gone]))
            at.client.workspace_did_change_workspace_folders(change)
            at.write(one, f"{BROKEN}\n")
            assert await at.codes(one) == ["CK101"]

    asyncio.run(session())
