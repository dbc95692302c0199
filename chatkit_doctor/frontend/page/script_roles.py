"""What the place of an address in a program makes of it: the source of a script, or nothing that loads."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.tree import FUNCTIONS, ancestors, field

if TYPE_CHECKING:
    from tree_sitter import Node

SCRIPT_WORD = regex(r"script", re.IGNORECASE)
_POLICY = regex(r"(?:script|default|connect|frame|style|img|font|worker|child)-?src", re.IGNORECASE)

IDLE_ELEMENTS = frozenset({"link", "meta", "a", "img", "iframe", "code", "pre"})
_IDLE_CALLS = frozenset(
    {
        *("querySelector", "querySelectorAll", "closest", "matches", "getAttribute"),
        *("includes", "startsWith", "endsWith", "indexOf", "match", "test", "search"),
        *("preload", "preloadModule", "prefetch", "prefetchDNS", "preconnect", "alert"),
    }
)
_LOGGERS = frozenset({"console", "logger", "log", "toast"})
_POLICY_WORD = regex(r"'(?:self|none|unsafe-inline|unsafe-eval)'|\b(?:script|default)-src\b")
_COMPARISONS = frozenset({"===", "==", "!==", "!="})


class Role(Enum):
    """What the place of an expression makes of an address there."""

    SOURCE = auto()
    IDLE = auto()
    OPEN = auto()


def role_of(document: Document, node: Node) -> Role:
    """Return what the place of a text makes of it: climb until something decides, at most to the statement."""
    for parent in ancestors(node):
        if parent.type in FUNCTIONS or parent.type.endswith(("statement", "declarator", "declaration")):
            break
        role = _ROLES.get(parent.type, _open)(document, parent)
        if role is not Role.OPEN:
            return role
    return Role.OPEN


def _open(_document: Document, _node: Node) -> Role:
    return Role.OPEN


def _in_jsx(document: Document, tag: Node) -> Role:
    name = document.text(field(tag, "name") or tag)
    if name in IDLE_ELEMENTS:
        return Role.IDLE
    return Role.SOURCE if SCRIPT_WORD.search(name) else Role.OPEN


def _in_object(document: Document, literal: Node) -> Role:
    """Look for a `rel`: the object describes a link then, which at most fetches ahead."""
    # Each text in a table of texts asks for the same object.
    known = document.derive(_link_objects)
    if literal.start_byte not in known:
        keys = (field(member, "key") for member in literal.named_children)
        known[literal.start_byte] = any(key is not None and _unquoted(document, key) == "rel" for key in keys)
    return Role.IDLE if known[literal.start_byte] else Role.OPEN


def _link_objects(_: Document) -> dict[int, bool]:
    return {}


def _in_pair(document: Document, pair: Node) -> Role:
    key, value = field(pair, "key"), field(pair, "value")
    name = _unquoted(document, key) if key is not None else ""
    if value is not None and value.type == "array" and _POLICY.fullmatch(name):
        return Role.IDLE
    return Role.SOURCE if name in {"src", "scripts", "script"} else Role.OPEN


def _in_array(document: Document, literal: Node) -> Role:
    """Look for words of a content security policy: the other items are its addresses then."""
    is_policy = any(_POLICY_WORD.search(document.text(each)) for each in literal.named_children)
    return Role.IDLE if is_policy else Role.OPEN


def _in_call(document: Document, call: Node) -> Role:
    function = field(call, "function")
    if function is None:
        return Role.OPEN
    called = last_name(document, function)
    if called in _IDLE_CALLS or document.text(function).split(".")[0] in _LOGGERS:
        return Role.IDLE
    return Role.SOURCE if function.type == "import" or SCRIPT_WORD.search(called) else Role.OPEN


def _in_new(document: Document, node: Node) -> Role:
    made = field(node, "constructor")
    return Role.IDLE if made is not None and document.text(made).endswith(("Error", "RegExp")) else Role.OPEN


def _in_binary(_document: Document, node: Node) -> Role:
    operator = field(node, "operator")
    return Role.IDLE if operator is not None and operator.type in _COMPARISONS else Role.OPEN


def _in_assignment(document: Document, node: Node) -> Role:
    left = field(node, "left")
    name = last_name(document, left) if left is not None and left.type == "member_expression" else ""
    return {"src": Role.SOURCE, "href": Role.IDLE}.get(name, Role.OPEN)


def _in_type(_document: Document, _node: Node) -> Role:
    return Role.IDLE


def _unquoted(document: Document, key: Node) -> str:
    return document.text(key).strip("\"'")


def last_name(document: Document, node: Node) -> str:
    """Return the last name of a chain of members (`c` of `a.b.c`)."""
    return document.text(field(node, "property") or node)


_ROLES: dict[str, Callable[[Document, Node], Role]] = {
    "jsx_self_closing_element": _in_jsx,
    "jsx_opening_element": _in_jsx,
    "object": _in_object,
    "pair": _in_pair,
    "array": _in_array,
    "call_expression": _in_call,
    "new_expression": _in_new,
    "binary_expression": _in_binary,
    "assignment_expression": _in_assignment,
    "literal_type": _in_type,
}
