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


def _firebase(source: str) -> str:
    header = {"key": "Content-Security-Policy", "value": "script-src 'self'"}
    return json.dumps({"hosting": {"headers": [{"source": source, "headers": [header]}]}})


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
        ("staticwebapp.config.json", '{"globalHeaders": {"Content-Security-Policy": "script-src \'self\'"}}', 1),
        ("staticwebapp.config.json", '{"globalHeaders": []}', 0),
        ("firebase.json", _firebase("**"), 1),
        ("firebase.json", _firebase("/admin/**"), 0),
        ("nginx.conf", "server { location / { add_header Content-Security-Policy \"script-src 'self'\" always; } }", 1),
        ("deploy/default.conf", "server { add_header Content-Security-Policy \"script-src 'self'\"; }", 1),
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


_SERVER = "import express from 'express'\nimport helmet from 'helmet'\nconst app = express()\nUSED\napp.use(SERVED)\n"
_CDN = '"https://cdn.platform.openai.com"'


@pytest.mark.parametrize(
    ("used", "spans"),
    [
        ("app.use(helmet())", ["helmet", "helmet"]),
        ("app.use(helmet({ frameguard: false }))", ["helmet", "helmet"]),
        ("app.use(helmet({ contentSecurityPolicy: false }))", []),
        ("app.use(helmet(options()))", []),
        ("app.use('/api', helmet())", []),
        ("if (production) app.use(helmet())", []),
        ("app.use(helmet.hidePoweredBy())", []),
        ("app.use(helmet.contentSecurityPolicy())", ["helmet.contentSecurityPolicy", "helmet.contentSecurityPolicy"]),
        (f"app.use(helmet({{ contentSecurityPolicy: {{ directives: {{ scriptSrc: [{_CDN}] }} }} }}))", ["helmet"]),
        (
            f"app.use(helmet.contentSecurityPolicy({{ directives: {{ scriptSrc: [{_CDN}], 'frame-src': {_CDN} }} }}))",
            [],
        ),
        ("app.use(helmet({ contentSecurityPolicy: { directives: { scriptSrc: sources } } }))", []),
        ("app.use(helmet({ contentSecurityPolicy: { reportOnly: true } }))", []),
        (
            "app.use((req, res, next) => { res.setHeader('Content-Security-Policy', \"script-src 'self'\"); next() })",
            ["\"script-src 'self'\""],
        ),
        ("app.get('/a', (req, res) => { res.setHeader('Content-Security-Policy', \"script-src 'self'\") })", []),
        (
            "app.use((req, res, next) => { if (x) res.setHeader('Content-Security-Policy', \"script-src 'self'\") })",
            [],
        ),
    ],
)
def test_servers_in_javascript(used: str, spans: list[str], tmp_path: Path) -> None:
    server = _SERVER.replace("USED", used).replace("SERVED", "express.static('public')")
    files = {"package.json": "{}", "public/index.html": _PAGE, "server.js": server}
    assert Folder(tmp_path, "CK504").spans(files) == spans
    files["server.js"] = server.replace("express.static('public')", "routes")
    assert Folder(tmp_path / "api", "CK504").spans(files) == []


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("POLICY", 1),
        ("'; '.join(['default-src *', \"script-src 'self'\"])", 1),
        ("'; '.join(['default-src *', extra])", 0),
        ("'; '.join(parts)", 0),
        ("policy_of(request)", 0),
    ],
)
def test_values_in_python(value: str, count: int, tmp_path: Path) -> None:
    server = (
        "from fastapi import FastAPI\napp = FastAPI()\nPOLICY = \"script-src 'self'\"\n\n\n"
        "@app.middleware('http')\nasync def headers(request, call_next):\n    response = await call_next(request)\n"
        f"    response.headers['Content-Security-Policy'] = {value}\n    return response\n"
    )
    files = {"requirements.txt": "fastapi\n", "main.py": server, "static/index.html": _PAGE}
    assert len(Folder(tmp_path, "CK504").findings(files)) == count


@pytest.mark.parametrize(
    ("policy", "url", "count"),
    [
        ("connect-src 'self'", "'https://api.example.com/chatkit'", 1),
        ("connect-src 'self' https://api.example.com", "'https://api.example.com/chatkit'", 0),
        ("connect-src 'self' https://*.example.com/", "'https://api.example.com/chatkit'", 0),
        ("connect-src 'self'", "'/chatkit'", 0),
        ("connect-src 'self'", "window.location.origin + '/chatkit'", 0),
        ("connect-src 'self'", "production ? 'https://api.example.com/chatkit' : '/chatkit'", 0),
        ("connect-src 'self'", "'http://localhost:8000/chatkit'", 1),
        ("connect-src 'self' localhost:8000", "'http://localhost:8000/chatkit'", 0),
        ("img-src 'self'", "'https://api.example.com/chatkit'", 0),
    ],
)
def test_requests_to_the_server(policy: str, url: str, count: int, tmp_path: Path) -> None:
    script = f"document.querySelector('openai-chatkit').setOptions({{ api: {{ url: {url}, domainKey: 'k' }} }})"
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    page = _PAGE.replace("<head>", f"<head>{meta}").replace("</body>", f"<script>{script}</script></body>")
    assert len(Folder(tmp_path, "CK504").findings({"index.html": page})) == count


def test_a_host_serves_no_page_that_asks_this_machine(tmp_path: Path) -> None:
    script = "document.querySelector('openai-chatkit').setOptions({ api: { url: URL, domainKey: 'k' } })"
    page = _PAGE.replace("</body>", f"<script>{script}</script></body>")
    headers = _vercel("/(.*)", "Content-Security-Policy", "connect-src 'self'")
    for number, (url, count) in enumerate([("'http://localhost:8000/a'", 0), ("'https://api.example.com/a'", 1)]):
        files = {"index.html": page.replace("URL", url), "vercel.json": headers}
        assert len(Folder(tmp_path / str(number), "CK504").findings(files)) == count
