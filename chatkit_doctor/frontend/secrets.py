"""Secrets in code that browsers get: variables whose names put them there, and keys as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.secrets import holds_key, is_public_secret
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.directives import begins_with
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.modules.imports import imports

if TYPE_CHECKING:
    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document

_READ = regex(r"(?:process|import\.meta)\.env\??\.(\w+)")
_SERVER_NAMES = regex(
    r"(?:route|\+server|\+page\.server|middleware|proxy|server|[\w.-]+\.server)\.(?:ts|js|mjs|cjs|tsx)"
)
_SERVER_FOLDERS = frozenset({"api", "server", "functions", "netlify", "backend", "workers", "worker"})
_SERVER_PACKAGES = frozenset({"express", "fastify", "hono", "koa", "next/server", "server-only", "http", "node:http"})


@dataclass(frozen=True, slots=True, eq=False)
class Secret:
    """One secret. name: of the variable; "" for a key as it is, which nothing repeats."""

    at: Location
    name: str


def secrets(app: App) -> Iterator[Secret]:
    """Yield the secrets in the app's own code of pages that mentions ChatKit, each variable once."""
    seen: set[str] = set()
    for document in app.documents():
        if not app.owns(document.path) or app.is_test_or_story(document.path) or _runs_on_server(document):
            continue
        for found in _in_document(document):
            if found.name == "" or found.name not in seen:
                seen.add(found.name)
                yield found


def _in_document(document: Document) -> Iterator[Secret]:
    for node in document.find("member_expression"):
        match = _READ.fullmatch(document.text(node))
        if match is not None and is_public_secret(match[1]):
            yield Secret(document.location(node), match[1])
    for node in document.find("string"):
        text = string_text(document, node)
        if text is not None and holds_key(text):
            yield Secret(document.location(node), "")


def _runs_on_server(document: Document) -> bool:
    """Return whether a file is of a server, by its name, its folder, or what it says of itself."""
    path = document.path
    if _SERVER_NAMES.fullmatch(path.name) or not _SERVER_FOLDERS.isdisjoint(path.parts[-4:-1]):
        return True
    if begins_with(document, "use server"):
        return True
    return any(each.specifier in _SERVER_PACKAGES for each in imports(document))
