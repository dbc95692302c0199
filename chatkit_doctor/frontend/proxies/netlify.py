"""`[[redirects]]` of netlify.toml, and the file `_redirects`, where they hand on with status 200.

From Netlify's documentation, since no host was asked: the rules of `_redirects` come first, the first that takes the
path counts, `*` stands at the end alone and is `:splat` in the destination.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, unclear
from chatkit_doctor.frontend.proxies.path_patterns import route
from chatkit_doctor.frontend.proxies.targets import written_destination
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import ManifestError
from chatkit_doctor.project.manifests.toml_files import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.source import Location, Source

LINES = "_redirects"
TOML = "netlify.toml"
_HANDS_ON = "200"
_STATUS = regex(r"\d{3}!?")
_NAME = regex(r"(?<=/):(\w+)(?=/|$)")
_CONDITIONS = frozenset({"conditions", "query", "signed"})
_MOST_RULES = 2000


def netlify_proxy(source: Source) -> ProxyServer | None:
    """Return what Netlify hands on for the pages of a folder; None where its file cannot be read."""
    is_lines = source.path.name == LINES
    try:
        forwards = tuple(_lines(source) if is_lines else _tables(source))
    except ManifestError:
        return None
    # `_redirects` lies in what is published: `public/`, `static/`.
    return ProxyServer("Netlify", source.path, None if is_lines else source.path.parent, forwards)


def _lines(source: Source) -> Iterator[Forward]:
    start = 0
    for line in source.text.splitlines(keepends=True)[:_MOST_RULES]:
        words = line.partition("#")[0].split() if line.lstrip().startswith("#") else line.split()
        at = source.location(start, start + len(line.rstrip()))
        start += len(line)
        if len(words) < 2 or words[0].startswith("#"):
            continue
        status = words[2].rstrip("!") if len(words) > 2 and _STATUS.fullmatch(words[2]) else "301"
        yield _forward(words[0], words[1], at, is_plain=len(words) <= 3 and status == _HANDS_ON)


def _tables(source: Source) -> Iterator[Forward]:
    config = read_toml(source)
    rules = config.values.get("redirects")
    for index, rule in enumerate(rules[:_MOST_RULES] if isinstance(rules, list) else ()):
        if not isinstance(rule, dict):
            continue
        at = config.string_at(("redirects", index, "from"))
        is_plain = rule.get("status", 301) == int(_HANDS_ON) and _CONDITIONS.isdisjoint(rule)
        yield _forward(str(rule.get("from")), str(rule.get("to")), at, is_plain=is_plain)


def _forward(given: str, destination: str, at: Location, *, is_plain: bool) -> Forward:
    # A whole address is for one domain of several.
    takes = _pattern(given)
    found = written_destination(destination)
    if takes is None or found is None or not is_plain:
        return unclear(at, given, takes)
    target, path = found
    put = _NAME.sub(r"\\g<\1>", path.replace("\\", r"\\"))
    names = {each[1] for each in _NAME.finditer(path)}
    if target.origin == "" or not names <= takes.groupindex.keys():
        return unclear(at, given, takes)
    return Forward(given, takes, ((takes, put),), target, at)


def _pattern(given: str) -> re.Pattern[str] | None:
    """Return what a source takes: a path, `:name` for a part of it, and `*` for all that follows."""
    return route(f"{given[:-1]}:splat*" if given.endswith("/*") else given) if "*" not in given[:-1] else None
