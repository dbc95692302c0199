"""`--page`: whether a page loads ChatKit's script, and whether what it says lets ChatKit work."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import pytest

from chatkit_doctor.contracts.web import cdn_script_url
from tests.commands import call
from tests.verify.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CDN = cdn_script_url()
HOST = CDN.rpartition("/deployments")[0]
TAG = f'<script src="{CDN}" async></script>'


class File(NamedTuple):
    body: str
    headers: Mapping[str, str] = MappingProxyType({})
    status: int = 200
    kind: str = "text/html; charset=utf-8"


class _Pages(ThreadingHTTPServer):
    files: dict[str, File]
    signed = False


class _Handler(BaseHTTPRequestHandler):
    server: _Pages

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        self.server.signed |= "Authorization" in self.headers
        file = self.server.files.get(self.path, File("", status=404))
        self.send_response(file.status)
        for name, value in {"Content-Type": file.kind, **file.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(file.body.encode())


@pytest.fixture(scope="module")
def backend() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def pages() -> Iterator[_Pages]:
    with _Pages(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def policy(text: str) -> File:
    return File(TAG, {"Content-Security-Policy": text})


SCRIPT = '<script type="module" src="/assets/index.js"></script>'
BUNDLE = File(f's.src="{CDN}"', kind="text/javascript")
POLICY = f"default-src 'self'; script-src {HOST}; frame-src {HOST}; connect-src"

# What the page is, the files beside it, and the checks on the page that do not pass, with words of their reasons.
PAGES: dict[str, tuple[File, dict[str, File], dict[str, tuple[str, str]]]] = {
    "script": (File(TAG), {}, {}),
    "script without a scheme": (File(TAG.replace("https:", "")), {}, {}),
    "script in capitals": (File(f"<SCRIPT ASYNC SRC={CDN}></SCRIPT>"), {}, {}),
    "script made in the page": (File(f"<script>s.src='{CDN}'</script>"), {}, {}),
    "script made by a bundle": (File(SCRIPT), {"/assets/index.js": BUNDLE}, {}),
    "bundle at a base": (
        File(SCRIPT.replace("/assets/", "").replace("<", '<base href="/b/"><', 1)),
        {"/b/index.js": BUNDLE},
        {},
    ),
    "bundle loaded early": (File(f'{SCRIPT}<link rel=modulepreload href="/chat.js">'), {"/chat.js": BUNDLE}, {}),
    "bundle that says nothing": (
        File(SCRIPT),
        {"/assets/index.js": File("1", kind="text/javascript")},
        {"page-script": ("skip", "scripts loaded later may")},
    ),
    "comment": (File(f"<!-- {TAG} -->"), {}, {"page-script": ("fail", "no script at all")}),
    "npm package": (
        File('<script src="https://cdn.jsdelivr.net/npm/@openai/chatkit@1/dist/index.js"></script>'),
        {},
        {"page-script": ("fail", "cdn.jsdelivr.net")},
    ),
    "invented host": (
        File('<script src="https://cdn.openai.com/chatkit.js"></script>'),
        {},
        {"page-script": ("fail", "cdn.openai.com/chatkit.js")},
    ),
    "own code of the same name": (File('<script src="/chatkit.js"></script>'), {"/chatkit.js": BUNDLE}, {}),
    "own code that says nothing": (
        File('<script src="/chatkit.js"></script>'),
        {"/chatkit.js": File("1", kind="text/javascript")},
        {"page-script": ("skip", "scripts loaded later may")},
    ),
    "waiting for a consent": (
        File(TAG.replace("<script", '<script type="text/plain"')),
        {},
        {"page-script": ("skip", "scripts loaded later may")},
    ),
    "host in a message": (
        File(f"<script>console.log('look at {HOST}')</script>"),
        {},
        {"page-script": ("skip", "scripts loaded later may")},
    ),
    "next.js": (
        File(
            f'<link rel="preload" href="{CDN}" as="script"/><script>(self.__next_f=self.__next_f||[]).push([1,'
            f'"5:[\\"$\\",{{\\"src\\":\\"{CDN}\\",\\"strategy\\":\\"afterInteractive\\"}}]"])</script>'
        ),
        {},
        {},
    ),
    "pinned": (
        File(TAG.replace("chatkit.js", "1.2.0/chatkit.js")),
        {},
        {"page-script": ("fail", "1.2.0/chatkit.js")},
    ),
    "missing": (File("", status=404), {}, {"page-loads": ("fail", "has nothing at / (404)")}),
    "no page": (File("{}", kind="application/json"), {}, {"page-loads": ("fail", "application/json, no HTML page")}),
    "redirect": (File("", {"Location": "/chat"}, 302), {"/chat": File(TAG)}, {}),
    "redirect loop": (File("", {"Location": "/"}, 302), {}, {"page-loads": ("fail", "more than 5 times")}),
    "redirect to a file": (
        File("", {"Location": "file:///etc/passwd"}, 302),
        {},
        {"page-loads": ("fail", "not an http address")},
    ),
    "policy that lets all in": (policy(f"{POLICY} *"), {}, {}),
    "policy without the endpoint": (
        policy(f"{POLICY} 'self'"),
        {},
        {"page-policy": ("fail", "keeps out requests to the endpoint")},
    ),
    "policy without the frame": (
        policy(f"{POLICY} *".replace("frame-src", "img-src")),
        {},
        {"page-policy": ("fail", "keeps out ChatKit's frame")},
    ),
    "policy without the script": (
        policy("script-src 'self'"),
        {},
        {"page-policy": ("fail", "\"script-src 'self'\" keeps out ChatKit's script")},
    ),
    "policy in the page": (
        File(f"<meta http-equiv=Content-Security-Policy content=\"script-src 'self'\">{TAG}"),
        {},
        {"page-policy": ("fail", "ChatKit's script")},
    ),
    "policy that reports": (File(TAG, {"Content-Security-Policy-Report-Only": "default-src 'none'"}), {}, {}),
    "nonce": (File(TAG.replace("async", "nonce=n1"), {"Content-Security-Policy": "script-src 'nonce-n1'"}), {}, {}),
    "nonce of a bundle": (
        File(SCRIPT, {"Content-Security-Policy": "script-src 'nonce-n1'"}),
        {"/assets/index.js": BUNDLE},
        {"page-policy": ("skip", "depends on a nonce")},
    ),
    "strict-dynamic": (
        File(SCRIPT, {"Content-Security-Policy": "script-src 'nonce-n1' 'strict-dynamic'"}),
        {"/assets/index.js": BUNDLE},
        {},
    ),
    "require-corp": (
        File(TAG, {"Cross-Origin-Embedder-Policy": 'require-corp; report-to="x"'}),
        {},
        {"page-embedding": ("fail", "require-corp")},
    ),
    "credentialless": (
        File(TAG, {"Cross-Origin-Embedder-Policy": "credentialless"}),
        {},
        {"page-embedding": ("skip", "credentialless")},
    ),
    "unsafe-none": (File(TAG, {"Cross-Origin-Embedder-Policy": "unsafe-none"}), {}, {}),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page(name: str, pages: _Pages, backend: Server) -> None:
    page, files, wanted = PAGES[name]
    pages.files = {"/": page, **files}
    outcome = call(
        "verify", backend.url, "--page", f"http://127.0.0.1:{pages.server_port}/", "--format", "json", "--timeout", "2"
    )

    checks = [check for check in json.loads(outcome.stdout)["checks"] if check["name"].startswith("page-")]
    loads = "page-loads" not in wanted
    found = {check["name"]: (check["status"], check["reason"]) for check in checks if check["status"] != "pass"}
    assert set(found) == set(wanted) if loads else len(found) == 4
    for check, (status, words) in wanted.items():
        assert found[check][0] == status
        assert words in found[check][1]
    assert outcome.code == (1 if "fail" in {status for status, _ in wanted.values()} else 0)


def test_the_server_must_let_the_page_ask(pages: _Pages) -> None:
    pages.files = {"/": File(TAG)}
    page = f"http://127.0.0.1:{pages.server_port}/"
    with Server("no cors") as server:
        refused = json.loads(call("verify", server.url, "--page", page, "--format", "json").stdout)
        unknown = json.loads(call("verify", server.url, "--format", "json").stdout)
        own = json.loads(call("verify", server.url, "--page", server.url, "--format", "json").stdout)

    found = [next(check for check in each["checks"] if check["name"] == "cors") for each in (refused, unknown, own)]
    assert [check["status"] for check in found] == ["fail", "skip", "skip"]
    assert "answered with status 405" in found[0]["reason"]
    assert "--page" in found[1]["reason"]
    assert "own origin" in found[2]["reason"]


def test_a_header_of_the_caller_must_be_allowed_and_does_not_go_to_the_page(pages: _Pages, backend: Server) -> None:
    pages.files = {"/": File(TAG)}
    page = f"http://127.0.0.1:{pages.server_port}/"
    outcome = call("verify", backend.url, "--page", page, "--format", "json", "--header", "Authorization: Bearer x")
    cors = next(check for check in json.loads(outcome.stdout)["checks"] if check["name"] == "cors")
    assert cors["reason"] == "the preflight does not allow the header authorization"
    assert not pages.signed
