"""The site of the documentation: it builds, its links lead somewhere, and it asks nobody else for anything."""

from __future__ import annotations

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from chatkit_doctor.pages.catalogue import pages
from tests.commands import ROOT, environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src"}


# How often a search is typed, and how long each is waited for.
_TRIES = 12
_TRY_MS = 5_000

SHOWN = ("/", "/errors/", "/rules/", "/rules/CK302-reused-provider-ids/", "/docs/commands/", "/docs/migrate/")


class Page(HTMLParser):
    """What a page links to, what it loads, and what may be linked to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in _LOADED and given.get(_LOADED[tag]) and given.get("rel") not in {"prev", "next", "canonical"}:
            self.loads.append(given[_LOADED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site as it was just built."""
    folder = tmp_path_factory.mktemp("site") / "built"
    command = [sys.executable, str(ROOT / "scripts" / "docs_site.py"), str(folder)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def read(site: Path) -> dict[Path, Page]:
    """Return every page of the site by its file."""
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_every_link_leads_somewhere(site: Path, read: dict[Path, Page]) -> None:
    dangling = []
    for path, page in read.items():
        for link in [*page.links, *page.loads]:
            parts = urlsplit(link)
            if parts.scheme or path.name == "404.html":
                continue
            target = path.parent / unquote(parts.path) if parts.path else path
            target = (target / "index.html" if target.is_dir() else target).resolve()
            is_there = target.is_file() and target.is_relative_to(site.resolve())
            known = read.get(target) if is_there else None
            # The marks of lines and of the top are made by scripts.
            if not is_there or (parts.fragment and known and unquote(parts.fragment) not in known.anchors):
                dangling.append(f"{path.relative_to(site)}: {link}")

    assert len(read) > len(pages()) + 15
    assert dangling == []


def test_nothing_is_loaded_from_elsewhere(site: Path, read: dict[Path, Page]) -> None:
    assert {load for page in read.values() for load in page.loads if urlsplit(load).netloc} == set()
    for path in site.rglob("*.css"):
        found = re.findall(r"url\(([^)]+)\)|@import\s+[\"']([^\"']+)", path.read_text(encoding="utf-8"))
        assert {each for pair in found for each in pair if re.match(r"['\"]?(?:https?:)?//", each)} == set()


def test_a_rule_has_a_page_that_shows_what_is_wrong(site: Path) -> None:
    for page in pages().values():
        text = (site / "rules" / page.path.stem / "index.html").read_text(encoding="utf-8")

        assert f'<span class="code">{page.code}</span>' in text
        assert "expect: CK" not in text
        assert re.search(r'class="[^"]*\bhighlight\b[^"]*\bbad\b|class="[^"]*\bbad\b[^"]*\bhighlight\b', text), (
            page.code
        )
        assert re.search(r'class="[^"]*\bgood\b', text), page.code
        assert 'class="hll"' in text, page.code


def test_the_first_page_leads_to_all_others(site: Path, read: dict[Path, Page]) -> None:
    reached, waiting = set(), [(site / "index.html").resolve()]
    by_path = {path.resolve(): page for path, page in read.items()}
    while waiting:
        path = waiting.pop()
        if path in reached or path not in by_path:
            continue
        reached.add(path)
        for link in by_path[path].links:
            parts = urlsplit(link)
            if not parts.scheme:
                target = path.parent / unquote(parts.path)
                waiting.append((target / "index.html" if target.is_dir() else target).resolve())

    assert by_path.keys() - reached == {(site / "404.html").resolve()}


# The script, with two pages for a site, of which the second links to the first.
_SMALL = """
import sys
import docs_site

pages = {
    "index.md": "# One\\n\\n[two](docs/two.md#here)\\n",
    "docs/two.md": f"# Two\\n\\n## Here\\n\\n[one](../README.md{sys.argv.pop()})\\n",
}
settings = docs_site.config()
docs_site.sources = lambda: {path: "".join(docs_site._led(path, text, pages)) for path, text in pages.items()}
docs_site.config = lambda: settings | {"nav": list(pages)}
raise SystemExit(docs_site.main())
"""


@pytest.mark.parametrize(("anchor", "code"), [("#one", 0), ("#gone", 1)])
def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path, anchor: str, code: int) -> None:
    command = [sys.executable, "-c", _SMALL, str(tmp_path / "site"), anchor]
    environ = environment(PYTHONPATH=os.pathsep.join(map(str, (ROOT, ROOT / "scripts"))))
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    assert done.returncode == code, done.stdout + done.stderr
    assert ("index.md#gone" in done.stdout + done.stderr) is bool(code)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Serve the site; return where."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desktop", "phone"])
def test_a_browser_asks_nobody_else_and_nothing_sticks_out(
    address: str, browser: Browser, scheme: str, size: tuple[int, int]
) -> None:
    dark = scheme == "dark"
    context = browser.new_context(
        color_scheme="dark" if dark else "light", viewport={"width": size[0], "height": size[1]}
    )
    page = context.new_page()
    asked: list[str] = []
    failed: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    try:
        for path in (
            "/",
            "/errors/",
            "/rules/",
            "/rules/CK302-reused-provider-ids/",
            "/docs/commands/",
            "/docs/migrate/",
        ):
            page.goto(f"{address}{path}", wait_until="networkidle")
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
            shade = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)")
            assert (sum(map(int, shade)) < 3 * 128) is dark, path
    finally:
        context.close()

    assert {url for url in asked if not url.startswith((address, "data:", "blob:"))} == set()
    assert failed == []


def test_what_somebody_sees_leads_to_the_rule(address: str, browser: Browser) -> None:
    page = browser.new_page()
    try:
        page.goto(f"{address}/errors/")
        every = page.locator(".symptoms tbody tr:visible").count()
        page.fill(
            "#symptom", "TypeError: Can't instantiate abstract class MemoryStore with abstract methods add_thread_item"
        )
        found = page.locator(".symptoms tbody tr:visible")
        assert 0 < found.count() < 20 < every
        assert "CK201" in found.first.inner_text()
        page.fill("#symptom", "")
        assert page.locator(".symptoms tbody tr:visible").count() == every
    finally:
        page.close()


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("domain key", "placeholder-domain-key"),
        ("blank screen", "missing-cdn-script"),
        ("chat empty after reload", "thread-not-persisted"),
        ("agent forgets history", "missing-history"),
        ("datetime not json serializable", "dump-without-json-mode"),
        ("file upload fails", "forced-content-type"),
    ],
)
def test_the_search_finds_rules_by_what_people_type(address: str, browser: Browser, typed: str, rule: str) -> None:
    from playwright.sync_api import TimeoutError as NotInTime

    page = browser.new_page()
    try:
        page.goto(f"{address}/")
        results = page.locator(".md-search-result__item")
        query = page.locator("[data-md-component=search-query]")
        for _ in range(_TRIES):
            # What is typed before the index is there may not be looked for; a search hears keys and no other change.
            query.fill("")
            query.press_sequentially(typed)
            with suppress(NotInTime):
                results.first.wait_for(timeout=_TRY_MS)
                break
        # Every key is an answer; the last is the one that counts.
        results.first.get_by_role("heading", name=rule).wait_for()
    finally:
        page.close()
