"""`rewrites()` of Next, and its route handlers that hand the chat on by `fetch`.

Checked against dev servers of Next 14.2, 15.5 and 16.4 that were asked: `beforeFiles` comes before the files of the
app, `afterFiles` (or a plain list) behind the files whose path has no parameter, then come those with parameters, and
`fallback` last; a parameter that the destination does not name goes into its query. A destination without a scheme is
another path of the app, which is not followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.answering_files import answering_files, path_in_next
from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, unclear
from chatkit_doctor.frontend.proxies.path_patterns import filled, route
from chatkit_doctor.frontend.proxies.targets import destination
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.values import ArrayValue, FunctionValue, ObjectValue, StringValue, Value
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field, returned_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tree_sitter import Node

    from chatkit_doctor.project.app import App
    from chatkit_doctor.web.document import Document

NEXT = regex(r"next\.config\.(?:[cm]?[jt]s)")
_BEFORE, _AFTER, _FALLBACK = "beforeFiles", "afterFiles", "fallback"
_CONDITIONS = frozenset({"has", "missing", "basePath", "locale"})
# Settings that put something before every path.
_PUTS_BEFORE = regex(r"\b(?:basePath|i18n)\b")
# A file by which Next may send any request elsewhere.
_MIDDLEWARE = regex(r"(?:middleware|proxy)\.(?:[jt]s|mjs)")


def next_proxy(app: App, folder: Path, config: Document | None) -> ProxyServer:
    """Return what the app of Next in a folder hands on: by its configuration, and by its own route handlers."""
    phases = _phases(app, config) if config is not None else {}
    answering = list(answering_files(app, folder, path_in_next))
    forwards = [
        *(each for path in _middleware(app, folder) for each in _anything(app, path)),
        *phases.get(_BEFORE, ()),
        *(each.forward for each in answering if not each.is_dynamic),
        *phases.get(_AFTER, ()),
        *(each.forward for each in answering if each.is_dynamic),
        *phases.get(_FALLBACK, ()),
    ]
    known = (*(each.path for each in answering), *_middleware(app, folder))
    return ProxyServer("Next", config.path if config is not None else folder, folder, tuple(forwards), known)


def _middleware(app: App, folder: Path) -> list[Path]:
    return [
        each
        for each in app.files
        if each.parent in {folder, folder / "src"} and _MIDDLEWARE.fullmatch(each.name) and app.owns(each)
    ]


def _anything(app: App, path: Path) -> Iterator[Forward]:
    """Yield a rule that may do anything for middleware that may send requests elsewhere."""
    source = app.read(path)
    if source is not None and "rewrite" in source.text:
        yield unclear(source.location(0, 0))


def _phases(app: App, config: Document) -> dict[str, list[Forward]]:
    found = [each for each in config.find("pair", "method_definition") if _is_rewrites(config, each)]
    if not found:
        return {}
    everything = {_BEFORE: [unclear(config.location(found[0]))]}
    if len(found) > 1 or _PUTS_BEFORE.search(config.source.text):
        return everything
    value = _returned(app, config, field(found[0], "value") or found[0])
    if isinstance(value, ArrayValue):
        return {_AFTER: list(_forwards(app, value))}
    if not isinstance(value, ObjectValue) or not value.complete:
        return everything
    phases = {name: entry.value for name, entry in value.entries.items()}
    return {
        name: list(_forwards(app, each)) if isinstance(each, ArrayValue) else [unclear(each.location)]
        for name, each in phases.items()
    }


def _is_rewrites(config: Document, entry: Node) -> bool:
    key = field(entry, "key") or field(entry, "name")
    return key is not None and key_text(config, key) == "rewrites"


def _returned(app: App, config: Document, node: Node) -> Value | None:
    """Return what `rewrites` gives; where it may also give nothing, what it gives else."""
    function = app.evaluator.evaluate(config, node) if node.type != "method_definition" else None
    if isinstance(function, FunctionValue):
        config, node = function.document, function.node
    given = [app.evaluator.evaluate(config, each) for each in returned_nodes(node)]
    values = [value for each in given for value in each.alternatives if not _is_empty(value)]
    return values[0] if len(values) == 1 else None


def _is_empty(value: Value) -> bool:
    return isinstance(value, ArrayValue) and value.complete and not value.items


def _forwards(app: App, rules: ArrayValue) -> Iterator[Forward]:
    # What is not known may come before.
    if not rules.complete:
        yield unclear(rules.location)
    for rule in rules.items:
        yield _forward(app, rule)


def _forward(app: App, rule: Value) -> Forward:
    source = rule.get("source") if isinstance(rule, ObjectValue) else None
    if not isinstance(rule, ObjectValue) or not isinstance(source, StringValue):
        return unclear(rule.location)
    takes = route(source.text)
    found = destination(app, rule.get("destination"))
    is_plain = rule.complete and _CONDITIONS.isdisjoint(rule.entries)
    if takes is None or found is None or not is_plain:
        return unclear(rule.location, source.text, takes)
    target, written = found
    path = filled(written, takes)
    if path is None or target.origin == "":
        return unclear(rule.location, source.text, takes)
    return Forward(source.text, takes, ((takes, path),), target, rule.location)
