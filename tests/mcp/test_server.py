"""`chatkit-doctor mcp`, driven as an agent drives it: by the SDK's own client, over standard input and output."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

import chatkit_doctor
from chatkit_doctor.mcp.folder import enter
from chatkit_doctor.project.files.inside import stay_below
from tests.commands import ROOT, call, environment, run
from tests.projects import write_files

if TYPE_CHECKING:
    # Its import takes a second, which whoever collects these tests need not wait for.
    from mcp import Client, StdioServerParameters
    from mcp.server.mcpserver import MCPServer

BROKEN = "from chatkit.stores import Store\n"
FIXED = "from chatkit.store import Store\n"
PRIVATE = "private-to-others"

Told = tuple[bool, str]


def served(folder: Path, *calls: tuple[str, dict[str, Any]], in_process: bool = True) -> list[Told]:
    """Return what a server for a folder answers to calls of tools: whether it is an error, and the text.

    in_process: it is one of this process, which need not import the SDK once more.
    """

    from mcp.types import TextContent

    async def talk(client: Client) -> list[Told]:
        answers: list[Told] = []
        for name, arguments in calls:
            result = await client.call_tool(name, arguments)
            (content,) = result.content
            assert isinstance(content, TextContent)
            answers.append((bool(result.is_error), content.text))
        return answers

    from chatkit_doctor.mcp.server import server

    with chdir(folder):
        try:
            told: list[Told] = with_client(server(enter(Path())) if in_process else started(folder), talk)
        finally:
            stay_below(None)
    return told


def started(folder: Path) -> StdioServerParameters:
    """Return how an agent starts the server for a folder."""
    from mcp import StdioServerParameters

    command = ["-m", "chatkit_doctor", "mcp"]
    return StdioServerParameters(command=sys.executable, args=command, env=environment(), cwd=folder)


def with_client(server: MCPServer[Any] | StdioServerParameters, talk: Callable[[Client], Awaitable[Any]]) -> Any:
    from mcp import Client

    async def connected() -> Any:
        with anyio.fail_after(60):
            async with Client(server) as client:
                return await talk(client)

    return anyio.run(connected)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return the folder of a project in a repository, beside which and above which there is more."""
    top = tmp_path / "repository" / "project"
    write_files(top, {"app.py": BROKEN, "sub/other.py": BROKEN, "requirements.txt": "openai-chatkit==1.4.0\n"})
    write_files(top.parent, {"secret.py": f"{BROKEN}key = '{PRIVATE}'\n", ".git/HEAD": ""})
    write_files(top.parent, {"chatkit-doctor.toml": 'ignore = ["CK101"]\n', ".gitignore": "app.py\n"})
    (top / "leads_out.py").symlink_to(top.parent / "secret.py")
    return top


def test_an_agent_is_told_what_there_is(project: Path) -> None:
    async def talk(client: Client) -> None:
        assert client.server_info is not None
        assert (client.server_info.name, client.server_info.version) == ("chatkit-doctor", chatkit_doctor.__version__)
        assert "Call scan after you have written" in (client.instructions or "")
        listed = {each.name: each for each in (await client.list_tools()).tools}
        assert list(listed) == ["scan", "explain", "fix", "check"]
        assert all(each.description and each.annotations for each in listed.values())
        reads = {name for name, each in listed.items() if each.annotations and each.annotations.read_only_hint}
        assert reads == {"scan", "explain"}
        assert all(each["description"] for each in listed["fix"].input_schema["properties"].values())
        assert listed["fix"].input_schema["properties"]["write"]["default"] is False

    with_client(started(project), talk)


def test_a_scan_says_what_the_command_says(tmp_path: Path) -> None:
    project = tmp_path / "app"
    shutil.copytree(ROOT / "fixtures" / "broken", project, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))

    whole, few, document, part = served(
        project,
        ("scan", {"limit": 100}),
        ("scan", {"limit": 2}),
        ("scan", {"format": "json"}),
        ("scan", {"paths": ["frontend"], "select": ["CK4"], "ignore": ["CK405"], "min_severity": "error"}),
        in_process=False,
    )

    assert whole == (False, run(project, "scan", "--format", "agent").stdout)
    assert few[1].count("\nat: ") == 2
    assert few[1].splitlines()[-2] == "not shown: 11 more findings"
    assert whole[1].splitlines()[-1] == few[1].splitlines()[-1]
    assert json.loads(document[1]) == json.loads(run(project, "scan", "--format", "json").stdout)
    narrowed = ("--select", "CK4", "--ignore", "CK405", "--min-severity", "error")
    assert part[1] == run(project, "scan", "frontend", "--format", "agent", *narrowed).stdout


def test_a_fix_writes_only_when_it_is_told_to(project: Path) -> None:
    shown, written, again = served(
        project, ("fix", {"paths": ["app.py"]}), ("fix", {"paths": ["app.py"], "write": True}), ("fix", {})
    )

    diff = "--- app.py\n+++ app.py\n@@ -1 +1 @@\n-from chatkit.stores import Store\n+from chatkit.store import Store\n"
    assert shown == (
        False,
        f"{diff}\nWould fix 1 finding in 1 file; 0 would be left. Nothing is written: call with write=true.",
    )
    assert written == (False, f"{diff}\nFixed 1 finding in 1 file; 0 are left.")
    assert (project / "app.py").read_text() == FIXED
    assert "--- sub/other.py" in again[1]
    assert (project / "sub" / "other.py").read_text() == BROKEN


