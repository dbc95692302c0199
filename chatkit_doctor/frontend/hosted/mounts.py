"""The places of a page where ChatKit is given a `getClientSecret`, which makes its chat a hosted one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.hosted import HOSTED_MAKERS
from chatkit_doctor.contracts.web_names import API, SECRET
from chatkit_doctor.frontend.options.literals import literal_options, objects
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.modules.imports import imports
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document

# What names an object: the key of an entry, a constant, what is assigned to.
_NAMED_BY = {"pair": "key", "variable_declarator": "name", "assignment_expression": "left"}
# How people call what becomes the `api` of some options.
_API_NAME = regex(r"(?:chat_?kit_?)?api(?:_?(?:config|options))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class HostedMount:
    """One `api` object with a `getClientSecret`.

    api: the object literal. entry: its `getClientSecret`, a pair, a shorthand or a method. Where a function of another
    package makes such an object, both are the call.
    """

    document: Document
    api: Node
    entry: Node

    @property
    def location(self) -> Location:
        """Return where the name `getClientSecret` stands, or that of the function that makes one."""
        return self.document.location(_key(self.entry))


def hosted_mounts(app: App) -> list[HostedMount]:
    """Return the hosted mounts of a project in the order of its files, tests and stories left out."""
    found: dict[tuple[Document, int], HostedMount] = {}
    for each in (*_handed_over(app), *_written(app), *_made(app)):
        if not app.is_test_or_story(each.document.path):
            found.setdefault((each.document, each.api.start_byte), each)
    return sorted(found.values(), key=lambda each: each.location.order)


def _handed_over(app: App) -> Iterator[HostedMount]:
    """Yield what is known to get to ChatKit, through whatever names."""
    for _, options in literal_options(app):
        entry = options.entries.get(API)
        for api in objects(entry.value if entry is not None else None):
            secret = api.entries.get(SECRET)
            holder = secret.node.parent if secret is not None and secret.spread else api.node
            if secret is not None and api.is_literal and holder is not None and holder.type == "object":
                yield HostedMount(secret.document if secret.spread else api.document, holder, secret.node)


def _written(app: App) -> Iterator[HostedMount]:
    """Yield what has the shape of hosted options, in files that mention ChatKit: `api: { getClientSecret … }`."""
    for document in app.documents():
        app.last_looked_at = document.path
        for entry in document.find("pair", "shorthand_property_identifier", "method_definition"):
            parent = entry.parent
            if parent is None or parent.type != "object" or key_text(document, _key(entry)) != SECRET:
                continue
            if _API_NAME.fullmatch(_name_of(document, parent)):
                yield HostedMount(document, parent, entry)


def _name_of(document: Document, value: Node) -> str:
    """Return what names an object where it stands; nothing where nothing does."""
    owner = value.parent
    if owner is not None and owner.type == "jsx_expression" and owner.parent is not None:
        # The attribute of a component of the page's own, which hands it on.
        return document.text(owner.parent.named_children[0]) if owner.parent.type == "jsx_attribute" else ""
    name = field(owner, _NAMED_BY[owner.type]) if owner is not None and owner.type in _NAMED_BY else None
    if name is None:
        return ""
    return key_text(document, name) or document.text(field(name, "property") or name)


def _made(app: App) -> Iterator[HostedMount]:
    """Yield the calls of functions of other packages that make an `api` with a `getClientSecret`."""
    for document in app.documents():
        names = {
            name.local
            for each in imports(document)
            for name in each.names
            if HOSTED_MAKERS.get(each.specifier) == name.imported
        }
        for call in document.find("call_expression") if names else ():
            function = field(call, "function")
            if function is not None and document.text(function) in names:
                yield HostedMount(document, call, call)


def _key(entry: Node) -> Node:
    return field(entry, "key") or field(entry, "name") or field(entry, "function") or entry
