"""The fixes of manifests in every format: what they write parses, and nothing else moves."""

from __future__ import annotations

import configparser
import json
import tomllib
from pathlib import Path

import pytest

from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_exactly

_IMPORTS = "from agents import Agent\nfrom chatkit.server import ChatKitServer\n"

_CASES = {
    "inline-array": (
        "pyproject.toml",
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["fastapi", "openai-chatkit==0.3.0"] # all\n',
        '[project]\nname = "x"\nversion = "1"\ndependencies = ["fastapi", "openai-chatkit~=1.6.5"] # all\n',
    ),
    "single-quotes": (
        "pyproject.toml",
        "[project]\nname = 'x'\nversion = '1'\ndependencies = [\n  'chatkit', # the chat\n  'fastapi',\n]\n",
        "[project]\nname = 'x'\nversion = '1'\ndependencies = [\n  'openai-chatkit', # the chat\n  'fastapi',\n]\n",
    ),
    "poetry": (
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.11"\nchatkit-server = "^0.2"\n',
        '[tool.poetry.dependencies]\npython = "^3.11"\nopenai-chatkit = "^1.6.5"\n',
    ),
    "groups": (
        "pyproject.toml",
        '[dependency-groups]\ndev = ["agents>=1", "openai-chatkit>=1.4"]\n',
        '[dependency-groups]\ndev = ["openai-agents~=0.24.0", "openai-chatkit>=1.4"]\n',
    ),
    "pipfile": (
        "Pipfile",
        '[packages]\nfastapi = "*"\nopenai-chatkit = "==0.3.0"\n',
        '[packages]\nfastapi = "*"\nopenai-chatkit = "~=1.6.5"\n',
    ),
    "setup-cfg": (
        "setup.cfg",
        "[options]\ninstall_requires =\n    fastapi\n    chatkit-server>=0.2  # the chat\n",
        "[options]\ninstall_requires =\n    fastapi\n    openai-chatkit>=0.2  # the chat\n",
    ),
    "crlf": (
        "requirements.txt",
        "fastapi\r\nchatkit\r\nuvicorn\r\n",
        "fastapi\r\nopenai-chatkit\r\nuvicorn\r\n",
    ),
    "no-last-line-end": ("requirements.txt", "fastapi\nuvicorn", "fastapi\nuvicorn\nopenai-chatkit~=1.6.5\n"),
    "last-of-an-array": (
        "pyproject.toml",
        '[project]\nname = "x"\nversion = "1"\ndependencies = [\n    "openai-chatkit",\n    "chatkit"\n]\n',
        '[project]\nname = "x"\nversion = "1"\ndependencies = [\n    "openai-chatkit",\n]\n',
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_a_manifest_is_mended_in_its_own_way(tmp_path: Path, name: str) -> None:
    file, before, after = _CASES[name]
    write_exactly(tmp_path, {file: before.encode(), "main.py": _IMPORTS})

    result = run([tmp_path], Options(select=("CK601", "CK602", "CK603"), fix=True, unsafe_fixes=True))

    assert result.fix_result is not None
    assert result.fix_result.texts[tmp_path / file] == after
    _parse(file, after)
    write_exactly(tmp_path, {file: after.encode()})
    assert run([tmp_path], Options(select=("CK601", "CK602", "CK603"))).findings == []


def _parse(file: str, text: str) -> None:
    if file.endswith((".toml", "Pipfile")):
        tomllib.loads(text)
    elif file.endswith(".cfg"):
        configparser.ConfigParser().read_string(text)
    elif file.endswith(".json"):
        json.loads(text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{\n  "dependencies": {\n    "@openai/chatkit-react": "^1.6.1",\n    "chatkit": "^0.9"\n  }\n}\n',
            '{\n  "dependencies": {\n    "@openai/chatkit-react": "^1.6.1"\n  }\n}\n',
        ),
        (
            '{\n\t"dependencies": {\n\t\t"react": "^18.3.1"\n\t}\n}\n',
            '{\n\t"dependencies": {\n\t\t"react": "^18.3.1",\n\t\t"@openai/chatkit-react": "^1.6.1"\n\t}\n}\n',
        ),
        (
            '{ "dependencies": { "@openai/chatkit-react": "^0.1.0" } }\n',
            '{ "dependencies": { "@openai/chatkit-react": "^1.6.1" } }\n',
        ),
    ],
)
def test_a_package_json_is_mended_in_its_own_way(tmp_path: Path, before: str, after: str) -> None:
    page = "import { useChatKit } from '@openai/chatkit-react'\nexport const use = () => useChatKit(options)\n"
    write_exactly(tmp_path, {"package.json": before, "src/chat.ts": page})

    result = run([tmp_path], Options(select=("CK601", "CK602", "CK603"), fix=True, unsafe_fixes=True))

    assert result.fix_result is not None
    assert result.fix_result.texts[tmp_path / "package.json"] == after
    json.loads(after)
    write_exactly(tmp_path, {"package.json": after})
    assert run([tmp_path], Options(select=("CK601", "CK602", "CK603"))).findings == []
