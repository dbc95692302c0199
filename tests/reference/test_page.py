"""The frontend where something goes wrong, and the stand-in element, which has to be as strict as ChatKit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from chatkit_doctor.contracts.web import cdn_script_url
from tests.reference.browser import keep, open_browser
from tests.reference.checklist import expect_quiet
from tests.standin.provider import Failure, Provider, converse

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

API = {"url": "/chatkit", "domainKey": "local-dev"}


def prompt(**more: str) -> dict[str, Any]:
    return {"api": API, "startScreen": {"prompts": [{"prompt": "Say hello", **more}]}}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"api": {"url": "/chatkit"}}, "Invalid input → at api"),
        ({"api": API | {"getClientSecret": "secret"}}, "Invalid input → at api"),
        (prompt(label="Hello", name="Hello"), 'Unrecognized key: "name" → at startScreen.prompts[0]'),
        (prompt(label="Hello", icon="👋"), "Invalid input → at startScreen.prompts[0].icon"),
        (prompt(), "Invalid input: expected string, received undefined → at startScreen.prompts[0].label"),
        ({"api": API, "header": {"title": "Hello"}}, "Invalid input: expected object, received string"),
        ({"api": API, "assistant": "x", "mode": "y"}, 'Unrecognized keys: "assistant", "mode"'),
    ],
)
def test_wrong_options_are_refused_in_chatkits_words(browser: Browser, options: dict[str, Any], told: str) -> None:
    errors: list[str] = []
    with open_browser(browser) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.set_content("<openai-chatkit></openai-chatkit>")
        page.add_script_tag(url=cdn_script_url())
        page.evaluate("options => document.querySelector('openai-chatkit').setOptions(options)", options)
        page.wait_for_timeout(0)
        expect(page.locator("form")).to_be_hidden()
    assert len(errors) == 1
    assert errors[0].startswith("Invalid frame params: ChatKit.create(): ✖ ")
    assert told in errors[0]


def test_error_of_the_provider_is_shown_with_a_way_to_try_again(page: Page, frontend: str, provider: Provider) -> None:
    provider.script = lambda _: Failure(500, "not today")
    page.goto(frontend)
    page.get_by_label("Message").fill("Hello")
    page.get_by_role("button", name="Send").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Try again", timeout=20_000)
    keep(page, "error-of-the-provider")

    provider.script = converse
    alert.get_by_role("button", name="Retry").click()
    expect(page.locator("article")).to_have_text(["Hello", "You said: Hello"], timeout=15_000)
    expect(alert).to_be_hidden()


def test_attached_file_reaches_the_model(page: Page, frontend: str, provider: Provider) -> None:
    page.goto(frontend)
    page.get_by_label("Attach").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"Go north."})
    page.get_by_label("Message").fill("Read this")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("article")).to_have_count(2, timeout=15_000)
    assert provider.heard()[0] == ("user", "Read this[a.txt]\nGo north.")


@pytest.mark.usefixtures("provider")
def test_past_chat_is_found_in_the_history(page: Page, frontend: str) -> None:
    page.goto(frontend)
    page.get_by_role("button", name="Test my memory").click()
    expect(page.locator("article")).to_have_text(["What is my name?", "I do not know your name."], timeout=15_000)
    # A new chat would cut an answer that is under way.
    expect_quiet(page)
    page.get_by_role("button", name="New chat").click()
    page.get_by_role("button", name="History").click()
    page.get_by_label("History").get_by_role("button", name="What is my name?").click()
    expect(page.locator("article")).to_have_text(["What is my name?", "I do not know your name."])