def test_nothing_outside_of_the_folder_is_read_or_written(project: Path, tmp_path: Path) -> None:
    secret = project.parent / "secret.py"
    before = secret.read_bytes()
    paths = ("..", "../secret.py", str(secret), "leads_out.py", "sub/../../secret.py", "/etc/passwd", "app.py\0")

    answers = served(
        project,
        *(("scan", {"paths": [path]}) for path in paths),
        *(("fix", {"paths": [path], "write": True}) for path in paths),
        ("check", {"subject": "secret:Store", "folder": ".."}),
        ("check", {"subject": "app:Store", "python": "/usr/bin/env"}),
        ("scan", {}),
        ("fix", {"write": True}),
    )

    *refused, whole, fixed = answers
    for is_error, text in refused:
        assert is_error
        assert "lies outside of" in text
    # Of what lies above neither the settings nor the ignore file counts, as they would for a scan that may look there.
    assert call("scan", str(project)).stdout.startswith("Nothing found")
    assert "at: app.py:1:6" in whole[1]
    assert "Fixed 2 findings in 2 files" in fixed[1]
    assert PRIVATE not in "".join(text for _, text in answers)
    assert secret.read_bytes() == before


def test_a_file_alone_is_looked_at_in_its_folder_and_no_further(project: Path) -> None:
    (answer,) = served(project / "sub", ("scan", {"paths": ["other.py"]}))

    assert "at: other.py:1:6" in answer[1]


def test_what_is_wrong_with_a_call_is_told(project: Path) -> None:
    (unknown, missing, nothing, wrong) = served(
        project,
        ("scan", {"select": ["CK999"]}),
        ("scan", {"paths": ["gone.py"]}),
        ("explain", {"about": "it is all so strange"}),
        ("scan", {"limit": 0}),
    )

    assert unknown[0]
    assert "no rule has the code, prefix or name 'CK999'" in unknown[1]
    assert missing == (
        True,
        f"Error executing tool scan: gone.py: there is no such file or folder in {os.path.realpath(project)}",
    )
    assert "no rule explains 'it is all so strange'" in nothing[1]
    assert "limit" in wrong[1]


def test_an_explanation_is_the_page(project: Path) -> None:
    page, found, values = served(
        project,
        ("explain", {"about": "CK201"}),
        ("explain", {"about": "Can't instantiate abstract class MemoryStore"}),
        ("explain", {"about": "CK405", "values": True}),
    )

    assert page == found == (False, run(project, "explain", "CK201").stdout)
    assert "lightbulb" in values[1]


def test_a_store_is_checked_in_place(tmp_path: Path) -> None:
    code = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.conformance.stores import GoodStore\n"
    write_files(tmp_path, {"app/store.py": f"{code}make_store = GoodStore\n"})

    good, wrong, broken = served(
        tmp_path,
        ("check", {"subject": "store:make_store", "folder": "app", "properties": ["thread-not-found"]}),
        ("check", {"subject": "store:make_store", "folder": "app", "properties": ["thread-not-fond"]}),
        ("check", {"subject": "nowhere:Store"}),
        in_process=False,
    )

    assert good[1].rstrip().endswith("1 passed, 0 failed, 0 skipped.")
    assert "there is no property 'thread-not-fond'; the nearest is thread-not-found" in wrong[1]
    assert broken[0]
    assert "nowhere cannot be imported" in broken[1]


def test_the_interpreter_of_the_project_is_the_one_that_runs(tmp_path: Path) -> None:
    interpreter = tmp_path / ".venv" / "bin" / "python"
    interpreter.parent.mkdir(parents=True)
    interpreter.write_text("#!/bin/sh\necho it was me\nexit 1\n")
    interpreter.chmod(0o755)

    (answer,) = served(tmp_path, ("check", {"subject": "app:Store"}))

    assert answer[0]
    assert answer[1].endswith("it was me")


def test_without_the_sdk_it_says_so_in_a_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = importlib.util.find_spec

    def absent(name: str, package: str | None = None) -> Any:
        return None if name.partition(".")[0] == "mcp" else found(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", absent)
    done = call("mcp", str(tmp_path))

    said = "error: mcp needs the official SDK, the extra `mcp` of chatkit-doctor: pip install 'mcp>=2,<3'\n"
    assert (done.code, done.stdout, done.stderr) == (2, "", said)


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path) -> None:
    gone = run(tmp_path, "mcp", "gone")
    home = run(tmp_path, "mcp", HOME=str(tmp_path))
    root = run(tmp_path, "mcp", "/")

    assert (gone.code, gone.stderr) == (2, "error: gone: there is no such folder\n")
    for done in (home, root):
        assert done.code == 2
        assert done.stderr.endswith("is more than a project; name the project's folder: chatkit-doctor mcp FOLDER\n")
