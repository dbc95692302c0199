"""CK504: the places and spellings of policies that a page cannot hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_PAGE = "<!doctype html><html><head></head><body><openai-chatkit></openai-chatkit></body></html>"
_OPEN = "script-src 'self' https://cdn.platform.openai.com; frame-src https://*.openai.com"


def _vercel(source: str, name: str, value: str) -> str:
    return json.dumps({"headers": [{"source": source, "headers": [{"key": name, "value": value}]}]})


@pytest.mark.parametrize(
    ("path", "text", "count"),
    [
        ("vercel.json", _vercel("/(.*)", "Content-Security-Policy", "default-src 'self'"), 2),
        ("vercel.json", _vercel("/:path*", "content-security-policy", "script-src 'self'"), 1),
        ("vercel.json", _vercel("/api/(.*)", "Content-Security-Policy", "default-src 'self'"), 0),
        ("vercel.json", _vercel("/(.*)", "Content-Security-Policy", _OPEN), 0),
        ("vercel.json", _vercel("/(.*)", "Content-Security-Policy-Report-Only", "default-src 'self'"), 0),
        ("vercel.json", _vercel("/(.*)", "Cross-Origin-Embedder-Policy", "require-corp"), 1),
        ("vercel.json", "{ not json", 0),
        ("vercel.json", '{ "headers": { "source": 1 } }', 0),
        ("_headers", "# ours\n/*\n  X-Frame-Options: DENY\n  Content-Security-Policy: frame-src 'none'\n", 1),
        ("_headers", "/admin/*\n  Content-Security-Policy: frame-src 'none'\n", 0),
        (
            "netlify.toml",
            '[[headers]]\nfor = "/*"\n[headers.values]\nCross-Origin-Embedder-Policy = "require-corp"\n',
            1,
        ),
        ("netlify.toml", "[[headers", 0),
        ("nginx.conf", "server { location / { add_header Content-Security-Policy \"script-src 'self'\" always; } }", 1),
        ("nginx.conf", "server { location /api { add_header Content-Security-Policy \"script-src 'self'\"; } }", 0),
        ("nginx.conf", "server { add_header Content-Security-Policy \"script-src 'nonce-$request_id'\"; }", 0),
        ("nginx.conf", "server { location /a { root x; } add_header Cross-Origin-Embedder-Policy 'require-corp'; }", 1),
    ],
)
def test_places(path: str, text: str, count: int, tmp_path: Path) -> None:
    assert len(Folder(tmp_path, "CK504").findings({"index.html": _PAGE, path: text})) == count


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("`script-src 'self'`", 1),
        ("['default-src *', \"script-src 'self'\"].join('; ')", 1),
        ("[\"script-src 'self'\", host].join('; ')", 0),
        ("\"script-src 'self'\".trim()", 1),
        ("policy()", 0),
        ("`script-src 'nonce-${nonce}'`", 0),
    ],
)
def test_values_in_the_configuration_of_next(value: str, count: int, tmp_path: Path) -> None:
    config = (
        "module.exports = { headers: async () => [{ source: '/(.*)', headers: ["
        f"{{ key: 'Content-Security-Policy', value: {value} }}] }}] }}\n"
    )
    assert len(Folder(tmp_path, "CK504").findings({"index.html": _PAGE, "next.config.js": config})) == count


def test_an_app_without_a_chat_may_keep_out_what_it_likes(tmp_path: Path) -> None:
    files = {
        "chat.ts": "export const name = 'chatkit'\n",
        "_headers": "/*\n  Content-Security-Policy: default-src 'self'\n",
    }
    assert Folder(tmp_path, "CK504").findings(files) == []


_MIDDLEWARE = """
    from fastapi import FastAPI

    app = FastAPI()

    @app.middleware("http")
    async def secure(request, call_next):
        response = await call_next(request)
        response.headers["Content-Security-Policy"] = "default-src 'self'; " "script-src 'self'; frame-src *"
        return response
"""


@pytest.mark.parametrize(
    ("code", "page", "count"),
    [
        (_MIDDLEWARE, "templates/chat.html", 1),
        (_MIDDLEWARE.replace("default-src 'self'; ", "default-src 'self' https:; "), "templates/chat.html", 1),
        (_MIDDLEWARE.replace("script-src 'self'", "script-src 'self' https:"), "templates/chat.html", 0),
        (_MIDDLEWARE.replace("@app.middleware", "@app.get"), "templates/chat.html", 0),
        (_MIDDLEWARE.replace("response.headers", "if request.url.path: response.headers"), "templates/chat.html", 0),
        (_MIDDLEWARE, "frontend/index.html", 0),
    ],
)
def test_middleware_of_the_server_that_hands_out_the_page(code: str, page: str, count: int, tmp_path: Path) -> None:
    files = {"app.py": code, page: _PAGE, "requirements.txt": "fastapi\n"}
    if page.startswith("frontend"):
        files["frontend/package.json"] = '{ "devDependencies": { "vite": "*" } }'
    assert len(Folder(tmp_path, "CK504").findings(files)) == count
