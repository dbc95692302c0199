"""The places of a JavaScript or PHP server that have OpenAI make a session for a hosted workflow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.hosted import (
    OPENAI,
    OPENAI_BASE,
    SESSIONS_BEHIND_BASE,
    SESSIONS_NEEDLE,
    SESSIONS_PATH,
)
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document

_SDK_CALL = regex(r"\.chatkit\.sessions\.create$")
_PHP_COMMENT = regex(r"/\*.*?\*/|^\s*(?://|#).*?$", re.DOTALL | re.MULTILINE)


def web_routes(app: App) -> Iterator[Location]:
    """Yield where JavaScript and TypeScript files make sessions, tests left out."""
    for document in app.documents():
        app.last_looked_at = document.path
        if not app.is_test_or_story(document.path):
            yield from _document_routes(app, document)


def php_routes(app: App) -> Iterator[Location]:
    """Yield where PHP files make sessions; comments do not count."""
    for path in app.files:
        if path.suffix != ".php" or not app.mentions(path, (SESSIONS_NEEDLE,)):
            continue
        source = app.read(path)
        if source is None:
            continue
        blanked = _PHP_COMMENT.sub(lambda match: " " * len(match[0]), source.text)
        yield from (source.location(found.start(), found.end()) for found in SESSIONS_PATH.finditer(blanked))
        if app.mentions_pattern(path, OPENAI_BASE):
            behind = SESSIONS_BEHIND_BASE.finditer(blanked)
            yield from (source.location(found.start(), found.end()) for found in behind)


def _document_routes(app: App, document: Document) -> Iterator[Location]:
    for call in document.find("call_expression"):
        function = field(call, "function")
        if function is not None and _SDK_CALL.search(document.text(function)):
            yield document.location(function)
    if not app.mentions(document.path, OPENAI):
        return
    has_base = app.mentions_pattern(document.path, OPENAI_BASE)
    for node in document.find("string", "template_string"):
        if SESSIONS_PATH.search(document.text(node)) or (has_base and _is_behind_base(document, node)):
            yield document.location(node)


def _is_behind_base(document: Document, node: Node) -> bool:
    """Return whether a text is the path of OpenAI's sessions, put behind something else."""
    above = node.parent if node.parent is not None and node.parent.type == "binary_expression" else node
    return SESSIONS_BEHIND_BASE.search(document.text(above)) is not None
