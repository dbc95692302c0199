"""Whole apps, migrated: the page speaks to the new server, what served the secret is gone, and a scan is clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.finding import Severity
from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from tests.commands import call
from tests.migrate.hosted import NEXT, PLAIN, VITE, committed, contents, git

APPS = {"next": NEXT, "vite": VITE, "plain": PLAIN}


def migrated(root: Path, files: dict[str, str], *arguments: str) -> dict[str, str]:
    """Migrate an app and return the texts of its files."""
    outcome = call("migrate", str(committed(root, files)), "--write", *arguments)
    assert (outcome.code, outcome.stderr) == (0, "")
    return {name: data.decode() for name, data in contents(root).items()}


@pytest.mark.parametrize("name", APPS)
def test_a_scan_finds_nothing_afterwards(tmp_path: Path, name: str) -> None:
    files = migrated(tmp_path, APPS[name])

    found = run([tmp_path], Options(min_severity=Severity.WARNING)).findings

    assert [each.message for each in found] == []
    assert not any("getClientSecret" in text or "/v1/chatkit/sessions" in text for text in files.values())


@pytest.mark.parametrize("name", APPS)
def test_every_web_file_still_parses(tmp_path: Path, name: str) -> None:
    for path, text in migrated(tmp_path, APPS[name]).items():
        if path.endswith((".ts", ".tsx", ".js", ".html")):
            assert Document(Source(tmp_path / path, text)).error_count == 0, path


@pytest.mark.parametrize("name", APPS)
def test_git_brings_the_app_back(tmp_path: Path, name: str) -> None:
    committed(tmp_path, APPS[name])
    before = contents(tmp_path)

    call("migrate", str(tmp_path), "--write")
    assert contents(tmp_path) != before
    git(tmp_path, "checkout", "--quiet", ".")
    git(tmp_path, "clean", "--quiet", "--force", "-d", "-x")

    assert contents(tmp_path) == before


def test_the_state_of_a_next_page_that_only_served_the_secret_goes(tmp_path: Path) -> None:
    files = migrated(tmp_path, NEXT)

    page = files["components/Help.tsx"]
    for gone in ("isStarting", "isConfigured", "WORKFLOW_ID", "SESSION_PATH", "reasonOf", "useCallback", "One moment"):
        assert gone not in page
    assert 'className={problem ? "opacity-0" : "block"}' in page
    assert "<Notice text={null} error={problem} />" in page
    assert 'console.debug("help", { problem });' in page
    # What served the script as well stays.
    assert 'script: "The chat cannot be loaded."' in page
    assert "isMounted.current = false" in page
    assert files["lib/settings.ts"].strip() == 'export const GREETING = "How can we help?";'
    assert "app/api/create-session/route.ts" not in files


def test_a_next_page_reads_its_public_environment(tmp_path: Path) -> None:
    files = migrated(tmp_path, NEXT)

    page = files["components/Help.tsx"]
    assert 'url: process.env.NEXT_PUBLIC_CHATKIT_URL || "http://localhost:8000/chatkit",' in page
    assert 'domainKey: process.env.NEXT_PUBLIC_CHATKIT_DOMAIN_KEY || "local-dev",' in page
    assert 'uploadStrategy: { type: "two_phase" },' in page
    assert "fetch: fetchAsUser," in page
    example = files[".env.example"]
    assert "NEXT_PUBLIC_CHATKIT_URL=" in example
    assert "ANALYTICS=on" in example
    assert "WORKFLOW" not in example
    assert "Agent Builder" not in example
    assert "Of the project" not in example
    assert "OPENAI_API_KEY" not in example
    assert "OPENAI_API_KEY=" in files["backend/.env.example"]
    assert "http://localhost:3000" in files["backend/app/settings.py"]


def test_a_module_that_only_made_the_secret_is_deleted(tmp_path: Path) -> None:
    files = migrated(tmp_path, VITE)

    assert "frontend/src/session.ts" not in files
    page = files["frontend/src/Chat.tsx"]
    assert "useMemo" not in page
    # The server beside it listens on 8000.
    assert "import.meta.env.VITE_CHATKIT_URL || 'http://localhost:8001/chatkit'" in page
    assert "http://localhost:3100" in files["backend/app/settings.py"]


def test_a_python_route_goes_with_what_only_it_used(tmp_path: Path) -> None:
    server = migrated(tmp_path, VITE)["server/main.py"]

    for gone in ("httpx", "make_session", "WORKFLOW_ID", "import os", "Request", "whoever comes"):
        assert gone not in server
    assert server.endswith("return [str(uuid.uuid4())]\n")
    compile(server, "main.py", "exec")


def test_an_express_route_goes_and_the_other_routes_stay(tmp_path: Path) -> None:
    files = migrated(tmp_path, PLAIN)

    server = files["server.js"]
    for gone in ("/session", "apiKey", "nameOf", "Makes a session"):
        assert gone not in server
    assert "app.get('/hours'" in server
    assert "app.listen(4000);" in server
    assert "http://localhost:4000" in files["backend/app/settings.py"]


def test_a_readme_keeps_its_line_ends(tmp_path: Path) -> None:
    readme = migrated(tmp_path, PLAIN | {"README.md": "# Helpdesk\r\n\r\nAsk Ada.\r\n"})["README.md"]

    assert readme.startswith("# Helpdesk\r\n\r\nAsk Ada.\r\n\r\n## The chat's server\r\n")
    assert readme.count("\r") == readme.count("\r\n") == readme.count("\n")


def test_a_page_without_a_build_can_be_told_its_server(tmp_path: Path) -> None:
    page = migrated(tmp_path, PLAIN)["public/index.html"]

    assert "url: window.CHATKIT_URL || 'http://localhost:8000/chatkit'," in page
    assert "async function secret" not in page
    assert page.count("const fetchAsUser = ") == 1
    assert page.index("const fetchAsUser = ") < page.index("fetch: fetchAsUser")
