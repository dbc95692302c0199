"""Whether a file may open a thread by ChatKit's own method, or hear of one in a way that is not followed.

A store, a state or a class of the app's may have a `setThreadId` of its own. What hands ChatKit's on is found where it
takes it from ChatKit, so its other names say nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import SET_THREAD, THREAD_EVENT, THREAD_HANDLER
from chatkit_doctor.frontend.elements import is_chatkit_element, is_named_for_chatkit
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.scopes import ScopedKind, lookup, root_identifier
from chatkit_doctor.web.tree import ancestors, field

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

# What gives an element, or a box for one, of which nothing is known.
_GIVES_ELEMENT = frozenset(
    {"querySelector", "getElementById", "createElement", "closest", "useRef", "ref", "shallowRef", "useTemplateRef"}
)
# Members of a box that hold what is in it.
_BOXES = frozenset({"current", "value", "nativeElement"})
_NAMES_CHATKIT = regex(r"chat[-_]?kit", re.IGNORECASE)
_PATTERNS = frozenset({"object_assignment_pattern", "pair_pattern"})
_SHORTHAND = "shorthand_property_identifier_pattern"
_TYPES = frozenset({"interface_body", "object_type", "literal_type", "type_alias_declaration"})
_UNFOLLOWED = frozenset({ScopedKind.IMPORT, ScopedKind.PARAMETER, ScopedKind.CLASS, ScopedKind.FUNCTION})
# Parameters that hold what a component or a store is given.
_GIVEN = frozenset({"props", "state", "store", "context", "ctx", "actions", "get", "set"})
_MAX_HOPS = 3


def may_open_thread(document: Document) -> bool:
    """Return whether a file may call ChatKit's method that opens a thread, or hand it on."""
    named = (each for each in document.find("property_identifier", _SHORTHAND) if document.text(each) == SET_THREAD)
    return any(_is_chatkits(document, each) for each in named)


def may_hear_thread(document: Document) -> bool:
    """Return whether a file names the event of another thread for more than a table of handlers, or a type."""
    if THREAD_EVENT not in document.source.text:
        return False
    named = (each for each in document.find("string", "template_string") if string_text(document, each) == THREAD_EVENT)
    return any(not _is_in_table(document, each) for each in named)


def _is_in_table(document: Document, node: Node) -> bool:
    for parent in ancestors(node):
        if parent.type in _TYPES:
            return True
        if parent.type == "pair":
            return THREAD_HANDLER in document.text(parent)
    return False


def _is_chatkits(document: Document, name: Node) -> bool:
    """Return whether a name is taken of ChatKit's element or of what its hook returns."""
    parent = name.parent
    if parent is None:
        return False
    if name.type == _SHORTHAND or parent.type in _PATTERNS:
        declarator = next((each for each in ancestors(name) if each.type == "variable_declarator"), None)
        value = field(declarator, "value") if declarator is not None else None
        return value is not None and _gives_chatkit(document, value)
    owner = field(parent, "object") if parent.type == "member_expression" else None
    if owner is None or field(parent, "property") != name:
        return False
    return is_chatkit_element(document, owner) or _gives_chatkit(document, owner) or _is_called_on(document, owner)


def _is_called_on(document: Document, owner: Node) -> bool:
    """Return whether a method is called on a parameter, which may be the element; props come from where it is taken."""
    binding = lookup(document, owner) if owner.type == "identifier" else None
    if binding is None or binding.kind is not ScopedKind.PARAMETER or binding.name in _GIVEN:
        return False
    member = owner.parent
    call = member.parent if member is not None else None
    return call is not None and call.type == "call_expression" and field(call, "function") == member


def _gives_chatkit(document: Document, node: Node, hops: int = 0) -> bool:
    """Return whether an expression may be ChatKit's element, or what its hook returns."""
    node = unwrapped(node)
    if is_named_for_chatkit(document, node):
        return True
    function = field(node, "function") if node.type == "call_expression" else None
    if function is not None:
        called = document.text(field(function, "property") or function)
        return called in _GIVES_ELEMENT or _NAMES_CHATKIT.search(document.text(function)) is not None
    member = field(node, "property") if node.type == "member_expression" else None
    if member is not None and document.text(member) in _BOXES:
        return True
    root = root_identifier(node)
    binding = lookup(document, root) if root is not None else None
    if binding is None or binding.kind in _UNFOLLOWED or hops >= _MAX_HOPS:
        return False
    made = [field(binding.declaration, "value"), *(each.values[0] for each in binding.writes if each.values)]
    return any(each is not None and _gives_chatkit(document, each, hops + 1) for each in made)
