"""The lines of the Testing Checklist, on the reference app or a copy of it that runs.

Each is a step that takes an empty page of a new user and the app, and raises AssertionError where the line does not
hold. It leaves on the page what there is to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.reference.browser import enter, show
from tests.reference.harness import message

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.reference.harness import Backend

# A model answers over HTTP, on a machine that does other things as well.
_PATIENCE = 15_000

_UP = "Application startup complete"


@dataclass(frozen=True, slots=True)
class App:
    """A running app: the backend, on the stand-in provider, and the address of the built frontend."""

    backend: Backend
    frontend: str


Step = Callable[["Page", App], None]


def messages(page: Page) -> Locator:
    """Return the messages on a page, in the order in which they are seen."""
    return page.locator("article")


def send(page: Page, text: str) -> None:
    """Write a message and send it."""
    page.get_by_label("Message").fill(text)
    page.get_by_label("Message").press("Enter")


def say(page: Page, text: str, answer: str) -> None:
    """Send a message and wait for the whole answer, as the last message on the page."""
    send(page, text)
    expect(messages(page).last).to_have_text(answer, timeout=_PATIENCE)
    expect_quiet(page)


def expect_quiet(page: Page) -> None:
    """Wait until no answer is under way."""
    expect(page.get_by_role("button", name="Stop")).to_be_hidden(timeout=_PATIENCE)


def backend_starts_without_errors(page: Page, app: App) -> None:
    written = app.backend.log.read_text()
    show(page, written)
    start, up, _ = written.partition(_UP)
    assert up
    assert not re.search("error|warning|traceback", start, re.IGNORECASE)


def get_health_returns_200(page: Page, app: App) -> None:
    response = page.goto(f"{app.backend.url}/health")
    assert response is not None
    assert response.status == 200


def post_chatkit_streams_responses(page: Page, app: App) -> None:
    body = {"type": "threads.create", "params": {"input": message("Count to three")}}
    with app.backend.user() as user:
        response = user.http.post("/chatkit", json=body)
    show(page, response.text)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.text.count('"assistant_message.content_part.text_delta"') > 1


def frontend_renders_chat_ui(page: Page, app: App) -> None:
    enter(page, app.frontend)
    expect(page.get_by_role("heading", name="What can I do for you?")).to_be_visible()
    expect(page.get_by_role("button", name="Test my memory")).to_be_visible()
    expect(page.get_by_label("Message")).to_be_editable()
    box = page.locator("openai-chatkit").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) >= (700, 600)


def messages_send_and_receive(page: Page, app: App) -> None:
    enter(page, app.frontend)
    say(page, "Hello there", "You said: Hello there")
    expect(messages(page)).to_have_text(["Hello there", "You said: Hello there"])


def agent_remembers_conversation(page: Page, app: App) -> None:
    enter(page, app.frontend)
    say(page, "My name is Ada", "You said: My name is Ada")
    say(page, "I like the sea", "You said: I like the sea")
    say(page, "What is my name?", "Your name is Ada.")


def messages_appear_separately(page: Page, app: App) -> None:
    enter(page, app.frontend)
    for text in ("one", "two", "three"):
        say(page, text, f"You said: {text}")
    expect(messages(page)).to_have_text(["one", "You said: one", "two", "You said: two", "three", "You said: three"])


def debug_threads_shows_unique_ids(page: Page, app: App) -> None:
    enter(page, app.frontend)
    say(page, "one", "You said: one")
    say(page, "two", "You said: two")
    ids = stored_ids(page, app)
    assert len(ids) >= 4
    assert len(set(ids)) == len(ids)
    assert not [item_id for item_id in ids if "fake" in item_id]


def stored_ids(page: Page, app: App) -> list[str]:
    """Open the list of what is stored, and return the ids of all items."""
    response = page.goto(f"{app.backend.url}/debug/threads")
    assert response is not None
    return [item["id"] for thread in response.json()["threads"] for item in thread["items"]]


def thread_persists_on_refresh(page: Page, app: App) -> None:
    enter(page, app.frontend)
    say(page, "My name is Ada", "You said: My name is Ada")
    page.reload()
    expect(messages(page)).to_have_text(["My name is Ada", "You said: My name is Ada"])
    say(page, "What is my name?", "Your name is Ada.")


def new_chat_clears_history(page: Page, app: App) -> None:
    enter(page, app.frontend)
    say(page, "My name is Ada", "You said: My name is Ada")
    page.get_by_role("button", name="New chat").click()
    expect(messages(page)).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="What can I do for you?")).to_be_visible()
    expect(messages(page)).to_have_count(0)
    say(page, "What is my name?", "I do not know your name.")


CHECKLIST: tuple[Step, ...] = (
    backend_starts_without_errors,
    get_health_returns_200,
    post_chatkit_streams_responses,
    frontend_renders_chat_ui,
    messages_send_and_receive,
    agent_remembers_conversation,
    messages_appear_separately,
    debug_threads_shows_unique_ids,
    thread_persists_on_refresh,
    new_chat_clears_history,
)
