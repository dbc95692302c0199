"""The domain key that the fix of CK401 writes."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.contracts.web_names import DOMAIN_KEY, URL
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.environment import META, PROCESS, bundler_of
from chatkit_doctor.project.app import App
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.web.writing.literals import insert_property, quoted

# ChatKit takes any text for a key on localhost and looks the real one up everywhere else.
_PLACEHOLDER = "local-dev"
_VARIABLE = "CHATKIT_DOMAIN_KEY"
# The way and the prefix of variables that a file reads, where it is not known what makes the page.
_USUAL = ((META, "VITE_"), (PROCESS, "NEXT_PUBLIC_"), (PROCESS, "REACT_APP_"))


def domain_key_fix(app: App, api: ObjectValue) -> Fix | None:
    """Return the fix that writes a `domainKey` behind the `url`, when the object is a literal."""
    url = api.entries[URL]
    if not api.is_literal or url.spread:
        return None

    def build() -> Sequence[Edit]:
        return insert_property(api.document, api.node, DOMAIN_KEY, _value(app, api.document), after=url.node)

    return Fix("add a domainKey", Applicability.SAFE, build)


def _value(app: App, document: Document) -> str:
    """Return the expression of the key: from the environment where the file reads others from there."""
    placeholder = quoted(document, _PLACEHOLDER)
    bundler = bundler_of(app, document.path)
    ways = _USUAL if bundler is None else tuple((bundler.way, each) for each in bundler.prefixes)
    read = document.derive(_members_read)
    for way, prefix in ways:
        if any(each.startswith(f"{way}.{prefix}") and each.count(".") == way.count(".") + 1 for each in read):
            # Not ??, which keeps the empty text that an unfilled line of a .env file is.
            return f"{way}.{prefix}{_VARIABLE} || {placeholder}"
    return placeholder


def _members_read(document: Document) -> tuple[str, ...]:
    return tuple(document.text(node) for node in document.find("member_expression"))
