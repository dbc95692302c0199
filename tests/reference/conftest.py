"""The parts that several modules of this folder run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.reference.browser import CHROMIUM, Site, build_frontend, launch, open_browser
from tests.reference.harness import model_of, running
from tests.standin.provider import Provider, converse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.reference.harness import Backend


@pytest.fixture(scope="session")
def listening() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(listening: Provider) -> Provider:
    """Return the stand-in provider as it is at first."""
    listening.script = converse
    listening.requests.clear()
    return listening


@pytest.fixture(scope="session")
def backend(listening: Provider, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """Run the backend on a SQLite file and, by way of LiteLLM, on the stand-in provider."""
    folder = tmp_path_factory.mktemp("backend")
    with running(
        folder / "uvicorn.log",
        DATABASE=str(folder / "chat.db"),
        ALLOWED_ORIGINS=f"http://localhost:5173,{site.origin}",
        **model_of(listening),
    ) as served:
        yield served


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a folder for the built frontend, whose address the backend has to know before there is a build."""
    with Site(tmp_path_factory.mktemp("dist")) as served:
        yield served


@pytest.fixture(scope="session")
def frontend(site: Site, backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Build the frontend for the backend; return its address."""
    build_frontend(tmp_path_factory.mktemp("frontend") / "copy", site.folder, backend.url)
    return site.origin


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium for one module: while it runs, so does its event loop, and nothing else can run one."""
    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("needs chromium")
    with sync_playwright() as playwright, launch(playwright) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page of a new user; afterwards no script may have failed in it."""
    errors: list[str] = []
    with open_browser(browser, viewport={"width": 900, "height": 700}) as context:
        opened = context.new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        yield opened
    assert errors == []
