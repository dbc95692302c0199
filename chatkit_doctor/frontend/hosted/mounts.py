"""The places of a page where ChatKit is given a `getClientSecret`, which makes its chat a hosted one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import API, SECRET
from chatkit_doctor.frontend.options.literals import literal_options, objects
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document

# What names an object: the key of an entry, or a constant.
_NAMED_BY = {"pair": "key", "variable_declarator": "name"}
# How people call what becomes the `api` of some options.
_API_NAME = regex(r"(?:chat_?kit_?)?api(?:_?(?:config|options))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class HostedMount:
    """One `api` object with a `getClientSecret`.

    api: the object literal. entry: its `getClientSecret`, a pair, a shorthand or a method.
    """

    document: Document
    api: Node
    entry: Node

    @property
    def location(self) -> Location:
        """Return where the name `getClientSecret` stands."""
        return self.document.location(_key(self.entry))


def hosted_mounts(app: App) -> list[HostedMount]:
    """Return the hosted mounts of a project in the order of its files, tests and stories left out."""
    found: dict[tuple[Document, int], HostedMount] = {}
    for each in (*_handed_over(app), *_written(app)):
        if not app.is_test_or_story(each.document.path):
            found.setdefault((each.document, each.api.start_byte), each)
    return sorted(found.values(), key=lambda each: each.location.order)


def _handed_over(app: App) -> Iterator[HostedMount]:
    """Yield what is known to get to ChatKit, through whatever names."""
    for _, options in literal_options(app):
        entry = options.entries.get(API)
        for api in objects(entry.value if entry is not None else None):
            secret = api.entries.get(SECRET)
            if secret is not None and api.is_literal and not secret.spread:
                yield HostedMount(api.document, api.node, secret.node)


def _written(app: App) -> Iterator[HostedMount]:
    """Yield what has the shape of hosted options, in files that mention ChatKit: `api: { getClientSecret … }`."""
    for document in app.documents():
        app.last_looked_at = document.path
        for entry in document.find("pair", "shorthand_property_identifier", "method_definition"):
            parent = entry.parent
            if parent is None or parent.type != "object" or key_text(document, _key(entry)) != SECRET:
                continue
            owner = parent.parent
            name = field(owner, _NAMED_BY[owner.type]) if owner is not None and owner.type in _NAMED_BY else None
            if name is not None and _API_NAME.fullmatch(key_text(document, name) or document.text(name)):
                yield HostedMount(document, parent, entry)


def _key(entry: Node) -> Node:
    return field(entry, "key") or field(entry, "name") or entry
