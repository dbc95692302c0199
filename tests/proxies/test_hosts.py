"""nginx and Caddy, as they were seen to ask when they were run so; Vercel and Netlify, as they say of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.frontend.proxies.compose import services
from tests.projects import project_of
from tests.proxies.support import UNCLEAR, handed

_NGINX = """\
upstream be { server backend:8000; }
upstream many { server a:8000; server b:8000; }
map $http_upgrade $c { default upgrade; '' close; }
server {
  listen 80;
  # a comment; with { braces }
  set $b http://backend:8000;
  set $h backend:8000;
  location / { root /usr/share/nginx/html; try_files $uri /index.html; }
  location /keep { proxy_pass http://be; proxy_set_header Host $host; }
  location /slash/ { proxy_pass http://be/; }
  location /noslash { proxy_pass http://be/; }
  location /sub/ { proxy_pass http://be/v1/; }
  location /subn/ { proxy_pass http://be/v1; }
  location = /exact { proxy_pass http://be/chatkit; }
  location = /exactkeep { proxy_pass http://be; }
  location ^~ /pre/ { proxy_pass http://be; }
  location /pre/longer/ { proxy_pass http://be/L/; }
  location /var { proxy_pass $b; }
  location /var2 { proxy_pass http://$h; }
  location /var3 { proxy_pass http://$h$request_uri; }
  location /var4 { proxy_pass $nowhere; }
  location /filled/ { proxy_pass ${BACKEND_URL}/; }
  location /many { proxy_pass http://many; }
  location /rw/ { rewrite ^/rw/(.*)$ /$1 break; proxy_pass http://be; }
  location ~* \\.(js|css)$ { expires 1y; }
}
"""
_NGINX_ASKED: dict[str, str | None] = {
    "/keep/a": "http://backend:8000/keep/a",
    "/keeper": "http://backend:8000/keeper",
    "/slash/a": "http://backend:8000/a",
    "/slash": UNCLEAR,
    "/noslash/a": "http://backend:8000/a",
    "/sub/a": "http://backend:8000/v1/a",
    "/subn/a": "http://backend:8000/v1a",
    "/exact": "http://backend:8000/chatkit",
    "/exact/a": UNCLEAR,
    "/exactkeep": "http://backend:8000/exactkeep",
    "/pre/a": "http://backend:8000/pre/a",
    "/pre/longer/a": "http://backend:8000/L/a",
    "/var/a": "http://backend:8000/var/a",
    "/var2/a": "http://backend:8000/var2/a",
    "/var3/a": "http://backend:8000/var3/a",
    "/var4/a": UNCLEAR,
    "/filled/a": "…/a",
    "/many/a": "///many/a",
    "/rw/a": UNCLEAR,
    "/keep/x.js": UNCLEAR,
}


_CADDY = """\
{
\temail me@example.com
}
(snippet) {
\treverse_proxy nowhere:1
}
:80 {
\tencode gzip
\treverse_proxy /plain backend:8000
\treverse_proxy /wide* http://backend:8000 {
\t\theader_up Host {host} # a comment; with { braces
\t}
\thandle /api/* {
\t\treverse_proxy backend:8000
\t}
\thandle /api/long/* {
\t\treverse_proxy other:9000
\t}
\thandle_path /cut/* {
\t\treverse_proxy backend:8000
\t}
\thandle /two {
\t\treverse_proxy a:1 b:2
\t}
\thandle /changed/* {
\t\turi strip_prefix /changed
\t\treverse_proxy backend:8000
\t}
\thandle /env {
\t\treverse_proxy {$BACKEND}
\t}
}
"""
_CADDY_ASKED: dict[str, str | None] = {
    "/plain": "http://backend:8000/plain",
    "/plain/a": None,
    "/wide": "http://backend:8000/wide",
    "/wider/a": "http://backend:8000/wider/a",
    "/api/a": "http://backend:8000/api/a",
    "/api": None,
    "/api/long/a": "http://other:9000/api/long/a",
    "/cut/a": "http://backend:8000/a",
    "/two": UNCLEAR,
    "/changed/a": UNCLEAR,
    "/env": UNCLEAR,
}


@pytest.mark.parametrize("name", ["nginx.conf", "deploy/default.conf", "nginx/default.conf.template"])
def test_nginx(name: str, tmp_path: Path) -> None:
    assert handed(tmp_path, {name: _NGINX}, list(_NGINX_ASKED)) == _NGINX_ASKED


def test_a_regular_expression_of_nginx_may_take_any_path_but_the_exact_ones(tmp_path: Path) -> None:
    config = """\
location ~ ^/(api|v1)/ { proxy_pass http://other:1; }
location /chat { proxy_pass http://backend:8000; }
location = /exact { proxy_pass http://backend:8000; }
"""
    expected = {"/chat": UNCLEAR, "/exact": "http://backend:8000/exact"}

    assert handed(tmp_path, {"conf.d/locations.conf": config}, list(expected)) == expected


def test_vercel(tmp_path: Path) -> None:
    config = """{
      "rewrites": [
        { "source": "/api/:path*", "destination": "https://b.example.com/v1/:path*" },
        { "source": "/old/(.*)", "destination": "https://b.example.com/$1" },
        { "source": "/guarded", "has": [{ "type": "host", "value": "x" }], "destination": "https://b.example.com/" },
        { "source": "/odd-:x", "destination": "https://b.example.com/" }
      ],
      "routes": [{ "src": "/legacy/(.*)", "dest": "https://b.example.com/l/$1" }, { "handle": "filesystem" }]
    }"""
    expected = {
        "/api/chatkit": "https://b.example.com/v1/chatkit",
        "/old/a/b": "https://b.example.com/a/b",
        "/guarded": UNCLEAR,
        # A pattern that is not read here comes before.
        "/legacy/a": UNCLEAR,
    }

    assert handed(tmp_path, {"vercel.json": config}, list(expected)) == expected


def test_a_page_for_every_path_leaves_vercel_unclear(tmp_path: Path) -> None:
    config = '{ "rewrites": [{ "source": "/(.*)", "destination": "/index.html" }] }'

    assert handed(tmp_path, {"vercel.json": config}, ["/chatkit"]) == {"/chatkit": UNCLEAR}


_LINES = """\
# of Netlify
/api/*    https://b.example.com/v1/:splat   200
/one/:id  https://b.example.com/x/:id       200!
/moved/*  https://b.example.com/:splat      301
/plain    https://b.example.com/
/fr/*     https://b.example.com/:splat      200  Country=fr
/*        /index.html                       200
"""
_TABLES = """\
[[redirects]]
from = "/api/*"
to = "https://b.example.com/v1/:splat"
status = 200
force = true

[[redirects]]
from = "/one/:id"
to = "https://b.example.com/x/:id"
status = 200

[[redirects]]
from = "/moved/*"
to = "https://b.example.com/:splat"

[[redirects]]
from = "/fr/*"
to = "https://b.example.com/:splat"
status = 200
conditions = { Country = ["fr"] }
"""


@pytest.mark.parametrize(("name", "text"), [("public/_redirects", _LINES), ("netlify.toml", _TABLES)])
def test_netlify(name: str, text: str, tmp_path: Path) -> None:
    expected = {
        "/api/chatkit": "https://b.example.com/v1/chatkit",
        "/one/5": "https://b.example.com/x/5",
        "/moved/a": UNCLEAR,
        "/fr/a": UNCLEAR,
    }

    assert handed(tmp_path, {name: text}, list(expected)) == expected


def test_services_of_compose(tmp_path: Path) -> None:
    compose = """\
services:
  api:
    build: ./backend
    ports: ["127.0.0.1:8001:8000", "22:22"]
    command: uvicorn main:app --port 8000
  web:
    container_name: page
    build: { context: frontend }
    ports: [{ target: 80, published: 8080 }]
  db:
    image: postgres
  odd: text
"""
    files = {"compose.yaml": compose, "main.py": "import chatkit\n", "requirements.txt": "openai-chatkit\n"}
    found = {each.name: each for app in project_of(tmp_path, files).apps for each in services(app)}

    assert {name: each.ports for name, each in found.items()} == {
        "api": {8001: 8000, 22: 22},
        "web": {8080: 80},
        "db": {},
    }
    assert found["api"].folder == tmp_path / "backend"
    assert found["web"].hosts == {"web", "page"}
    assert found["db"].folder is None


def test_what_caddy_asks_its_backend_for(tmp_path: Path) -> None:
    assert handed(tmp_path, {"Caddyfile": _CADDY}, list(_CADDY_ASKED)) == _CADDY_ASKED


def test_a_site_of_caddy_without_braces(tmp_path: Path) -> None:
    lone = "example.com\n\nreverse_proxy /chatkit backend:8000\nfile_server\n"
    assert handed(tmp_path, {"Caddyfile": lone}, ["/chatkit", "/"]) == {
        "/chatkit": "http://backend:8000/chatkit",
        "/": None,
    }
