"""What editors, people and disks do to a server, which goes on."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.commands import ROOT
from tests.lsp.driven.editor import editor
from tests.projects import write_exactly, write_files

REQUIREMENTS = "openai-chatkit==1.4.0\n"
BROKEN = "from chatkit.models import Thread\n"


def opened(at: Any, uri: str, text: str) -> None:
    item = types.TextDocumentItem(uri, "python", 1, text)
    at.client.text_document_did_open(types.DidOpenTextDocumentParams(item))


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": BROKEN})
    path = tmp_path / "a.py"
    strange = [
        "untitled:Untitled-1",
        "git:/a.py?x",
        "vscode-notebook-cell:/a.ipynb#1",
        "file://[",
        "file:",
        "nonsense",
        "file:///a%00b.py",
    ]

    async def session() -> None:
        async with editor(tmp_path) as at:
            for uri in strange:
                opened(at, uri, BROKEN)
                document = types.VersionedTextDocumentIdentifier(2, uri)
                change = types.TextDocumentContentChangeWholeDocument("x = (")
                at.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
                named = types.TextDocumentIdentifier(uri)
                hover = types.HoverParams(named, types.Position(0, 0))
                assert await at.client.text_document_hover_async(hover) is None
                at.client.text_document_did_close(types.DidCloseTextDocumentParams(named))
            at.open(path)
            assert await at.codes(path) == ["CK101"]
            assert list(at.told) == [path]
            assert at.messages == []

    asyncio.run(session())


def test_a_folder_that_goes_and_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    write_files(folder, {"requirements.txt": REQUIREMENTS, "a.py": BROKEN})
    path = folder / "a.py"

    async def session() -> None:
        async with editor(folder) as at:
            at.open(path)
            assert await at.codes(path) == ["CK101"]
            shutil.rmtree(folder)
            at.change_on_disk(path, types.FileChangeType.Deleted)
            at.write(path, f"{BROKEN}\n")
            await at.diagnostics(path)
            write_files(folder, {"requirements.txt": REQUIREMENTS, "a.py": BROKEN})
            at.change_on_disk(path, types.FileChangeType.Created)
            at.write(path, f"{BROKEN}\n\n")
            assert await at.codes(path) == ["CK101"]
            assert at.messages == []

    asyncio.run(session())


def test_contents_that_nobody_wrote(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "requirements.txt": REQUIREMENTS,
        "binary.py": b"\0\xff" * 50,
        "large.py": b"import chatkit\n" * 400_000,
        "a.py": BROKEN,
    }
    write_exactly(tmp_path, files)
    texts = {
        "binary.py": "\0\ufffd" * 50,
        "large.py": "import chatkit\n" * 400_000,
        "empty.py": "",
        "halves.py": 'from chatkit.models import Thread  # "\ud83d"\n',
        "lone.py": "x = 1\rfrom chatkit.models import Thread\r",
        "deep.py": "import chatkit\nx = " + "(" * 5000,
        "page.html": "<chatkit" * 3000,
    }

    async def session() -> None:
        async with editor(tmp_path) as at:
            for name, text in texts.items():
                at.open(tmp_path / name, text)
                await at.diagnostics(tmp_path / name)
            assert await at.codes(tmp_path / "lone.py") == ["CK101"]
            assert await at.codes(tmp_path / "halves.py") == ["CK101"]
            assert await at.codes(tmp_path / "large.py") == []
            at.open(tmp_path / "a.py")
            assert await at.codes(tmp_path / "a.py") == ["CK101"]
            assert at.messages == []

    asyncio.run(session())


def test_requests_can_be_taken_back(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": BROKEN})
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            params = types.HoverParams(types.TextDocumentIdentifier(path.as_uri()), types.Position(0, 6))
            waiting = at.client.protocol.send_request_async(types.TEXT_DOCUMENT_HOVER, params, msg_id="hover")
            asked = asyncio.ensure_future(waiting)
            await asyncio.sleep(0)
            at.client.cancel_request(types.CancelParams("hover"))
            with pytest.raises(Exception, match="cancel"):
                await asked
            assert await at.codes(path) == ["CK101"]

    asyncio.run(session())


def test_while_somebody_types_on_only_the_last_state_is_told(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": BROKEN})
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path) as at:
            at.open(path)
            await at.diagnostics(path)
            for number in range(30):
                at.write(path, f"{BROKEN}# {number}\n")
                await asyncio.sleep(0.01)
            at.write(path, "from chatkit.types import Thread\n")
            assert await at.codes(path) == []

    asyncio.run(session())


def test_an_editor_that_answers_with_errors_is_served_all_the_same(tmp_path: Path) -> None:
    write_files(tmp_path, {"requirements.txt": REQUIREMENTS, "a.py": BROKEN})
    path = tmp_path / "a.py"

    async def session() -> None:
        async with editor(tmp_path, settings=ValueError("no such thing")) as at:
            at.client.protocol.notify("nobody/knows", {"this": 1})
            at.open(path)
            assert await at.codes(path) == ["CK101"]
            await at.until(lambda: at.logged, "what went wrong")
            assert at.messages == []

    asyncio.run(session())


def message(body: str) -> bytes:
    return f"Content-Length: {len(body.encode())}\r\n\r\n{body}".encode()


INITIALIZE = (
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":null,"rootUri":null,"capabilities":{}}}'
)
SHUTDOWN = '{"jsonrpc":"2.0","id":2,"method":"shutdown"}'
EXIT = '{"jsonrpc":"2.0","method":"exit"}'


@pytest.mark.parametrize(
    ("said", "code"),
    [([INITIALIZE, SHUTDOWN, EXIT], 0), ([INITIALIZE, EXIT], 1), ([INITIALIZE], 1), ([], 1)],
    ids=["shutdown and exit", "exit", "gone", "never there"],
)
def test_it_ends_as_the_protocol_says(said: list[str], code: int, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chatkit_doctor", "lsp", "--stdio"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        out, _ = process.communicate(b"".join(map(message, said)), timeout=60)

    assert process.returncode == code
    assert out.count(b"Content-Length") == sum("id" in each for each in said)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    hiding = "import sys; sys.modules['pygls'] = None; import runpy; sys.argv = ['chatkit-doctor', 'lsp']; "
    program = hiding + "runpy.run_module('chatkit_doctor', run_name='__main__')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, cwd=tmp_path, check=False
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "error: lsp needs pygls, the extra `lsp` of chatkit-doctor: pip install 'chatkit-doctor[lsp]'"
    ]
