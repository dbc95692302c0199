"""What may stand between a page and its backend and answer, or change the path of a request."""

from __future__ import annotations

import re
from pathlib import Path

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App

# Servers and hosts that are told how to hand requests on.
_CONFIGS = regex(
    r"(?:vite|next|nuxt|svelte|astro|remix|webpack|rsbuild|angular|vue|docusaurus)\.config\.\w+|proxy\.conf\.\w+"
    r"|vercel\.json|netlify\.toml|firebase\.json|nginx\.conf|_redirects|setupProxy\.\w+|.*compose\.ya?ml"
)
_HANDS_ON = regex(rb"rewrite|redirect|proxy_pass|location\s|proxy|stripPrefix", re.IGNORECASE)
# Routes of the page's own server.
_SERVER_ROUTES = regex(r"(?:route|\+server|proxy|middleware)\.(?:ts|js|mjs)")
# Another server in Python of the same page, which may hand the chat on.
_SERVES = regex(rb"^\s*(?:from|import)\s+(?:fastapi|starlette|flask|django|quart|aiohttp)\b", re.MULTILINE)
_SERVER_FOLDERS = frozenset({"api", "server", "functions"})
_FUNCTIONS = frozenset({"api", "functions", "netlify"})
_SCRIPTS = frozenset({".ts", ".js", ".mjs", ".cjs"})


def stands_between(app: App, backend: App) -> bool:
    """Return whether a server of the page's own, or a host's rules, may answer in the place of the backend."""
    beside = (path for pair in app.pairs() for path in pair.backend.files)
    if any(
        path.suffix == ".py" and not backend.owns(path) and app.mentions_pattern(path, _SERVES)
        for path in (*app.files, *beside)
    ):
        return True
    return any(
        is_server_route(path.name, path.parts)
        or _is_function(app, path)
        or (_CONFIGS.fullmatch(path.name) is not None and app.mentions_pattern(path, _HANDS_ON))
        for path in (*app.files, *backend.files)
    )


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
