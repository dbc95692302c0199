"""The ports that the files of a backend name for its server, as far as they do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App

USUAL_PORTS = frozenset({8000, 5000})
"""Where uvicorn, Django, Flask and Quart listen where nothing else is said."""

_PYTHON = regex(
    r"""\bport\s*(?::\s*int\s*)?=\s*(\d{2,5})\b|["'](?:\w+_)?PORT["']\s*,\s*["']?(\d{2,5})\b""", re.IGNORECASE
)
_STARTED = regex(r"(?:uvicorn|gunicorn|hypercorn|fastapi|flask|daphne|granian|runserver|manage\.py)\b.*")
_GIVEN = regex(r"(?:--port|-p|--bind|-b|runserver)\W{1,5}(?:[\w.]*:)?(\d{2,5})\b|\$\{PORT:-(\d+)\}")
_STARTS = regex(rb"uvicorn|gunicorn|hypercorn|fastapi|flask|daphne|granian|runserver|_PORT|PORT\b|port\s*=")
_SETTINGS = regex(
    r"^[ \t]*(?:export[ \t]+|ENV[ \t]+|-[ \t]+)?(?:\w+_)?PORT(?:[ \t]*[=:][ \t]*|[ \t]+)[\"']?(\d{2,5})\b",
    re.MULTILINE,
)
_FILES = regex(r"Dockerfile.*|Procfile|package\.json|.*\.ya?ml|.*\.toml|\.env.*")


def named_ports(app: App) -> frozenset[int]:
    """Return the ports that an app's own code, and what starts it, name for a server; none where nothing does."""
    return app.derive(_named_ports)


def _named_ports(app: App) -> frozenset[int]:
    return frozenset(int(each) for each in _written(app) if each)


def _written(app: App) -> Iterator[str]:
    for path in app.files:
        is_code = path.suffix == ".py" and path.is_relative_to(app.folder)
        is_start = _FILES.fullmatch(path.name) and app.folder.is_relative_to(path.parent)
        source = app.read(path) if (is_code or is_start) and app.mentions_pattern(path, _STARTS) else None
        if source is None:
            continue
        if is_code:
            yield from (each for found in _PYTHON.finditer(source.text) for each in found.groups())
            continue
        yield from (found[1] for found in _SETTINGS.finditer(source.text))
        for started in _STARTED.finditer(source.text):
            yield from (each for found in _GIVEN.finditer(started[0]) for each in found.groups())
