"""Variables of the environment that the files of a project set to an address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App

_FILE = regex(
    r"\.env.*|Dockerfile.*|(?:docker-)?compose.*\.ya?ml|package\.json|netlify\.toml|vercel\.json|render\.yaml|fly\.toml"
)
_ADDRESS = regex(r"\w+://")


def are_plain_origins(app: App, names: Collection[str]) -> bool:
    """Return whether all that the files of an app set some variables to is an origin, so that paths go behind it."""
    return all(urlsplit(each).path in {"", "/"} for each in _values(app, names))


def _values(app: App, names: Collection[str]) -> Iterator[str]:
    """Yield what is set, an address with a path for what is none."""
    if not names:
        return
    words = tuple(each.encode() for each in names)
    setting = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})[\"']?\s*[=:]\s*[\"']?([^\s\"',#;]*)")
    for path in app.files:
        source = app.read(path) if _FILE.fullmatch(path.name) and app.mentions(path, words) else None
        for value in setting.findall(source.text) if source is not None else ():
            if value:
                yield value if _ADDRESS.match(value) and "$" not in value else "http://unknown/path"
