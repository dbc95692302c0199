"""Rows 1 to 8 of the error reference, alive: what the server writes or the user sees, and the checklist once mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.alive.bench import Bench, break_app, expect_well, keep_broken, keep_written, mend
from tests.mutations import rows
from tests.reference.browser import enter, open_page
from tests.reference.checklist import App, messages, say, send, stored_ids

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.mutations.app import Mutation

pytestmark = pytest.mark.usefixtures("provider")


@pytest.fixture(scope="module")
def frontend(bench: Bench) -> str:
    """Build the frontend as it is; return its address."""
    bench.build(bench.installed)
    return bench.site.origin


@pytest.mark.parametrize(
    ("mutation", "error"),
    [
        (rows.STORES_MODULE, "ModuleNotFoundError: No module named 'chatkit.stores'"),
        (rows.MODELS_MODULE, "ModuleNotFoundError: No module named 'chatkit.models'"),
        (rows.EVENT_NAME, "ImportError: cannot import name 'Event' from 'chatkit.server'"),
        (
            rows.TOOL_OUTPUT_NAME,
            "ImportError: cannot import name 'ClientToolCallOutputItem' from 'chatkit.types'",
        ),
        (rows.FILE_PART_NAME, "ImportError: cannot import name 'FilePart' from 'chatkit.types'"),
        # Then the methods: "with abstract methods …" until Python 3.11, "without an implementation for …" from 3.12 on.
        (rows.ATTACHMENT_METHODS, "TypeError: Can't instantiate abstract class SqliteStore with"),
    ],
    ids=[f"row-{number:02}" for number in range(1, 7)],
)
def test_backend_does_not_start(
    mutation: Mutation, error: str, bench: Bench, frontend: str, browser: Browser, tmp_path: Path
) -> None:
    app = break_app(mutation, tmp_path)
    written = bench.failed_start(app, tmp_path / "broken")
    keep_written(browser, f"row-{mutation.row:02}", written)
    assert written.splitlines()[-1].startswith(error)

    mend(app)
    if bench.is_known(app):
        return
    with bench.serve(app, tmp_path / "mended") as backend:
        expect_well(browser, App(backend, frontend), f"row-{mutation.row:02}")


def test_row_07_agent_does_not_remember(bench: Bench, frontend: str, browser: Browser, tmp_path: Path) -> None:
    app = break_app(rows.NEW_MESSAGE_ONLY, tmp_path)
    with bench.serve(app, tmp_path / "broken"), open_page(browser) as (page, errors):
        enter(page, frontend)
        say(page, "My name is Ada", "You said: My name is Ada")
        say(page, "What is my name?", "I do not know your name.")
        keep_broken(page, "row-07")
    assert errors == []

    mend(app)
    with bench.serve(app, tmp_path / "mended") as backend:
        expect_well(browser, App(backend, frontend), "row-07")


def test_row_08_messages_overwrite_each_other(bench: Bench, frontend: str, browser: Browser, tmp_path: Path) -> None:
    app = break_app(rows.PROVIDER_IDS, tmp_path)
    with bench.serve(app, tmp_path / "broken") as backend, open_page(browser) as (page, errors):
        enter(page, frontend)
        say(page, "one", "You said: one")
        send(page, "two")
        # The second answer stands where the first one was, above its question.
        expect(messages(page)).to_have_text(["one", "You said: two", "two"], timeout=15_000)
        keep_broken(page, "row-08")
        assert stored_ids(page, App(backend, frontend)).count("__fake_id__") == 1
        keep_broken(page, "row-08-debug-threads")
    assert errors == []

    mend(app)
    with bench.serve(app, tmp_path / "mended") as backend:
        expect_well(browser, App(backend, frontend), "row-08")
