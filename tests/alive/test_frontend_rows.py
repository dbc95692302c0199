"""Rows 9 to 13 of the error reference, alive: what the page or its console shows, and the checklist once mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.alive.bench import Bench, break_app, expect_well, keep_broken, mend
from tests.mutations import rows
from tests.mutations.app import APP
from tests.reference.browser import enter, open_page
from tests.reference.checklist import App, messages, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.mutations.app import Mutation

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def app(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Run the backend as it is, for one frontend after the other."""
    with bench.serve(APP, tmp_path_factory.mktemp("alive") / "backend") as backend:
        yield App(backend, bench.site.origin)


@pytest.mark.parametrize(
    ("mutation", "error"),
    [
        (rows.NO_DOMAIN_KEY, "✖ Invalid input → at api"),
        (rows.NAME_FOR_LABEL, '✖ Unrecognized key: "name" → at startScreen.prompts[1]'),
        # Where ChatKit has no icons yet: Unrecognized key: "icon". Since it has some, it is the value that is wrong.
        (rows.EMOJI_ICON, "✖ Invalid input → at startScreen.prompts[0].icon"),
    ],
    ids=["row-09", "row-10", "row-11"],
)
def test_options_are_refused(
    mutation: Mutation, error: str, app: App, bench: Bench, browser: Browser, tmp_path: Path
) -> None:
    copy = break_app(mutation, tmp_path)
    bench.build(copy / "frontend", typed=False)
    with open_page(browser) as (page, _):
        with page.expect_event("pageerror") as told:
            enter(page, app.frontend)
        expect(page.get_by_label("Message")).to_be_hidden()
        keep_broken(page, f"row-{mutation.row:02}", str(told.value))
    assert str(told.value).startswith("Invalid frame params: ChatKit.create(): ")
    assert error in str(told.value)

    mend(copy)
    if bench.is_known(copy):
        return
    bench.build(copy / "frontend")
    expect_well(browser, app, f"row-{mutation.row:02}")


def test_row_12_screen_is_blank(app: App, bench: Bench, browser: Browser, tmp_path: Path) -> None:
    copy = break_app(rows.NO_SCRIPT, tmp_path)
    bench.build(copy / "frontend")
    with open_page(browser) as (page, errors):
        enter(page, app.frontend)
        page.wait_for_load_state("networkidle")
        expect(page.locator("openai-chatkit")).to_be_attached()
        keep_broken(page, "row-12")
        # The page of this app tells that the script did not come; ChatKit itself is blank.
        assert page.inner_text("openai-chatkit").strip() == ""
        assert page.evaluate("customElements.get('openai-chatkit') === undefined")
    # Nothing tells why.
    assert errors == []

    mend(copy)
    if bench.is_known(copy):
        return
    bench.build(copy / "frontend")
    expect_well(browser, app, "row-12")


def test_row_13_history_is_gone_after_a_refresh(app: App, bench: Bench, browser: Browser, tmp_path: Path) -> None:
    copy = break_app(rows.NOT_PERSISTED, tmp_path)
    bench.build(copy / "frontend")
    with open_page(browser) as (page, errors):
        enter(page, app.frontend)
        say(page, "My name is Ada", "You said: My name is Ada")
        page.reload()
        expect(page.get_by_role("heading", name="What can I do for you?")).to_be_visible()
        expect(messages(page)).to_have_count(0)
        keep_broken(page, "row-13")
    assert errors == []

    mend(copy)
    bench.build(copy / "frontend")
    expect_well(browser, app, "row-13")


def test_row_13_history_comes_back_after_a_new_chat(app: App, bench: Bench, browser: Browser, tmp_path: Path) -> None:
    copy = break_app(rows.NOT_CLEARED, tmp_path)
    bench.build(copy / "frontend")
    with open_page(browser) as (page, errors):
        enter(page, app.frontend)
        say(page, "My name is Ada", "You said: My name is Ada")
        page.get_by_role("button", name="New chat").click()
        expect(messages(page)).to_have_count(0)
        page.reload()
        expect(messages(page)).to_have_text(["My name is Ada", "You said: My name is Ada"])
        keep_broken(page, "row-13-not-cleared")
    assert errors == []

    mend(copy)
    bench.build(copy / "frontend")
    expect_well(browser, app, "row-13-not-cleared")
