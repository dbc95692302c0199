"""The Testing Checklist, a test for each of its lines: the built frontend in Chromium, the backend on LiteLLM."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.reference.browser import keep, open_browser
from tests.reference.harness import message, running

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

    from tests.reference.harness import Backend

pytestmark = pytest.mark.usefixtures("provider")

# A model answers over HTTP, on a machine that does other things as well.
_PATIENCE = 15_000


@pytest.fixture
def chat(page: Page, frontend: str) -> Page:
    """Open the frontend."""
    page.goto(frontend)
    return page


def messages(chat: Page) -> Locator:
    return chat.locator("article")


def say(chat: Page, text: str, answer: str) -> None:
    """Send a message and wait for the whole answer."""
    chat.get_by_label("Message").fill(text)
    chat.get_by_label("Message").press("Enter")
    expect(messages(chat).last).to_have_text(answer, timeout=_PATIENCE)
    expect(chat.get_by_role("button", name="Stop")).to_be_hidden(timeout=_PATIENCE)


def show(page: Page, text: str, name: str) -> None:
    """Keep a picture of what no page shows."""
    page.set_content(f'<pre style="white-space: pre-wrap">{escape(text)}</pre>')
    keep(page, name)


def test_01_backend_starts_without_errors(page: Page, tmp_path: Path) -> None:
    with running(tmp_path / "uvicorn.log") as backend:
        written = backend.log.read_text()
    show(page, written, "01-backend-starts-without-errors")
    assert "Application startup complete" in written
    assert not re.search("error|warning|traceback", written, re.IGNORECASE)


def test_02_get_health_returns_200(page: Page, backend: Backend) -> None:
    response = page.goto(f"{backend.url}/health")
    keep(page, "02-get-health-returns-200")
    assert response is not None
    assert response.status == 200


def test_03_post_chatkit_streams_responses(page: Page, backend: Backend) -> None:
    body = {"type": "threads.create", "params": {"input": message("Count to three")}}
    with backend.user() as user:
        response = user.http.post("/chatkit", json=body)
    show(page, response.text, "03-post-chatkit-streams-responses")
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.text.count('"assistant_message.content_part.text_delta"') > 1


def test_04_frontend_renders_chat_ui(chat: Page, browser: Browser, frontend: str) -> None:
    expect(chat.get_by_role("heading", name="What can I do for you?")).to_be_visible()
    expect(chat.get_by_role("button", name="Test my memory")).to_be_visible()
    expect(chat.get_by_label("Message")).to_be_editable()
    box = chat.locator("openai-chatkit").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) >= (700, 600)
    keep(chat, "04-frontend-renders-chat-ui")

    phone = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "color_scheme": "dark"}
    with open_browser(browser, **phone) as context:
        small = context.new_page()
        small.goto(frontend)
        expect(small.get_by_label("Message")).to_be_in_viewport(ratio=1)
        keep(small, "04-frontend-renders-chat-ui-on-a-dark-phone")
        assert small.locator("openai-chatkit").bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}
        assert small.locator("openai-chatkit").get_attribute("data-scheme") == "dark"


def test_05_messages_send_and_receive(chat: Page) -> None:
    say(chat, "Hello there", "You said: Hello there")
    keep(chat, "05-messages-send-and-receive")
    expect(messages(chat)).to_have_text(["Hello there", "You said: Hello there"])


def test_06_agent_remembers_conversation(chat: Page) -> None:
    say(chat, "My name is Ada", "You said: My name is Ada")
    say(chat, "I like the sea", "You said: I like the sea")
    say(chat, "What is my name?", "Your name is Ada.")
    keep(chat, "06-agent-remembers-conversation")


def test_07_messages_appear_separately(chat: Page) -> None:
    for text in ("one", "two", "three"):
        say(chat, text, f"You said: {text}")
    keep(chat, "07-messages-appear-separately")
    expect(messages(chat)).to_have_text(["one", "You said: one", "two", "You said: two", "three", "You said: three"])


def test_08_debug_threads_shows_unique_ids(chat: Page, backend: Backend) -> None:
    say(chat, "one", "You said: one")
    say(chat, "two", "You said: two")
    response = chat.goto(f"{backend.url}/debug/threads")
    assert response is not None
    threads = response.json()["threads"]
    keep(chat, "08-debug-threads-shows-unique-ids")

    ids = [item["id"] for thread in threads for item in thread["items"]]
    assert len(ids) >= 4
    assert len(set(ids)) == len(ids)
    assert not [item_id for item_id in ids if "fake" in item_id]


def test_09_thread_persists_on_refresh(chat: Page) -> None:
    say(chat, "My name is Ada", "You said: My name is Ada")
    chat.reload()
    expect(messages(chat)).to_have_text(["My name is Ada", "You said: My name is Ada"])
    say(chat, "What is my name?", "Your name is Ada.")
    keep(chat, "09-thread-persists-on-refresh")


def test_10_new_chat_clears_history(chat: Page) -> None:
    say(chat, "My name is Ada", "You said: My name is Ada")
    chat.get_by_role("button", name="New chat").click()
    expect(messages(chat)).to_have_count(0)
    chat.reload()
    expect(chat.get_by_role("heading", name="What can I do for you?")).to_be_visible()
    expect(messages(chat)).to_have_count(0)
    say(chat, "What is my name?", "I do not know your name.")
    keep(chat, "10-new-chat-clears-history")
