"""The built frontend in Chromium, with a stand-in for the script that the CDN would answer with."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from contextlib import contextmanager
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chatkit_doctor.contracts.web import cdn_script_url
from tests.reference.harness import APP
from tests.reference.options import options_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

# The shell draws no window, not even an unseen one, and takes a quarter of the processor's time.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
SCREENSHOTS = Path(__file__).parent / "screenshots"

_ELEMENT = Path(__file__).parent / "element"
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")


class Site:
    """A folder served at an address of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def origin(self) -> str:
        """Return the address, as a browser names it in its requests."""
        return f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def install_packages(folder: Path) -> None:
    """Install the packages of the frontend in a folder."""
    shutil.copyfile(APP / "frontend" / "package.json", folder / "package.json")
    _run(folder, os.environ, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock")


def copy_frontend(folder: Path, packages: Path) -> Path:
    """Copy the frontend into a folder that is not there yet, with installed packages, and return the folder."""
    shutil.copytree(APP / "frontend", folder, ignore=shutil.ignore_patterns("node_modules", "dist", ".env"))
    (folder / "node_modules").symlink_to(packages / "node_modules")
    return folder


def build_frontend(folder: Path, to: Path, backend_url: str) -> None:
    """Build an installed frontend for a backend. Raises AssertionError with what npm says if that fails."""
    environment = os.environ | {"VITE_CHATKIT_URL": f"{backend_url}/chatkit"}
    _run(folder, environment, "npm", "run", "build", "--", "--outDir", str(to), "--emptyOutDir")


def _run(folder: Path, environment: Mapping[str, str], *command: str) -> None:
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def script() -> str:
    """Return the stand-in for ChatKit's script."""
    constants = f"const SCHEMA = {json.dumps(options_json())}\nconst STYLE = {json.dumps(_read('style.css'))}\n"
    parts = [constants, *(_read(name) for name in ("options.js", "protocol.js", "element.js"))]
    return "(() => {\n" + "\n".join(parts) + "\n})()"


def _read(name: str) -> str:
    return (_ELEMENT / name).read_text("utf-8")


def launch(playwright: Playwright) -> Browser:
    """Start Chromium."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))


@contextmanager
def open_browser(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """Open a browser window that knows nothing yet and reaches nothing but this machine and the stand-in script."""
    with browser.new_context(**options) as context:
        context.set_default_timeout(15_000)
        context.route(lambda url: "//localhost" not in url and "//127.0.0.1" not in url, lambda route: route.abort())
        context.route(
            cdn_script_url(), lambda route: route.fulfill(content_type="text/javascript; charset=utf-8", body=script())
        )
        yield context


@contextmanager
def open_page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Open a page of a new user; beside it, the errors that no script has caught, as they come."""
    errors: list[str] = []
    with open_browser(browser, viewport={"width": 900, "height": 700}) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page, errors


def enter(page: Page, frontend: str, name: str | None = None) -> None:
    """Open the frontend and sign in; without a name as somebody who was never there."""
    page.goto(frontend)
    sign_in(page, name or f"user-{uuid4().hex[:12]}")


def sign_in(page: Page, name: str, password: str = "") -> None:
    """Fill in the form and send it."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def show(page: Page, text: str) -> None:
    """Put a text into a page, for a picture of what no page shows."""
    page.set_content(f'<pre style="white-space: pre-wrap">{escape(text)}</pre>')


def keep(page: Page, name: str, folder: Path = SCREENSHOTS) -> None:
    """Keep a screenshot, by the name of what it shows."""
    page.screenshot(path=folder / f"{name}.png")
