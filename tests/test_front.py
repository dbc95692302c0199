"""What is answered before typer loads is what typer and the whole scan would have made of the call."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatkit_doctor.commands import scan as scan_command
from chatkit_doctor.commands.call import COLORS, FORMATS, SEVERITIES, ScanCall, read_scan
from chatkit_doctor.commands.cli import Color, Format
from chatkit_doctor.commands.front import answer
from chatkit_doctor.finding import Severity
from chatkit_doctor.reports import FORMATS as RENDERED
from chatkit_doctor.reports.counts import nothing_of_chatkit
from tests.commands import typed
from tests.projects import write_files

UNRELATED = {"app/main.py": "import json\n", "web/page.html": "<p>hi</p>\n", "package.json": "{}", "x.php": "<?php\n"}
WITNESS = "from chatkit.stores import Store\n"


def by_typer(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[str, int]:
    with pytest.raises(SystemExit) as ended:
        typed(words)
    assert isinstance(ended.value.code, int)
    return capsys.readouterr().out, ended.value.code


# Words of a call, of which some make no sense together or at all.
_WORDS = (
    *("--fix", "--unsafe-fixes", "--no-unsafe-fixes", "--diff", "--isolated", "--force-exclude", "--add-ignores"),
    *("--statistics", "--exit-zero", "--exit-non-zero-on-fix", "--quiet", "-q", "--verbose", "-v", "--no-cache"),
    *("--select", "--select=CK1", "--ignore", "--ignore=CK2,", "--format", "--format=json", "--format=", "json"),
    *("--output", "--output=x.json", "--target", "--target=openai-chatkit=1.4.0", "--config", "--config=c.toml"),
    *("--baseline=b.json", "--min-severity", "--min-severity=error", "error", "--min-severity=bad", "a.py", "-", "."),
    *("--stdin-filename", "--stdin-filename=a.py", "--color", "--color=always", "never", "--", "-qv", "--quiet=1"),
    *("", "--nonsense", "--sel", "CK101", "./", "a b", "-x"),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(_WORDS), max_size=6))
def test_a_call_is_read_as_typer_reads_it_or_left_to_it(monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    calls: list[ScanCall] = []

    def note(call: ScanCall) -> int:
        calls.append(call)
        return 0

    monkeypatch.setattr(scan_command, "run_scan", note)

    read = read_scan(words)
    with pytest.raises(SystemExit):
        typed(["scan", *words])

    if read is not None:
        (by_typer,) = calls
        read_fields = {name: getattr(read, name) for name in ScanCall.__annotations__}
        paths = tuple(str(Path(path)) for path in read.paths)
        # A path that typer has made is written in one way.
        read_fields |= {
            name: str(Path(given)) for name in ("config", "baseline", "stdin_filename") if (given := read_fields[name])
        }
        assert read_fields | {"paths": paths} == {name: getattr(by_typer, name) for name in ScanCall.__annotations__}


def test_plain_calls_do_not_go_to_typer() -> None:
    for words in ([], ["."], ["-q", "a", "b"], ["--format", "json", "--select=CK1", "--no-cache"], ["--fix", "--diff"]):
        assert read_scan(words) is not None


def test_choices_are_those_of_the_flags() -> None:
    assert FORMATS == tuple(Format) == tuple(RENDERED)
    assert tuple(Color) == COLORS
    assert tuple(Severity) == SEVERITIES


TREES: dict[str, dict[str, str]] = {
    "nothing of ChatKit": UNRELATED,
    "no file": {},
    "no file to scan": {"README.md": "chatkit\n", "package.json": "{}", "x.php": "<?php chatkit"},
    "one file": {"a.py": "x = 1\n"},
    "ChatKit": UNRELATED | {"app/server.py": WITNESS},
    "ChatKit in another case": UNRELATED | {"app/server.py": "# CHATKIT\n", "web/a.ts": "// chat-kit\n"},
    "ChatKit in a manifest": UNRELATED | {"requirements.txt": "openai-chatkit\n# chatkit-doctor: ignore[CK101]\n"},
    "settings": UNRELATED | {"chatkit-doctor.toml": 'exclude = ["app"]\n'},
    "settings below": UNRELATED | {"app/chatkit-doctor.toml": 'exclude = ["*"]\n'},
    "settings that exclude all": {"a.py": "", "pyproject.toml": '[tool.chatkit-doctor]\nexclude = ["*"]\n'},
    "broken settings": UNRELATED | {"chatkit-doctor.toml": "exclude = 3\n"},
    "a pyproject without settings": UNRELATED | {"pyproject.toml": "[project]\nname = 'x'\n"},
    "ChatKit in an app apart": UNRELATED | {"a/requirements.txt": "", "a/server.py": WITNESS, "app/pyproject.toml": ""},
    "ChatKit in an app that names another": {
        "app/main.py": "def new() -> str: ...\n",
        "app/pyproject.toml": "",
        "other/requirements.txt": "app\n",
        "other/server.py": f"{WITNESS}from app.main import new\n",
    },
    "ChatKit in the other half": {"app/main.ts": "", "app/package.json": "{}", "server/api.py": WITNESS},
    "a file that is ignored, with settings": UNRELATED
    | {".git/HEAD": "", ".gitignore": "app/\n", "app/chatkit-doctor.toml": 'exclude = ["*"]\n'},
    "ignored files": UNRELATED | {".gitignore": "app/\n", "dist/a.py": WITNESS, "node_modules/b.js": WITNESS},
}
CALLS = (
    *(["scan"], ["scan", "-q"], ["scan", "--verbose"], ["scan", "--format", "concise"], ["scan", "--exit-zero"]),
    *(["scan", "--isolated"], ["scan", "--select", "CK1"], ["scan", "app", "web"], ["scan", ".", "./app"]),
    *(["scan", "app/main.py"], ["scan", "app/main.py", "web/page.html", "-q"], ["scan", "x.php"]),
    ["scan", "app/main.py", "--force-exclude"],
)


@pytest.mark.parametrize("tree", TREES)
def test_what_is_answered_at_once_is_what_a_scan_says(
    tree: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(tmp_path, TREES[tree])
    monkeypatch.chdir(tmp_path)
    for call in CALLS:
        if all(Path(word).exists() for word in call[1:] if word.startswith(("app", "web"))):
            assert _answered(call, capsys) == by_typer(call, capsys)


def test_settings_above_a_folder_hold_up_to_its_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(tmp_path, {"pyproject.toml": '[tool.chatkit-doctor]\nexclude = ["*.py"]\n'})
    write_files(tmp_path, {"in/a.py": "", "in/b.ts": ""})
    monkeypatch.chdir(tmp_path / "in")
    assert _answered(["scan"], capsys) == (nothing_of_chatkit(1) + "\n", 0)

    write_files(tmp_path, {"in/.git/HEAD": ""})

    assert _answered(["scan"], capsys) == (nothing_of_chatkit(2) + "\n", 0)


def test_a_folder_that_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_files(tmp_path, UNRELATED)
    monkeypatch.chdir(tmp_path)
    scandir = os.scandir

    def failing(path: str) -> object:
        if str(path).endswith("app"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", failing)

    text, code = _answered(["scan", "--format", "concise"], capsys)

    assert code == 1
    assert text.startswith("app:1:1: error: app cannot be read: permission denied [CK903]\n")


def _answered(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[str, int]:
    try:
        code: object = answer(words)
    except SystemExit as ended:
        code = ended.code
    assert isinstance(code, int)
    return capsys.readouterr().out, code
