"""The parts that the tests of several folders run: the provider's stand-in, Chromium, the frontend's packages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.standin.provider import Provider


@pytest.fixture(scope="session")
def listening() -> Iterator[Provider]:
    from tests.standin.provider import Provider

    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(listening: Provider) -> Provider:
    """Return the stand-in provider as it is at first."""
    from tests.standin.provider import converse

    listening.script = converse
    listening.requests.clear()
    return listening


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the reference app's frontend with its packages installed."""
    from tests.reference.browser import install_frontend

    return install_frontend(tmp_path_factory.mktemp("frontend") / "copy")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium for one module: while it runs, so does its event loop, and nothing else can run one."""
    from playwright.sync_api import sync_playwright

    from tests.reference.browser import CHROMIUM, launch

    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("needs chromium")
    with sync_playwright() as playwright, launch(playwright) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page of a new user; afterwards no script may have failed in it."""
    from tests.reference.browser import open_page

    with open_page(browser) as (opened, errors):
        yield opened
    assert errors == []
