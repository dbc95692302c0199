"""Each framework's app built and opened in Chromium: broken as it is met, mended with a chat in it, and right.

A few are built each time; `FRAMEWORKS=whole` builds all, which takes some minutes each.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.scanning.writing import write as write_result
from tests.frameworks.apps import NAMES, app, write
from tests.frameworks.building import shown
from tests.reference.browser import open_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_ALWAYS = ("plain-html", "flask-jinja", "django", "react-vite")
_PHP = pytest.mark.skipif(shutil.which("php") is None, reason="needs php")
ASKED = NAMES if os.environ.get("FRAMEWORKS") == "whole" else _ALWAYS
_NO_METHOD = "setOptions is not a function"
_NO_INSTANCE = "setInstance is not a function"
_BLANK = ""

# What a person meets: what the build says, or what the console does; nothing at all where the page is merely blank.
MET = {
    "plain-html": 'Failed to resolve module specifier "@openai/chatkit"',
    "flask-jinja": _NO_METHOD,
    "django": _NO_METHOD,
    "wordpress": _NO_METHOD,
    "react-vite": _NO_INSTANCE,
    "vue-vite": _NO_METHOD,
    "svelte-vite": _NO_METHOD,
    "web-component": _NO_METHOD,
    "sveltekit": _NO_METHOD,
    "react-router": _BLANK,
    "next-pages": _NO_INSTANCE,
    "astro": _NO_METHOD,
    "nuxt": _NO_METHOD,
    "angular": _NO_METHOD,
    "docusaurus": "Docusaurus React Root onRecoverableError",
    # The test lets a page reach nothing but this machine; elsewhere it is a module of types that comes.
    "tanstack-start": "Failed to load resource",
    "cra": "Failed to load resource",
    "expo-web": _BLANK,
    "next-app": "Property 'error' does not exist on type 'UseChatKitReturn'",
}

# What the help of the findings that no fix mends tells a person to do: path, text, what to write instead.
BY_HAND: dict[str, list[tuple[str, str, str]]] = {
    "plain-html": [
        ("index.html", "'unsafe-inline'; frame-src 'self'", "'unsafe-inline' CDN; frame-src CDN"),
        ("index.html", "CDN", "https://cdn.platform.openai.com"),
    ],
    "web-component": [("src/help-chat.ts", "    chat.setOptions({ theme: 'dark' })\n", "")],
    "sveltekit": [
        ("src/routes/+page.svelte", "process.env.PUBLIC_CHATKIT_URL", "'http://localhost:8000/chatkit'"),
    ],
    "next-pages": [("pages/index.jsx", "process.env.CHATKIT_DOMAIN_KEY", "'local-dev'")],
    "next-app": [("components/chat.tsx", "{ control, error }", "{ control }")],
    "nuxt": [
        ("app.vue", "config.chatkitUrl", "config.public.chatkitUrl"),
        ("nuxt.config.ts", "public: {}", "public: { chatkitUrl: 'http://localhost:8000/chatkit' }"),
    ],
    "docusaurus": [
        ("src/components/Chat.js", "process.env.REACT_APP_API_URL || ", ""),
        ("src/components/Chat.js", "'system'", "'light'"),
    ],
    "tanstack-start": [("src/routes/index.tsx", "domainKey: ''", "domainKey: 'local-dev'")],
}


@pytest.mark.skipif(shutil.which("npm") is None and "CI" not in os.environ, reason="needs npm")
@pytest.mark.parametrize("name", [pytest.param(name, marks=_PHP) if name == "wordpress" else name for name in ASKED])
def test_the_chat_is_there_once_the_app_is_mended(name: str, browser: Browser, tmp_path: Path) -> None:
    assert _met(name, app(name, "broken").files, browser, tmp_path / "broken") == (False, MET[name])
    assert _met(name, _mended(name, tmp_path / "mended-files"), browser, tmp_path / "mended") == (True, "")
    assert _met(name, app(name, "right").files, browser, tmp_path / "right") == (True, "")


def _met(name: str, files: dict[str, str], browser: Browser, where: Path) -> tuple[bool, str]:
    """Return whether a person sees the chat, and what they see instead, as far as it is what is expected."""
    said: list[str] = []
    try:
        with shown(name, files, where) as address, open_page(browser) as (page, errors):
            page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
            is_there = _is_there(page, address)
            said += errors
    except AssertionError as error:
        is_there = False
        said.append(str(error))
    if is_there:
        return True, "".join(each for each in said if "ChatKit" in each)
    is_expected = MET[name] and any(MET[name] in each for each in said)
    return False, MET[name] if is_expected else "\n".join(said)


def _is_there(page: Page, address: str) -> bool:
    from playwright.sync_api import TimeoutError as LateError

    page.goto(address)
    try:
        page.locator("openai-chatkit textarea").first.wait_for(state="visible", timeout=8_000)
    except LateError:
        return False
    return True


def _mended(name: str, folder: Path) -> dict[str, str]:
    written = write(name, "broken", folder)
    result = run([folder], Options(fix=True, unsafe_fixes=True))
    assert result.fix_result is not None
    assert write_result(result.fix_result, result.project) == []
    files = {path: (folder / path).read_text("utf-8") for path in written.files}
    for path, old, new in BY_HAND.get(name, []):
        assert old in files[path], f"{path} has no {old}"
        files[path] = files[path].replace(old, new)
    return files
