"""All that is told, in the files of an app, how to hand requests on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.frontend.proxies.angular import ANGULAR, angular_proxy
from chatkit_doctor.frontend.proxies.caddy import FILE, caddy_proxies
from chatkit_doctor.frontend.proxies.middleware import SETUP, WEBPACK, setup_proxy, webpack_proxy
from chatkit_doctor.frontend.proxies.model import ProxyServer
from chatkit_doctor.frontend.proxies.netlify import LINES, TOML, netlify_proxy
from chatkit_doctor.frontend.proxies.next_rewrites import NEXT, next_proxy
from chatkit_doctor.frontend.proxies.nginx import nginx_proxies
from chatkit_doctor.frontend.proxies.nuxt import NUXT, nuxt_proxy
from chatkit_doctor.frontend.proxies.package_json import package_proxy
from chatkit_doctor.frontend.proxies.vercel import vercel_proxy
from chatkit_doctor.frontend.proxies.vite import ASTRO, VITE, vite_proxy
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App

_NGINX = regex(r".*\.conf(?:\.template)?")
_PASSES = regex(rb"\bproxy_pass\b")
_SCRIPTS = ((VITE, vite_proxy), (ASTRO, vite_proxy), (NUXT, nuxt_proxy), (WEBPACK, webpack_proxy))
_MANIFEST = "package.json"
_NEXT = "next"


def proxies(app: App) -> tuple[ProxyServer, ...]:
    """Return the servers that may stand between an app's pages and a backend, each with its rules."""
    return app.derive(_proxies)


def _proxies(app: App) -> tuple[ProxyServer, ...]:
    found = (each for path in app.files for each in _of_file(app, path))
    return tuple(each for each in found if each is not None and each.forwards)


def _of_file(app: App, path: Path) -> Iterator[ProxyServer | None]:
    name = path.name
    if name == _MANIFEST:
        yield package_proxy(app, path)
        if _NEXT in app.packages.of(path).dependencies:
            yield _of_next(app, path.parent)
        return
    script = next((read for pattern, read in _SCRIPTS if pattern.fullmatch(name)), None)
    if script is not None or name == SETUP:
        document = app.document(path)
        if document is not None:
            yield (script or setup_proxy)(app, document)
        return
    source = app.read(path) if _may_be_told(app, path) else None
    if source is None:
        return
    if _NGINX.fullmatch(name):
        yield from nginx_proxies(source)
    elif name == FILE:
        yield from caddy_proxies(source)
    elif ANGULAR.fullmatch(name):
        yield angular_proxy(source)
    else:
        yield vercel_proxy(source) if name == "vercel.json" else netlify_proxy(source)


def _may_be_told(app: App, path: Path) -> bool:
    """Return whether a file that is no script is one of those that are read here."""
    name = path.name
    if _NGINX.fullmatch(name):
        return app.mentions_pattern(path, _PASSES)
    return name in {LINES, TOML, FILE, "vercel.json"} or ANGULAR.fullmatch(name) is not None


def _of_next(app: App, folder: Path) -> ProxyServer:
    configs = [each for each in app.files if each.parent == folder and NEXT.fullmatch(each.name)]
    return next_proxy(app, folder, app.document(configs[0]) if configs else None)
