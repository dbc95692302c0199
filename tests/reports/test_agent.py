"""The format for coding agents: each block stands alone, and its edit applies and mends what it is about."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from chatkit_doctor.reports import FORMATS
from tests.commands import call
from tests.projects import write_files
from tests.reports.making import at, fix, report, reported, source

CHAT = """import {{ ChatKit, useChatKit }} from '@openai/chatkit-react'

export function Chat() {{
  const {{ control }} = useChatKit({{ api: {{ {api} }}{options} }})
  return <ChatKit control={{control}} />
}}
"""
API = "url: '/chatkit', domainKey: 'local-dev'"


def chat(api: str = API, options: str = "") -> dict[str, str]:
    return {"web/src/Chat.tsx": CHAT.format(api=api, options=f", {options}" if options else "")}


# What people write wrong most often, each with the rule that says so.
SNIPPETS: dict[str, tuple[str, dict[str, str]]] = {
    "the stores module": ("CK101", {"app.py": "from chatkit.stores import Store\n\n\nclass S(Store): ...\n"}),
    "the models module": ("CK101", {"app.py": "from chatkit.models import ThreadMetadata\n"}),
    "the distribution's name": ("CK101", {"app.py": "from openai_chatkit.server import ChatKitServer\n"}),
    "Event": (
        "CK102",
        {"app.py": "from chatkit.server import ChatKitServer, Event\n\n\ndef f(x: Event) -> None: ...\n"},
    ),
    "the class Attachment": (
        "CK114",
        {"app.py": "from chatkit.types import Attachment\n\n\ndef f(x):\n    return Attachment(**x)\n"},
    ),
    "items of a page": (
        "CK112",
        {"app.py": "from chatkit.types import Page\n\n\ndef f(x):\n    return Page(items=x, has_more=False)\n"},
    ),
    "a type that is text": (
        "CK113",
        {"app.py": "from chatkit.types import UserMessageTextContent as C\n\nx = C(type='text', text='a')\n"},
    ),
    "no domainKey": ("CK401", chat("url: '/chatkit'")),
    "apiURL": ("CK403", chat("apiURL: '/chatkit', domainKey: 'local-dev'")),
    "name for label": ("CK404", chat(options="startScreen: { prompts: [{ name: 'Hi', prompt: 'Hi!' }] }")),
    "an emoji for an icon": (
        "CK405",
        chat(options="startScreen: { prompts: [{ label: 'Hi', prompt: 'Hi!', icon: '👋' }] }"),
    ),
    "a title that is text": ("CK407", chat(options="header: { title: 'Help' }")),
    "control left out": (
        "CK414",
        {"web/src/Chat.tsx": CHAT.format(api=API, options="").replace(" control={control}", "")},
    ),
}


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_the_edit_of_a_common_mistake_applies_and_the_command_proves_it(
    snippet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, files = SNIPPETS[snippet]
    write_files(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    told = call("scan", "--no-cache", "--format", "agent", "--select", code).stdout

    (block, *others) = told.split("\n\n")
    assert re.match(rf"{code} [\w-]+ (error|warning) id=[0-9a-f]{{12}}\nat: [\w./]+:\d+:\d+\nfact: ", block), told
    # All that a later one says is for the files as they are.
    diff = block.partition("\nedit ")[2].partition("\n")[2].partition("\nverify: ")[0]
    patched = subprocess.run(["patch", "-p0"], input=f"{diff}\n", text=True, capture_output=True, check=False)
    assert patched.returncode == 0, patched.stdout + diff

    _, *proof = block.rpartition("verify: ")[2].split()
    again = call(*proof, "--no-cache", "--format", "agent").stdout
    assert block.partition("\n")[0] not in again
    assert len(again.split("\n\n")) == len(others)


def test_an_id_stays_where_the_line_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ids = []
    for before in ("", "# a comment\n\n"):
        write_files(tmp_path, {"app.py": f"{before}from chatkit.stores import Store\n"})
        told = call("scan", "--no-cache", "--format", "agent").stdout
        ids.append(re.findall(r"id=(\w+)", told))

    assert ids[0] == ids[1]
    assert len(ids[0]) == 1


def test_a_finding_without_a_fix_has_no_edit() -> None:
    code = source("one\n")

    text = FORMATS["agent"](report(reported(at(code, "one")), reported(at(code, "one"), with_fix=fix())))

    assert "edit" not in text
    assert text.count("verify: chatkit-doctor scan --select CK903 app.py\n") == 2
    assert "do: Make it good.\n" in text
