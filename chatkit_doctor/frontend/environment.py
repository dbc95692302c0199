"""Which environment variables the page can read: by what bundles it, and what that hands to the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.contracts.web_names import API
from chatkit_doctor.frontend.options.problems import checked_options
from chatkit_doctor.frontend.options.sites import SiteKind
from chatkit_doctor.frontend.private_settings import private_reads
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.project.packages import Package
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.behind import expressions_behind
from chatkit_doctor.web.directives import directives
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.tree import ancestors, field, walk

if TYPE_CHECKING:
    from tree_sitter import Node

PROCESS, META = "process.env", "import.meta.env"
_HANDED_OVER = frozenset({SiteKind.HOOK, SiteKind.SET_OPTIONS, SiteKind.ASSIGNMENT})
_PROCESS = frozenset({"process.env", "globalThis.process.env", "window.process.env"})
_CONDITIONAL = frozenset({"binary_expression", "ternary_expression", "if_statement"})
_OWN_PROCESS = (b"window.process", b"globalThis.process =", b"self.process")
# Files and calls of which frameworks keep the code out of the page.
_SERVER_FILE = regex(r"\.server\.\w+$|/\+(?:page|layout)\.server\.\w+$|/\+server\.\w+$|/\.server/|\+api\.\w+$|/server/")
_SERVER_CALL = regex(r"\bcreate(?:Server(?:Only)?|Isomorphic)Fn\b|\bserver\$")
_GUARD = regex(r"typeof\s+process\b|\bprocess\?\.")
_SET = regex(r"^[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bundler:
    """What makes the page of a package.

    name: as a message names it. way: how code reads variables, `process.env` or `import.meta.env`.
    prefixes: of the names that the page gets. given: names that it gets without one.
    instead: what to do where another name alone does not help.
    """

    name: str
    way: str
    prefixes: tuple[str, ...]
    given: frozenset[str]
    instead: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class EnvRead:
    """One variable that is read in or behind the `api` of ChatKit's options, in code of the page.

    way: `process.env`, `import.meta.env`, a module of SvelteKit's that holds variables, or Nuxt's configuration.
    """

    document: Document
    node: Node
    way: str
    name: str
    bundler: Bundler
    guarded: bool

    @property
    def is_private(self) -> bool:
        """Return whether it is read from what the framework itself keeps on the server."""
        return self.way not in {PROCESS, META}

    @property
    def is_readable(self) -> bool:
        """Return whether the page can get it."""
        if self.is_private:
            return False
        if self.way != self.bundler.way:
            return self.name == "NODE_ENV"
        return self.name in self.bundler.given or self.name.startswith(self.bundler.prefixes)


def env_reads(app: App) -> tuple[EnvRead, ...]:
    """Return the variables that `api` is made of in the browser, each place once."""
    return app.derive(_env_reads)


def _env_reads(app: App) -> tuple[EnvRead, ...]:
    found: dict[tuple[Document, int], EnvRead] = {}
    for site, options in checked_options(app):
        entry = options.entries.get(API)
        if entry is None or app.is_test_or_story(site.document.path):
            continue
        if not any(use.kind in _HANDED_OVER for use in site.uses):
            continue
        bundler = bundler_of(app, site.document.path)
        if bundler is None:
            continue
        for document, node in expressions_behind(app.resolver, entry.document, entry.value_node):
            for each in _reads(document, node, bundler):
                found.setdefault((each.document, each.node.start_byte), each)
    return tuple(found.values())


def _reads(document: Document, root: Node, bundler: Bundler) -> Iterator[EnvRead]:
    if runs_on_server(document, root):
        return
    for node, module, kept_name in private_reads(document, root, bundler.name):
        yield EnvRead(document, node, module, kept_name, bundler, guarded=False)
    if "env" not in document.source.text:
        return
    for node in walk(root):
        if node.type not in {"member_expression", "subscript_expression"}:
            continue
        owner, name = field(node, "object"), field(node, "property") or field(node, "index")
        text = document.text(owner).replace("?.", ".") if owner is not None else ""
        way = PROCESS if text in _PROCESS else META if text == META else ""
        if not way or name is None or not (node.type == "member_expression" or name.type == "string"):
            continue
        yield EnvRead(document, node, way, document.text(name).strip("'\""), bundler, _is_guarded(document, node))


def _is_guarded(document: Document, node: Node) -> bool:
    """Return whether the code looks first whether there is a process."""
    if _GUARD.search(document.text(node)):
        return True
    around = (
        each for each in ancestors(node) if each.type in {"binary_expression", "ternary_expression", "if_statement"}
    )
    return any(_GUARD.search(document.text(each)) for each in around)


def runs_on_server(document: Document, node: Node) -> bool:
    """Return whether code runs on the server: its file, or a function around it, says `"use server"` first.

    So does what stands in a file that a framework keeps from the page, and in Astro's front matter.
    """
    if _SERVER_FILE.search(document.path.as_posix()) or _SERVER_CALL.search(document.text(node)):
        return True
    script = document.script_at(node) if document.path.suffix == ".astro" else None
    if script is not None and script.element is None:
        return True
    bodies = [document.scripts[0].root] if document.scripts else []
    bodies += [each for each in (node, *ancestors(node)) if each.type == "statement_block"]
    body = field(node, "body")
    return any("use server" in directives(document, each) for each in (*bodies, *([body] if body is not None else [])))


def bundler_of(app: App, path: Path) -> Bundler | None:
    """Return what bundles a page; None where that is not known, or its configuration gives the page other names."""
    package = app.packages.of(path)
    known = kept("bundlers")
    for key, fact in known["bundler"].items():
        if fact["package"] in package.dependencies:
            is_plain = package.dependencies.isdisjoint({*fact.get("not_with", ()), *known["changing"]["packages"]})
            return _bundler(key) if is_plain and not _is_configured(app, package, fact["config"]) else None
    return None


@cache
def _bundler(key: str) -> Bundler:
    fact = kept("bundlers")["bundler"][key]
    return Bundler(
        fact["name"], fact["way"], tuple(fact["prefixes"]), frozenset(fact["given"]), fact.get("instead", "")
    )


def _is_configured(app: App, package: Package, config: str) -> bool:
    """Return whether a configuration says of itself which variables the page gets."""
    words = tuple(word.encode() for word in kept("bundlers")["changing"]["words"])
    names = [f"{config}.{suffix}" for suffix in ("js", "ts", "mjs", "cjs", "mts")]
    paths = [package.folder / name for name in names]
    return any(app.exists(path) and app.mentions(path, words) for path in paths)


def has_process(app: App) -> bool:
    """Return whether some web file of an app makes a process of its own for the browser."""
    return any(app.mentions(path, _OWN_PROCESS) for path in app.web_paths())


def variables_set(app: App, package: Package) -> frozenset[str]:
    """Return the names that the files of the environment beside a package.json set, or show how to set."""
    found: set[str] = set()
    for path in app.files:
        if path.parent == package.folder and path.name.startswith(".env"):
            source = app.read(path)
            found.update(_SET.findall(source.text) if source is not None else ())
    return frozenset(found)
