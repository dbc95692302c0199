"""CK606: the day decides how bad it is, and an app is named once, with its page and its session route."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.contracts.dates import TODAY, hosted_workflows_end
from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_files

PAGE = """
import { useChatKit } from "@openai/chatkit-react"
export const useChat = () => useChatKit({ api: { getClientSecret: () => fetch("/api/session") } })
"""
ROUTE = """
export async function POST() {
  return fetch("https://api.openai.com/v1/chatkit/sessions", { method: "POST" })
}
"""
PHP = """<?php
// POST https://api.openai.com/v1/chatkit/sessions makes one.
$made = wp_remote_post('https://api.openai.com/v1/chatkit/sessions', $call);
"""
PYTHON = """
import os, httpx

BASE = os.getenv("CHATKIT_API_BASE") or "https://api.openai.com"


async def session():
    return await httpx.AsyncClient(base_url=BASE).post("/v1/chatkit/sessions")
"""


def findings(root: Path, files: dict[str, str]) -> list[Finding]:
    write_files(root, files)
    return [each for each in run([root], Options()).findings if each.code == "CK606"]


@pytest.mark.parametrize(
    ("day", "severity", "verb"),
    [
        ("2026-11-29", Severity.WARNING, "shuts"),
        ("2026-11-30", Severity.ERROR, "shut"),
        ("2027-03-01", Severity.ERROR, "shut"),
    ],
)
def test_it_is_an_error_from_the_day_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, severity: Severity, verb: str
) -> None:
    monkeypatch.setenv(TODAY, day)

    (found,) = findings(tmp_path, {"chat.ts": PAGE})

    assert found.severity is severity
    assert f"OpenAI {verb} down on {hosted_workflows_end().isoformat()}" in found.message


@pytest.mark.parametrize("route", [("api/session.ts", ROUTE), ("api/session.php", PHP), ("api/session.py", PYTHON)])
def test_page_and_route_are_one_finding(tmp_path: Path, route: tuple[str, str]) -> None:
    name, text = route

    (found,) = findings(tmp_path, {"package.json": "{}", "chat.ts": PAGE, name: text})

    assert found.at.path == tmp_path / "chat.ts"
    assert f"{name}:" in found.message
    line = int(found.message.split(f"{name}:")[1].split()[0])
    assert "/v1/chatkit/sessions" in text.lstrip("\n").splitlines()[line - 1]
    assert "//" not in text.lstrip("\n").splitlines()[line - 1].replace("https://", "")


def test_a_frontend_and_the_backend_beside_it_are_one(tmp_path: Path) -> None:
    files = {
        "shop/frontend/package.json": "{}",
        "shop/frontend/src/chat.ts": PAGE,
        "shop/backend/requirements.txt": "httpx\n",
        "shop/backend/session.py": PYTHON,
        "help/package.json": "{}",
        "help/chat.ts": PAGE,
    }

    found = findings(tmp_path, files)

    assert [each.at.path.relative_to(tmp_path).as_posix() for each in found] == [
        "help/chat.ts",
        "shop/frontend/src/chat.ts",
    ]
    assert "shop/backend/session.py" in found[1].message
    assert "session.py" not in found[0].message


def test_a_server_alone_is_found(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, {"app.py": PYTHON})

    assert found.at.text == '"/v1/chatkit/sessions"'


def test_tests_and_routes_of_ones_own_are_not(tmp_path: Path) -> None:
    files = {
        "chat.test.ts": PAGE,
        "tests/test_session.py": PYTHON,
        "api.ts": 'export const list = () => fetch("/api/v1/chatkit/sessions", { headers: { key: "OPENAI_API_KEY" } })',
    }

    assert findings(tmp_path, files) == []


BASE = "https://api.openai.com/v1"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("api/session.ts", f"const BASE = '{BASE}';\nexport const POST = () => fetch(`${{BASE}}/chatkit/sessions`);\n"),
        ("api/session.js", f'const BASE = "{BASE}";\nexport const POST = () => fetch(BASE + "/chatkit/sessions");\n'),
        ("api/session.py", f'BASE = "{BASE}"\n\ndef session():\n    return post(f"{{BASE}}/chatkit/sessions")\n'),
        ("api/session.php", f"<?php\n$base = '{BASE}';\n$made = wp_remote_post($base . '/chatkit/sessions', $call);\n"),
    ],
)
def test_a_path_behind_a_base_is_a_session_route(tmp_path: Path, name: str, text: str) -> None:
    (found,) = findings(tmp_path, {"package.json": "{}", "chat.ts": PAGE, name: text})

    line = next(number for number, each in enumerate(text.splitlines(), 1) if "/chatkit/sessions" in each)
    assert f"{name}:{line} " in found.message


def test_a_path_of_ones_own_beside_such_a_base_is_none(tmp_path: Path) -> None:
    text = f"const BASE = '{BASE}';\napp.get('/chatkit/sessions', () => fetch(`${{BASE}}/models`));\n"

    assert findings(tmp_path, {"package.json": "{}", "api/list.js": text}) == []
