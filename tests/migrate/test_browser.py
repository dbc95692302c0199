"""A migrated page in Chromium against its migrated server: two turns, streamed, and the thread is known."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.commands import call
from tests.forked import programs
from tests.migrate.hosted import PLAIN, committed
from tests.reference.browser import CHROMIUM, Site, launch, open_page

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")


@contextmanager
def serving(folder: Path, origin: str) -> Iterator[str]:
    """Run a migrated server, with its scripted model, for one origin; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "ALLOWED_ORIGINS": origin,
        "DATABASE": ":memory:",
        "SECRET_KEY": "a key that nobody but this test knows",
        "PUBLIC_URL": f"http://localhost:{port}",
    }
    for name in ("GEMINI_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "CHAT_API_KEY"):
        environment.pop(name, None)
    command = ["-m", "uvicorn", "app.main:app", "--port", str(port), "--log-level", "warning"]
    log = folder.parent / "uvicorn.log"
    with log.open("wb") as written:
        process = programs.start(command, folder, environment, written, written)
    try:
        _wait(f"http://localhost:{port}/health")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(url: str) -> None:
    for _ in range(240):
        try:
            httpx.get(url).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.25)
        else:
            return
    raise AssertionError(f"{url} does not answer")


def test_two_turns_are_streamed_into_a_migrated_page(tmp_path: Path) -> None:
    call("migrate", str(committed(tmp_path, PLAIN)), "--write")

    with (
        Site(tmp_path / "public") as site,
        serving(tmp_path / "backend", site.origin) as server,
        sync_playwright() as play,
    ):
        browser = launch(play)
        with open_page(browser) as (page, errors):
            page.add_init_script(f"window.CHATKIT_URL = '{server}/chatkit'")
            page.goto(site.origin)
            said = page.locator("article")
            for message, answer in (
                ("My name is Ada", "Nice to meet you, Ada."),
                ("What is my name?", "Your name is Ada."),
            ):
                page.get_by_label("Message").fill(message)
                page.get_by_role("button", name="Send").click()
                expect(said.last).to_have_text(answer, timeout=30_000)
                # Nothing can be sent before the stream is at its end.
                expect(page.get_by_role("button", name="Stop")).to_be_hidden(timeout=30_000)
            if pictures := os.environ.get("MIGRATE_PICTURES"):
                page.set_viewport_size({"width": 720, "height": 420})
                page.screenshot(path=Path(pictures) / "migrate-chat.png")
        browser.close()

    assert errors == []
