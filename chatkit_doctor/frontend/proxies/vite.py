"""`server.proxy` of Vite, which Astro has under `vite`.

Checked against dev servers of Vite 5.4, 6.4 and 7.3 that were asked: the first key counts that the path begins with, in
the order of the keys; a key that begins with `^` is a regular expression; the path goes behind that of the target as it
came, or as `rewrite` returns it. So does it where Astro 5.18 and SvelteKit 2 run it, before routes of their own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.answering_files import answering_files, path_in_astro, path_in_svelte
from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, Step, unclear
from chatkit_doctor.frontend.proxies.path_patterns import beginning, regular
from chatkit_doctor.frontend.proxies.rewriters import steps_of_function
from chatkit_doctor.frontend.proxies.targets import target
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.values import (
    BooleanValue,
    Entry,
    FunctionValue,
    NumberValue,
    ObjectValue,
    StringValue,
    Value,
)
from chatkit_doctor.web.formats.configs import exported_object, member_value
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.project.app import App
    from chatkit_doctor.web.document import Document

VITE = regex(r"vite\.config\.(?:[cm]?[jt]s)")
ASTRO = regex(r"astro\.config\.(?:[cm]?[jt]s)")
# Settings of a rule that may send a request elsewhere, or answer it.
_ELSEWHERE = ("bypass", "router", "ignorePath", "prependPath", "toProxy", "forward", "selfHandleResponse")
# What makes the dev server answer by itself.
_ANSWERS = regex(r"configureServer|middlewareMode|mock|msw|nitro|hono|mergeConfig", re.IGNORECASE)
_SHORT = ("shorthand_property_identifier", "method_definition")
_CHANGES_PATH = regex(r"\.(?:path|url)\s*=[^=]|\.redirect\(|writeHead|\.end\(|setHeader\(['\"]:?path")


def vite_proxy(app: App, document: Document) -> ProxyServer:
    """Return what a configuration of Vite's, or one of Astro's that holds one, makes its dev server hand on.

    What routes of Astro or SvelteKit hand on comes behind.
    """
    forwards = tuple(_forwards(app, document)) if "proxy" in document.source.text else ()
    if not forwards:
        # One that stands where this does not look.
        forwards = tuple(
            unclear(document.location(each)) for each in document.find("pair", *_SHORT) if _is_proxy(document, each)
        )
    folder = document.path.parent
    path_of = path_in_astro if ASTRO.fullmatch(document.path.name) else path_in_svelte
    answering = list(answering_files(app, folder, path_of)) if _has_routes(app, document) else []
    rules = (*forwards, *(each.forward for each in answering))
    known, is_plain = tuple(each.path for each in answering), not _ANSWERS.search(document.source.text)
    return ProxyServer("Vite's proxy", document.path, folder, rules, known, is_dev=is_plain)


def dev_port(app: App, document: Document) -> int | None:
    """Return the port that a configuration gives the dev server, None for none."""
    node = exported_object(document)
    config = app.evaluator.evaluate(document, node) if node is not None else None
    port = config.get("server", "port") if isinstance(config, ObjectValue) else None
    return int(port.number) if isinstance(port, NumberValue) else None


def _has_routes(app: App, document: Document) -> bool:
    """Return whether it is Astro or SvelteKit that runs Vite, whose routes come behind the proxy."""
    return not app.packages.of(document.path).dependencies.isdisjoint({"astro", "@sveltejs/kit"})


def _is_proxy(document: Document, entry: Node) -> bool:
    key = field(entry, "key") or field(entry, "name") or entry
    return key_text(document, key) == "proxy"


def _forwards(app: App, document: Document) -> Iterator[Forward]:
    node: Node | None = exported_object(document)
    for name in ("vite", "server", "proxy") if ASTRO.fullmatch(document.path.name) else ("server", "proxy"):
        node = member_value(document, node, name) if node is not None and node.type == "object" else None
    table = app.evaluator.evaluate(document, node) if node is not None else None
    if not isinstance(table, ObjectValue):
        return
    # What is not known may come before.
    if not table.complete:
        yield unclear(table.location)
    for entry in table.entries.values():
        yield _forward(app, entry)


def _forward(app: App, entry: Entry) -> Forward:
    name, value = entry.name, entry.value
    takes = regular(name) if name.startswith("^") else beginning(name)
    steps: tuple[Step, ...] | None = ()
    given: Value | None = value
    if isinstance(value, ObjectValue):
        given = value.get("target")
        steps = _steps(value)
    elif not isinstance(value, StringValue) and not all(isinstance(each, StringValue) for each in value.alternatives):
        steps = None if isinstance(value, FunctionValue) else ()
    if entry.optional or takes is None or steps is None:
        return unclear(entry.location, name, takes)
    return Forward(name, takes, steps, target(app, given), entry.location)


def _steps(rule: ObjectValue) -> tuple[Step, ...] | None:
    """Return what a rule makes of a path; None where something in it may send requests elsewhere."""
    if not rule.complete or any(_is_set(rule, name) for name in _ELSEWHERE):
        return None
    configure = rule.entries.get("configure")
    if configure is not None and _CHANGES_PATH.search(configure.document.text(configure.value_node)):
        return None
    rewrite = rule.entries.get("rewrite")
    if rewrite is None:
        return ()
    return None if rewrite.optional else steps_of_function(rewrite.value)


def _is_set(rule: ObjectValue, name: str) -> bool:
    value = rule.get(name)
    return value is not None and not (isinstance(value, BooleanValue) and not value.truth)
