"""The Testing Checklist, a test for each of its lines: the built frontend in Chromium, the backend on LiteLLM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.reference import checklist
from tests.reference.browser import enter, keep, open_browser
from tests.reference.checklist import App
from tests.reference.harness import Backend, alone, launch, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture
def app(backend: Backend, frontend: str) -> App:
    return App(backend, frontend)


@pytest.fixture(autouse=True)
def picture(page: Page, request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep a screenshot of what the test has left on the page, by the line's name."""
    yield
    keep(page, request.node.name.removeprefix("test_").replace("_", "-"))


def test_01_backend_starts_without_errors(page: Page, tmp_path: Path) -> None:
    with serving(Backend(tmp_path / "uvicorn.log", alone(), launch=launch)) as backend:
        checklist.backend_starts_without_errors(page, App(backend, frontend=""))


def test_02_get_health_returns_200(page: Page, app: App) -> None:
    checklist.get_health_returns_200(page, app)


def test_03_post_chatkit_streams_responses(page: Page, app: App) -> None:
    checklist.post_chatkit_streams_responses(page, app)


def test_04_frontend_renders_chat_ui(page: Page, app: App, browser: Browser) -> None:
    checklist.frontend_renders_chat_ui(page, app)

    phone = {"viewport": {"width": 360, "height": 640}, "is_mobile": True, "color_scheme": "dark"}
    with open_browser(browser, **phone) as context:
        small = context.new_page()
        enter(small, app.frontend)
        expect(small.get_by_label("Message")).to_be_in_viewport(ratio=1)
        keep(small, "04-frontend-renders-chat-ui-on-a-dark-phone")
        box = small.locator("openai-chatkit").bounding_box()
        assert box is not None
        # All that is below the name of who has signed in.
        assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 360, 640)
        assert box["y"] < 60
        assert small.locator("openai-chatkit").get_attribute("data-scheme") == "dark"


def test_05_messages_send_and_receive(page: Page, app: App) -> None:
    checklist.messages_send_and_receive(page, app)


def test_06_agent_remembers_conversation(page: Page, app: App) -> None:
    checklist.agent_remembers_conversation(page, app)


def test_07_messages_appear_separately(page: Page, app: App) -> None:
    checklist.messages_appear_separately(page, app)


def test_08_debug_threads_shows_unique_ids(page: Page, app: App) -> None:
    checklist.debug_threads_shows_unique_ids(page, app)


def test_09_thread_persists_on_refresh(page: Page, app: App) -> None:
    checklist.thread_persists_on_refresh(page, app)


def test_10_new_chat_clears_history(page: Page, app: App) -> None:
    checklist.new_chat_clears_history(page, app)
