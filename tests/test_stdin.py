"""Standard input in the place of a file: an editor's buffer, scanned in its project, mended on the way through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import call
from tests.projects import write_files

CHAT = b"""\
import type { ChatKitOptions } from '@openai/chatkit'

export const options: ChatKitOptions = {
  api: { url: '/chatkit' },
}
"""
FIXED = CHAT.replace(b"'/chatkit' ", b"'/chatkit', domainKey: 'local-dev' ")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a project whose file on disk is sound."""
    write_files(tmp_path, {"package.json": "{}", "web/chat.ts": FIXED.decode(), "web/other.ts": CHAT.decode()})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_comes_in_is_scanned_under_its_name_and_alone() -> None:
    outcome = call("scan", "-", "--stdin-filename", "web/chat.ts", "--format", "concise", stdin=CHAT)

    assert outcome.code == 1
    assert outcome.stdout.splitlines() == [
        (
            "web/chat.ts:4:3: error: api has a url and no domainKey, so ChatKit refuses the options and draws nothing"
            " [CK401] [fix: safe]"
        ),
        "1 error in 1 file. It is fixable with --fix.",
    ]


@pytest.mark.parametrize("name", ["web/../web/./chat.ts", "web/new.ts", "new/folder/chat.tsx"])
def test_the_file_need_not_exist_and_its_path_may_be_roundabout(name: str, project: Path) -> None:
    outcome = call("scan", "-", "--stdin-filename", name, "--format", "json", stdin=CHAT)

    document = json.loads(outcome.stdout)
    assert [each["path"] for each in document["findings"]] == [name.replace("../web/./", "")]
    assert document["summary"]["files_scanned"] == 1
    assert call("scan", "-", "--stdin-filename", name, "--format", "concise", stdin=FIXED).code == 0


def test_the_rest_of_the_project_is_there(project: Path) -> None:
    text = "from chatkit.store import Store\n\nclass Base(Store[dict]):\n    pass\n"
    write_files(project, {"api/base.py": text})
    buffer = b"from .base import Base\n\nclass Memory(Base):\n    pass\n\nstore = Memory()\n"
    flags = ("--select", "CK201", "--format", "concise", "-q")

    outcome = call("scan", "-", "--stdin-filename", "api/memory.py", *flags, stdin=buffer)

    assert outcome.stdout.startswith("api/memory.py:3:7: error: ")


def test_fix_sends_the_fixed_text_on_and_the_report_to_standard_error(project: Path) -> None:
    outcome = call("scan", "-", "--stdin-filename", "web/chat.ts", "--fix", stdin=CHAT)

    assert (outcome.code, outcome.stdout) == (0, FIXED.decode())
    assert "Nothing left in 1 file (1 fixed)." in outcome.stderr
    assert (project / "web/chat.ts").read_bytes() == FIXED


@pytest.mark.parametrize(
    "data",
    [
        CHAT.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + CHAT,
        b"\xff\xfe" + CHAT.decode().encode("utf-16-le"),
        CHAT.rstrip(b"\n"),
        CHAT.replace(b"export", "// café 👋\rexport".encode()),
    ],
    ids=["crlf", "bom", "utf-16", "no-last-newline", "unicode-and-lone-cr"],
)
@pytest.mark.parametrize("name", ["web/chat.ts", "web/new.ts"])
def test_what_goes_on_keeps_its_bytes_but_for_the_fix(data: bytes, name: str) -> None:
    encoding = "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-8"
    old, new = "'/chatkit' ".encode(encoding), "'/chatkit', domainKey: 'local-dev' ".encode(encoding)
    wanted = data.replace(old, new)

    outcome = call("scan", "-", "--stdin-filename", name, "--fix", "--quiet", stdin=data)

    assert outcome.stdout_bytes == wanted


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("web/chat.ts", FIXED, 0),
        ("web/chat.ts", b"", 0),
        ("README.md", b"# nothing for the doctor\n", 3),
        ("api/app.py", b"import chatkit\ndef broken(:\n", 1),
    ],
)
def test_what_is_not_mended_goes_on_as_it_is(name: str, data: bytes, code: int) -> None:
    outcome = call("scan", "-", "--stdin-filename", name, "--fix", stdin=data)

    assert (outcome.code, outcome.stdout_bytes) == (code, data)


def test_diff_shows_a_diff_and_does_not_send_the_text_on() -> None:
    for flags in (["--diff"], ["--diff", "--fix"]):
        outcome = call("scan", "-", "--stdin-filename", "web/chat.ts", *flags, stdin=CHAT)
        assert outcome.code == 1
        assert outcome.stdout.startswith("--- web/chat.ts\n+++ web/chat.ts\n")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["-"], "needs --stdin-filename"),
        (["--stdin-filename", "a.py"], "goes with - as the only path"),
        (["-", "web", "--stdin-filename", "a.py"], "goes with - as the only path"),
    ],
)
def test_a_half_call_is_one_line(arguments: list[str], complaint: str) -> None:
    outcome = call("scan", *arguments, stdin=CHAT)

    assert (outcome.code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    assert complaint in outcome.stderr


@pytest.mark.parametrize(("data", "reason"), [(b"a\0b", "NUL bytes"), (b"caf\xe9", "byte 3 is not valid utf-8")])
def test_what_is_not_text_is_one_line(data: bytes, reason: str) -> None:
    outcome = call("scan", "-", "--stdin-filename", "web/chat.ts", "--fix", stdin=data)

    assert (outcome.code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)
    assert reason in outcome.stderr
