"""The domain key that the fix of CK401 writes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatkit_doctor.contracts.web_names import DOMAIN_KEY, URL
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.web.writing.literals import insert_property, quoted

# ChatKit takes any text for a key on localhost and looks the real one up everywhere else.
_PLACEHOLDER = "local-dev"
# How bundlers hand environment variables to the page; the first that the file itself uses is followed.
_ENVIRONMENTS = (
    (re.compile(r"import\.meta\.env\.VITE_\w+"), "import.meta.env.VITE_CHATKIT_DOMAIN_KEY"),
    (re.compile(r"process\.env\.NEXT_PUBLIC_\w+"), "process.env.NEXT_PUBLIC_CHATKIT_DOMAIN_KEY"),
    (re.compile(r"process\.env\.REACT_APP_\w+"), "process.env.REACT_APP_CHATKIT_DOMAIN_KEY"),
)


def domain_key_fix(api: ObjectValue) -> Fix | None:
    """Return the fix that writes a `domainKey` behind the `url`, when the object is a literal."""
    url = api.entries[URL]
    if not api.is_literal or url.spread:
        return None

    def build() -> Sequence[Edit]:
        return insert_property(api.document, api.node, DOMAIN_KEY, _value(api.document), after=url.node)

    return Fix("add a domainKey", Applicability.SAFE, build)


def _value(document: Document) -> str:
    """Return the expression of the key: from the environment where the file reads others from there."""
    placeholder = quoted(document, _PLACEHOLDER)
    read = [document.text(node) for node in document.find("member_expression")]
    for pattern, variable in _ENVIRONMENTS:
        if any(pattern.fullmatch(each) for each in read):
            # Not ??, which keeps the empty text that an unfilled line of a .env file is.
            return f"{variable} || {placeholder}"
    return placeholder
