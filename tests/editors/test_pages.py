"""What docs/editors.md gives people to paste is what the editors and the server understand."""

from __future__ import annotations

import json
import tomllib

from chatkit_doctor.lsp import actions, wishes
from tests.docs.pages import blocks, rows, text_of

PAGE = "docs/editors.md"


def test_the_settings_are_those_of_the_server() -> None:
    named = [cell.strip("`") for cell, _ in rows(PAGE, "## Settings of the editor")]

    assert named == list(wishes._KNOWN)


def test_helix_starts_the_server_for_each_language() -> None:
    (block,) = blocks(PAGE, "toml")
    told = tomllib.loads(block.text)
    server = told["language-server"]["chatkit-doctor"]

    assert [server["command"], *server["args"]] == ["chatkit-doctor", "lsp"]
    assert wishes.wishes_of(server["config"]) == wishes.Wishes(unsafe_fixes=False)
    assert all(each["language-servers"][-1] == "chatkit-doctor" for each in told["language"])


def test_the_other_snippets_name_what_there_is() -> None:
    vscode, zed = (json.loads(block.text) for block in blocks(PAGE, "json"))

    assert list(vscode["editor.codeActionsOnSave"]) == [actions.FIX_ALL]
    assert zed["lsp"]["pylsp"]["binary"]["arguments"] == ["lsp"]
    (jetbrains,) = (cell for _, field, cell in rows(PAGE, "## JetBrains") if field == "Configuration")
    assert wishes.wishes_of(json.loads(jetbrains.strip("`"))) == wishes.Wishes(unsafe_fixes=False)
    assert actions.FIX_ALL in text_of(PAGE)
