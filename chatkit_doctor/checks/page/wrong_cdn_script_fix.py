"""Edits that write the address of ChatKit's script where another one stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.page.pinned import element_of
from chatkit_doctor.frontend.page.scripts import LoadedScript
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.markup import Element
from chatkit_doctor.web.writing.markup import remove_attribute

# What is said about a file that holds of that file only: its hash, and that it is a module.
_OF_THE_OTHER = frozenset({"integrity", "crossorigin"})
_MODULE = "module"
_SAID_IN_CODE = regex(r"\bintegrity\b|\bcrossorigin\b|[\"']module[\"']", re.IGNORECASE)


def address_fix(script: LoadedScript) -> Fix | None:
    """Return the fix that writes the right address; None where it is not written out, or code says more about it.

    An import gets none: what it imports is used, and ChatKit's script is loaded by a tag.
    """
    at = script.address
    if at.text != script.url or "," in at.text or _is_import(script):
        return None
    element = element_of(script)
    if element is None and _SAID_IN_CODE.search(script.document.source.text):
        return None

    def build() -> Sequence[Edit]:
        return [Edit(at, cdn_script_url()), *(_without_the_rest(element) if element is not None else ())]

    return Fix("load ChatKit's script", Applicability.SAFE, build)


def _is_import(script: LoadedScript) -> bool:
    parent = script.node.parent
    if parent is not None and parent.type == "arguments":
        parent = parent.parent
        called = parent.child_by_field_name("function") if parent is not None else None
        return called is not None and called.type == "import"
    return parent is not None and parent.type == "import_statement"


def _without_the_rest(element: Element) -> Iterator[Edit]:
    is_deferred = not element.attributes.keys().isdisjoint({"async", "defer", "strategy"})
    for name, attribute in element.attributes.items():
        if name.lower() in _OF_THE_OTHER:
            yield from remove_attribute(element, attribute)
        elif name.lower() == "type" and attribute.text == _MODULE:
            if is_deferred:
                yield from remove_attribute(element, attribute)
            else:
                yield Edit(element.document.location(attribute.node), "async")
