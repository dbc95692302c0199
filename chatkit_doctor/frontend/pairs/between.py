"""What may stand between a page and its backend and answer, or change the path of a request."""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App

# Servers and hosts that are told how to hand requests on.
_CONFIGS = regex(
    r"(?:vite|next|nuxt|svelte|astro|remix|webpack|rsbuild|angular|vue|docusaurus|craco)\.config\.\w+"
    r"|proxy\.conf.*|vercel\.json|netlify\.toml|firebase\.json|staticwebapp\.config\.json|.*\.conf(?:\.template)?"
    r"|_redirects|Caddyfile|setupProxy\.\w+|.*compose.*\.ya?ml"
)
_HANDS_ON = regex(rb"rewrite|redirect|proxy|location\s|stripPrefix|^\s*/\S*\s+\S+\s+200", re.IGNORECASE | re.MULTILINE)
_PACKAGE = "package.json"
# Routes of the page's own server.
_SERVER_ROUTES = regex(r"(?:route|\+server|proxy|middleware)\.(?:ts|js|mjs)")
# Another server in Python of the same page, which may hand the chat on.
_SERVES = regex(rb"^\s*(?:from|import)\s+(?:fastapi|starlette|flask|django|quart|aiohttp)\b", re.MULTILINE)
# Of Remix, React Router, TanStack and Nuxt.
_ROUTED_IN = frozenset({"routes", "server"})
_ROUTED = frozenset({".ts", ".tsx", ".js", ".mjs"})
_ANSWERS = regex(rb"\baction\b|\bPOST\b|defineEventHandler|eventHandler|proxyRequest")
_SERVER_FOLDERS = frozenset({"api", "server", "functions"})
_FUNCTIONS = frozenset({"api", "functions", "netlify"})
_SCRIPTS = frozenset({".ts", ".js", ".mjs", ".cjs"})


def stands_between(app: App, backend: App, known: Container[Path] = ()) -> bool:
    """Return whether a server of the page's own, or a host's rules, may answer in the place of the backend.

    known: the files of which it is known what they do.
    """
    return answers_first(app, backend, known) or any(
        path not in known and _is_told(app, path) for path in (*app.files, *backend.files)
    )


def answers_first(app: App, backend: App, known: Container[Path]) -> bool:
    """Return whether another server of the project may answer, be it where the page is developed.

    known: the files of which it is known what they do.
    """
    return has_other_server(app, backend) or any(
        path not in known and (_is_route(app, path) or _is_function(app, path)) for path in (*app.files, *backend.files)
    )


def has_other_server(app: App, backend: App) -> bool:
    """Return whether another server in Python may be the one that a page asks first."""
    beside = (path for pair in app.pairs() for path in pair.backend.files)
    return any(
        path.suffix == ".py"
        # An app without ChatKit is nobody's, so that every app owns its files.
        and not (backend.owns(path) and path.is_relative_to(backend.folder))
        and app.mentions_pattern(path, _SERVES)
        for path in (*app.files, *beside)
    )


def _is_route(app: App, path: Path) -> bool:
    """Return whether a file is a route of the page's own server that may answer a POST, of whatever framework."""
    if is_server_route(path.name, path.parts):
        return True
    is_among = path.suffix in _ROUTED and not _ROUTED_IN.isdisjoint(path.parts)
    return is_among and app.owns(path) and app.mentions_pattern(path, _ANSWERS)


def _is_told(app: App, path: Path) -> bool:
    """Return whether a file tells something to hand requests on."""
    if path.name == _PACKAGE:
        return "proxy" in app.packages.of(path).manifest
    return _CONFIGS.fullmatch(path.name) is not None and app.mentions_pattern(path, _HANDS_ON)


def _is_function(app: App, path: Path) -> bool:
    """Return whether a script is one that a host runs for a path of the page's own: of a folder at the app's top."""
    is_inside = path.suffix in _SCRIPTS and path.is_relative_to(app.folder)
    return is_inside and path.relative_to(app.folder).parts[0] in _FUNCTIONS


def is_server_route(name: str, folders: tuple[str, ...]) -> bool:
    """Return whether a file holds routes of the page's own server, by its name and the folders it is in."""
    if _SERVER_ROUTES.fullmatch(name):
        return True
    is_script = name.endswith((".ts", ".js", ".mjs", ".tsx"))
    return is_script and not _SERVER_FOLDERS.isdisjoint(folders) and "pages" in folders
