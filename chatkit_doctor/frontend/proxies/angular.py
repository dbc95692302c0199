"""The file that `proxyConfig` of Angular's command line names, by its usual name: `proxy.conf.json`.

Checked against the dev server of @angular/build 20.3 that was asked: a key without a star is what the path begins with,
as is one before `/**`; `pathRewrite` replaces what its pattern finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, Step, Upstream, unclear
from chatkit_doctor.frontend.proxies.path_patterns import beginning, regular, replacement
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.json_files import load_jsonc
from chatkit_doctor.project.manifests.model import ManifestError

if TYPE_CHECKING:
    from chatkit_doctor.source import Location, Source

ANGULAR = regex(r"proxy\.conf(?:ig)?(?:\.\w+)?\.json")
_KEPT = frozenset(
    {"target", "pathRewrite", "secure", "changeOrigin", "logLevel", "ws", "headers", "timeout", "context"}
)
_STARS = regex(r"/\*\*$")


def angular_proxy(source: Source) -> ProxyServer | None:
    """Return what Angular's dev server hands on; None where its file cannot be read."""
    try:
        config = load_jsonc(source)
    except ManifestError:
        return None
    forwards = tuple(_forward(source, key, rule) for key, rule in config.items())
    return ProxyServer("Angular's proxy", source.path, None, forwards, is_dev=True)


def _forward(source: Source, key: str, rule: Any) -> Forward:
    at = _place(source, key)
    prefix = _STARS.sub("", key)
    if "*" in prefix or not isinstance(rule, dict) or not isinstance(rule.get("target"), str):
        return unclear(at, key)
    takes, target = beginning(prefix), Upstream.of(rule["target"])
    steps = _steps(rule.get("pathRewrite", {}))
    if target is None or steps is None or rule.keys() - _KEPT:
        return unclear(at, prefix, takes)
    return Forward(prefix, takes, steps, target, at)


def _steps(table: Any) -> tuple[Step, ...] | None:
    if not isinstance(table, dict) or len(table) > 1:
        return None
    found: list[Step] = []
    for written, text in table.items():
        pattern, put = regular(written), replacement(text) if isinstance(text, str) else None
        if pattern is None or put is None:
            return None
        found.append((pattern, put))
    return tuple(found)


def _place(source: Source, key: str) -> Location:
    start = max(source.text.find(f'"{key}"'), 0)
    return source.location(start, start + len(key) + 2)
