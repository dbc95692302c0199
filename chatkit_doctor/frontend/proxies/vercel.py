"""`rewrites` and `routes` in vercel.json.

From Vercel's documentation, since no host was asked: rewrites come behind the files of the page, the first that takes
the path counts, `:name*` and `$1` stand for what the source found. A destination without a scheme is a file or a
function of the page's own, which may do anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, Upstream, unclear
from chatkit_doctor.frontend.proxies.path_patterns import filled, route
from chatkit_doctor.frontend.proxies.targets import written_destination
from chatkit_doctor.project.manifests.json_files import read_json
from chatkit_doctor.project.manifests.model import ManifestError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.project.manifests.spans import PlacedValues
    from chatkit_doctor.source import Source

_CONDITIONS = frozenset({"has", "missing", "methods", "statusCode"})


def vercel_proxy(source: Source) -> ProxyServer | None:
    """Return what Vercel hands on for the pages of a folder; None where its file cannot be read."""
    try:
        config = read_json(source)
    except ManifestError:
        return None
    forwards = (*_rewrites(config), *_routes(config))
    return ProxyServer("Vercel", source.path, Path(source.path).parent, forwards)


def _rewrites(config: PlacedValues) -> Iterator[Forward]:
    rules = config.values.get("rewrites")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if isinstance(rule, dict):
            at = config.string_at(("rewrites", index, "source"))
            yield _forward(rule.get("source"), rule.get("destination"), rule, at)


def _routes(config: PlacedValues) -> Iterator[Forward]:
    """Yield the rules of the older kind, whose sources are regular expressions for whole paths."""
    rules = config.values.get("routes")
    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict) or "handle" in rule or rule.get("continue") is True:
            continue
        at = config.string_at(("routes", index, "src"))
        yield _forward(rule.get("src"), rule.get("dest"), rule, at)


def _forward(source: Any, destination: Any, rule: dict[str, Any], at: Any) -> Forward:
    if not isinstance(source, str):
        return unclear(at)
    takes = route(source)
    target = written_destination(destination) if isinstance(destination, str) else None
    if takes is None or target is None or not _CONDITIONS.isdisjoint(rule):
        return unclear(at, source, takes)
    path = filled(target[1], takes)
    if path is None or target[0].origin == "":
        return unclear(at, source, takes)
    return Forward(source, takes, ((takes, path),), Upstream(target[0].origin, ""), at)
