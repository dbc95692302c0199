"""`routeRules` with `proxy`, and `nitro.devProxy`, of Nuxt.

Checked against nitropack 2.13 that was asked: a rule for `/api/**` puts what follows `/api` in the place of the `**`
of its target, or asks for the target alone where that has none; `devProxy` takes its key off the path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.answering_files import answering_files, path_in_nuxt
from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, Upstream, unclear
from chatkit_doctor.frontend.proxies.path_patterns import beginning, below
from chatkit_doctor.frontend.proxies.targets import destination, target
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.values import Entry, ObjectValue
from chatkit_doctor.web.formats.configs import exported_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.project.app import App
    from chatkit_doctor.web.document import Document

NUXT = regex(r"nuxt\.config\.(?:[cm]?[jt]s)")
_REST = "/**"
_ALL = regex(r"^.*$")


def nuxt_proxy(app: App, document: Document) -> ProxyServer:
    """Return what an app of Nuxt hands on by its configuration."""
    node = exported_object(document)
    config = app.evaluator.evaluate(document, node) if node is not None else None
    forwards = tuple(_forwards(app, config)) if isinstance(config, ObjectValue) else ()
    if not forwards and "proxy" in document.source.text.lower():
        forwards = (unclear(document.source.location(0, 0)),)
    folder = document.path.parent
    answering = list(answering_files(app, folder, path_in_nuxt))
    rules = (*forwards, *(each.forward for each in answering))
    return ProxyServer("Nuxt", document.path, folder, rules, tuple(each.path for each in answering))


def _forwards(app: App, config: ObjectValue) -> Iterator[Forward]:
    for table in (config.get("nitro", "devProxy"), config.get("routeRules"), config.get("nitro", "routeRules")):
        if table is None:
            continue
        is_dev = table is config.get("nitro", "devProxy")
        if not isinstance(table, ObjectValue) or not table.complete:
            yield unclear(table.location)
            continue
        entries = list(table.entries.values())
        # Of several rules that fit, the most telling counts.
        entries.sort(key=lambda each: len(each.name), reverse=True)
        for entry in entries:
            made = _dev(app, entry) if is_dev else _rule(app, entry)
            if made is not None:
                yield made


def _dev(app: App, entry: Entry) -> Forward:
    takes = beginning(entry.name)
    rule = entry.value
    if isinstance(rule, ObjectValue) and (not rule.complete or rule.entries.keys() - _PLAIN):
        return unclear(entry.location, entry.name, takes)
    found = target(app, rule.get("target") if isinstance(rule, ObjectValue) else rule)
    return Forward(entry.name, takes, ((takes, ""),), found, entry.location)


_PLAIN = frozenset({"target", "changeOrigin", "ws", "secure", "headers"})


def _rule(app: App, entry: Entry) -> Forward | None:
    """Return what a rule hands on; None for one that hands on nothing."""
    rule = entry.value
    if not isinstance(rule, ObjectValue):
        return unclear(entry.location)
    given = rule.get("proxy")
    if given is None:
        return None if rule.complete and "redirect" not in rule.entries else unclear(entry.location)
    if isinstance(given, ObjectValue):
        given = given.get("to") if given.complete else None
    found = destination(app, given)
    is_below, prefix = entry.name.endswith(_REST), entry.name.removesuffix(_REST)
    if found is None or "*" in prefix or ":" in prefix or found[0].origin == "":
        return unclear(entry.location, prefix, None if "*" in prefix or ":" in prefix else beginning(prefix))
    server, path = found
    takes = below(prefix) if is_below else re.compile(f"^{re.escape(prefix)}/?$")
    is_all = is_below and path.endswith(_REST)
    steps = ((takes, path.removesuffix(_REST)),) if is_all else ((_ALL, path),)
    return Forward(prefix, takes, steps, Upstream(server.origin, server.base), entry.location)
