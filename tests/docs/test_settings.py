"""docs/settings.md: what its example says is what a scan then does."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from chatkit_doctor.scanning.settings.schema import json_schema
from tests.commands import call
from tests.docs.pages import blocks
from tests.projects import write_files

PAGE = "docs/settings.md"
EXAMPLE, IN_EDITORS = (block.text for block in blocks(PAGE, "toml"))

STORE = """
    from chatkit.store import Store


    class ShopStore(Store[dict]):
        pass


    store = ShopStore()
    """
MODULE = "from chatkit.stores import Store\n"
# CK409 and nothing else.
CHAT = """
    import { useChatKit } from '@openai/chatkit-react'

    export const useChat = () => useChatKit({ api: { url: '/chatkit', domainKey: 'local-dev' } })
    """
FILES = {
    ".git/HEAD": "",
    "app.py": MODULE,
    "tests/fakes.py": STORE,
    "examples/app.py": MODULE,
    "Chat.tsx": CHAT,
}


def found() -> tuple[set[tuple[str, str, str]], list[str]]:
    """Return each finding as path, code and severity, and the releases checked against, as they are told."""
    document = json.loads(call("scan", "--format", "json").stdout)
    findings = {(each["path"], each["code"], each["severity"]) for each in document["findings"]}
    return findings, [f"{each['version']} {each['from']}" for each in document["targets"]]


@pytest.mark.parametrize("shared", [False, True], ids=["chatkit-doctor.toml", "pyproject.toml"])
def test_the_example_does_what_its_comments_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, shared: bool
) -> None:
    write_files(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)
    assert {code for _, code, _ in found()[0]} == {"CK101", "CK201", "CK409"}

    name = "pyproject.toml" if shared else "chatkit-doctor.toml"
    write_files(tmp_path, {name: _in_pyproject(EXAMPLE) if shared else EXAMPLE})
    findings, targets = found()

    assert findings == {("app.py", "CK101", "warning")}
    assert targets == [f"1.4.0 {name}"]


def _in_pyproject(text: str) -> str:
    return "[tool.chatkit-doctor]\n" + text.replace("\n[", "\n[tool.chatkit-doctor.")


def test_the_example_has_every_key() -> None:
    assert {*tomllib.loads(EXAMPLE), "select"} == set(json_schema()["properties"])
    assert "`select`" in EXAMPLE


def test_the_line_for_editors_is_a_comment_and_names_the_schema_as_saved() -> None:
    assert tomllib.loads(IN_EDITORS) == {}
    assert IN_EDITORS.startswith("#:schema ./")
