"""Projects whose every name, key, version and text is somebody's trick, and all that the command prints of them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from chatkit_doctor.reports import FORMATS
from tests.commands import Outcome, call, run
from tests.torture.foreign import HOSTILE, assert_harmless, commands
from tests.torture.scale import amount, chance

TEXTS = chance("names").sample(HOSTILE, amount(4, len(HOSTILE)))
_OURS = re.compile(r"(?m)^::(?=(?:error|warning|notice) [a-zA-Z]+=)")

PYTHON = """\
from chatkit.server import ChatKitServer
from chatkit.store import Store, {module}
from chatkit.types import ThreadMetadata, ProgressUpdateEvent
import chatkit.{module}

class MyStore(Store[dict]):
    def load_thread(self, thread_id, context): return {text!r}

async def respond(thread):
    yield ProgressUpdateEvent(type={text!r}, icon={text!r}, text="x", {module}=1)
    # chatkit-doctor: ignore[{line}] {line}
    return ThreadMetadata(id={text!r}, status={{"type": {text!r}}})
"""
WEB = """\
import {{ useChatKit }} from '@openai/chatkit-react'
// chatkit-doctor: ignore[{line}]
const options = {{
  api: {{ apiURL: {string}, {string}: 1 }},
  {string}: `{raw}`,
  theme: {{ colorScheme: {string}, radius: `{raw}` }},
  startScreen: {{ prompts: [{{ name: {string}, prompt: {string}, icon: {string}, {string}: 2 }}] }},
  locale: {string},
}}
export const Chat = () => useChatKit({{ ...options, onNoSuch: () => {string} }})
"""
PAGE = """\
<html><head><script src="https://cdn.platform.openai.com/{raw}/chatkit.js"></script></head>
<body><openai-chatkit id="{raw}" {raw}="x"></openai-chatkit></body></html>
"""


def write_project(root: Path, text: str) -> None:
    """Write a project that holds a text wherever a project can hold one."""
    line = " ".join(text.split("\n"))
    holes = {
        "text": text,
        "line": line,
        "raw": text,
        "string": json.dumps(text, ensure_ascii=False),
        "module": "nothing",
    }
    name = text.replace("/", "-")
    folder = root / name
    folder.mkdir()
    for path, template in {
        folder / f"{name}.py": PYTHON,
        root / "server.py": PYTHON,
        folder / f"{name}.tsx": WEB,
        root / "Chat.tsx": WEB,
        folder / f"{name}.html": PAGE,
    }.items():
        path.write_text(template.format(**holes), encoding="utf-8", newline="")
    (folder / "broken.py").write_text(f"import chatkit\nx = {text!r} (\n", encoding="utf-8")
    (root / "requirements.txt").write_text(
        f"openai-chatkit=={line}\n-r {line}\nopenai-chatkit {line}\n", encoding="utf-8"
    )
    dependencies = {"@openai/chatkit": text, "@openai/chatkit-react": f"^1.{text}", text: "1"}
    (root / "package.json").write_text(json.dumps({"name": text, "dependencies": dependencies, "workspaces": [text]}))
    (folder / "package.json").write_text(json.dumps({"dependencies": {"@openai/chatkit": 1, text: text}}))
    (folder / "tsconfig.json").write_text(
        json.dumps({"extends": f"./{text}", "compilerOptions": {"paths": {text: [text]}}})
    )
    locked = f'version = 1\n[[package]]\nname = "openai-chatkit"\nversion = {json.dumps(text)}\n'
    (root / "uv.lock").write_text(locked, encoding="utf-8")
    (folder / "pyproject.toml").write_text(f"[project]\ndependencies = [{json.dumps(f'openai-chatkit {text}')}]\n")
    (root / ".gitignore").write_text(f"# {line}\n", encoding="utf-8")


def assert_harmless_outcome(outcome: Outcome, name: str = "") -> None:
    assert outcome.code in {0, 1}, outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert_harmless(outcome.stderr)
    printed = outcome.stdout_bytes.decode()
    if name == "agent":
        # What marks the end of a name with blanks in a diff.
        printed = printed.replace("\t\n", "\n")
    assert_harmless(_OURS.sub("", printed) if name == "github" else printed)


@pytest.fixture(params=TEXTS)
def text(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the text that the project in the working directory holds everywhere."""
    chosen: str = request.param
    write_project(tmp_path, chosen)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    return chosen


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_lets_a_trick_through(text: str, name: str) -> None:
    outcome = call("scan", "--format", name, "--verbose")

    assert outcome.code == 1
    assert_harmless_outcome(outcome, name)
    if "json" in name:
        assert all(json.loads(line) for line in (outcome.stdout.splitlines() if name == "jsonl" else [outcome.stdout]))


def test_nor_does_a_fix_or_what_is_said_of_one(text: str) -> None:
    assert_harmless_outcome(call("scan", "--statistics"))
    assert_harmless_outcome(call("baseline"))
    assert_harmless_outcome(call("scan", "--baseline", "chatkit-doctor-baseline.json"))
    outcome = call("scan", "--diff", "--unsafe-fixes")
    stopped = re.match(r"::stop-commands::(\w+)\n(.*)::\1::\n", outcome.stdout, re.DOTALL)
    assert stopped is not None or not commands(outcome.stdout)
    assert_harmless(outcome.stderr)
    assert_harmless_outcome(call("scan", "--fix", "--unsafe-fixes", "--verbose"))


def test_settings_that_are_wrong_are_named_and_no_more(text: str) -> None:
    quoted = json.dumps(text)
    for line in (
        f"{quoted} = 1",
        f"select = [{quoted}]",
        f"targets = {{ {quoted} = {quoted} }}",
        f"exclude = {quoted}",
    ):
        Path("chatkit-doctor.toml").write_text(f"{line}\n", encoding="utf-8")
        outcome = call("scan")
        assert outcome.code == 2
        assert_harmless(outcome.stderr)
    Path("chatkit-doctor.toml").write_text(f"exclude = [{json.dumps('x' + text)}]\n", encoding="utf-8")
    for options in ([], ["--json"]):
        assert_harmless_outcome(call("config", "show", *options))


@pytest.mark.parametrize("name", ["bad.toml", "nothing"])
def test_paths_that_are_given_are_named_and_no_more(text: str, name: str) -> None:
    given = f"{text.replace('/', '-')}-{name}"
    for before in (["scan"], ["scan", "--config"], ["scan", "--baseline"], ["config", "show"]):
        outcome = call(*before, given)
        assert outcome.code == 2
        assert_harmless(outcome.stderr)
        assert outcome.stdout == ""


def test_names_that_are_no_text_are_printed_as_some(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\x1b[31m\x9b31m::error::")
    (tmp_path / f"{name}.py").write_text("import chatkit.nothing\n")

    for each in FORMATS:
        outcome = run(tmp_path, "scan", "--format", each, GITHUB_ACTIONS="true", PYTHONIOENCODING="ascii")
        assert_harmless_outcome(outcome, each)
