"""The frontend where something goes wrong, and the stand-in element, which has to be as strict as ChatKit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from chatkit_doctor.contracts.web import cdn_script_url
from tests.reference.browser import enter, keep, open_browser, script, sign_in
from tests.reference.checklist import expect_quiet, say
from tests.reference.harness import running
from tests.standin.provider import Failure, Provider, converse

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.reference.browser import Site

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


def test_options_given_before_the_element_is_in_a_page_are_kept(browser: Browser) -> None:
    with open_browser(browser) as context:
        page = context.new_page()
        page.set_content("<main></main>")
        page.add_script_tag(url=cdn_script_url())
        page.evaluate(
            """options => {
              const chat = document.createElement("openai-chatkit");
              chat.setOptions(options);
              document.querySelector("main").append(chat);
            }""",
            {"api": API, "startScreen": {"greeting": "Welcome"}},
        )
        expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
        expect(page.get_by_label("Message")).to_be_visible()


def test_error_of_the_provider_is_shown_with_a_way_to_try_again(page: Page, frontend: str, provider: Provider) -> None:
    provider.script = lambda _: Failure(500, "not today")
    enter(page, frontend)
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
    enter(page, frontend)
    page.get_by_label("Attach").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"Go north."})
    page.get_by_label("Message").fill("Read this")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("article")).to_have_count(2, timeout=15_000)
    assert provider.heard()[0] == ("user", "Read this[a.txt]\nGo north.")


@pytest.mark.usefixtures("provider")
def test_past_chat_is_found_in_the_history(page: Page, frontend: str) -> None:
    enter(page, frontend)
    page.get_by_role("button", name="Test my memory").click()
    expect(page.locator("article")).to_have_text(["What is my name?", "I do not know your name."], timeout=15_000)
    # A new chat would cut an answer that is under way.
    expect_quiet(page)
    page.get_by_role("button", name="New chat").click()
    page.get_by_role("button", name="History").click()
    page.get_by_label("History").get_by_role("button", name="What is my name?").click()
    expect(page.locator("article")).to_have_text(["What is my name?", "I do not know your name."])


@pytest.mark.usefixtures("provider")
def test_who_signs_in_finds_their_own_chat_and_nobody_elses(page: Page, frontend: str) -> None:
    ada, eve = (f"{name}-{uuid4().hex}" for name in ("ada", "eve"))
    page.goto(frontend)
    expect(page.locator("openai-chatkit")).to_have_count(0)
    keep(page, "sign-in")
    sign_in(page, ada)
    say(page, "My name is Ada", "You said: My name is Ada")
    keep(page, "signed-in")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("openai-chatkit")).to_have_count(0)

    sign_in(page, eve)
    expect(page.get_by_role("heading", name="What can I do for you?")).to_be_visible()
    expect(page.locator("article")).to_have_count(0)
    page.get_by_role("button", name="Sign out").click()

    sign_in(page, ada)
    expect(page.locator("article")).to_have_text(["My name is Ada", "You said: My name is Ada"])


@pytest.mark.usefixtures("provider")
def test_whose_session_is_over_signs_in_again_and_goes_on(page: Page, frontend: str) -> None:
    name = f"ada-{uuid4().hex}"
    enter(page, frontend, name)
    say(page, "My name is Ada", "You said: My name is Ada")
    page.evaluate("user => localStorage.setItem('chatkit-signed-in', user)", json.dumps({"name": name, "token": "old"}))
    page.reload()
    sign_in(page, name)
    expect(page.locator("article")).to_have_text(["My name is Ada", "You said: My name is Ada"])
    say(page, "What is my name?", "Your name is Ada.")


def test_whoever_signs_out_in_one_tab_has_signed_out_in_all(page: Page, frontend: str) -> None:
    enter(page, frontend)
    other = page.context.new_page()
    other.goto(frontend)
    expect(other.get_by_label("Message")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(other.get_by_role("button", name="Sign in")).to_be_visible()


def test_why_somebody_cannot_sign_in_is_said_in_the_page(page: Page, frontend: str, site: Site, tmp_path: Path) -> None:
    production = {"ENVIRONMENT": "", "DATABASE": str(tmp_path / "chat.db"), "ALLOWED_ORIGINS": site.origin}
    page.goto(frontend)
    with running(tmp_path / "uvicorn.log", **production) as closed:
        password = closed.accounts("ada").rpartition(" ")[2]
        page.route("**/sign-in", lambda route: route.continue_(url=f"{closed.url}/sign-in"))
        sign_in(page, "ada", "guess")
        expect(page.get_by_role("alert")).to_have_text("There is no such name and password.")
        keep(page, "sign-in-refused")
    page.unroute("**/sign-in")
    page.route("**/sign-in", lambda route: route.abort())
    sign_in(page, "ada", password)
    expect(page.get_by_role("alert")).to_have_text("The server cannot be reached.")


@pytest.mark.parametrize("when", ["before the page listens", "after it does"])
def test_a_script_that_does_not_come_is_said_in_the_page(page: Page, frontend: str, when: str) -> None:
    asked = page.context
    asked.unroute(cdn_script_url())

    def refuse(route: Any) -> None:
        if when == "after it does":
            page.wait_for_timeout(1500)
        route.abort()

    asked.route(cdn_script_url(), refuse)
    enter(page, frontend)

    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("The chat cannot be shown: its script did not come from cdn.platform.openai.com.")
    expect(page.locator("openai-chatkit")).to_be_hidden()
    keep(page, f"no-script-{when.partition(' ')[0]}")
    asked.unroute(cdn_script_url())
    asked.route(cdn_script_url(), lambda route: route.fulfill(content_type="text/javascript", body=script()))
    notice.get_by_role("button", name="Try again").click()
    expect(page.get_by_label("Message")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
