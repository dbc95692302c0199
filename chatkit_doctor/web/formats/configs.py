"""The object that a tool's configuration in JavaScript or TypeScript exports, and lists in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import unwrapped
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import FUNCTIONS, field, returned_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document

_MOST_STEPS = 5


def exported_object(document: Document) -> Node | None:
    """Return the object literal that a configuration exports, None where it exports something else or several."""
    found = [value for each in _exported(document) if (value := _object(document, each)) is not None]
    return found[0] if len(found) == 1 else None


def member_value(document: Document, target: Node, name: str) -> Node | None:
    """Return the value that an object literal gives a key."""
    for pair in target.named_children:
        key = field(pair, "key") if pair.type == "pair" else None
        if key is not None and key_text(document, key) == name:
            return field(pair, "value")
    return None


def _exported(document: Document) -> Iterator[Node]:
    for statement in document.find("export_statement"):
        value = field(statement, "value")
        if value is not None and any(child.type == "default" for child in statement.children):
            yield value
    for assignment in document.find("assignment_expression"):
        left, right = field(assignment, "left"), field(assignment, "right")
        if left is not None and right is not None and document.text(left) == "module.exports":
            yield right


def _object(document: Document, node: Node) -> Node | None:
    """Return the object that an expression stands for: by a constant, `define…Config`, or a function's one result."""
    current: Node | None = node
    for _ in range(_MOST_STEPS):
        current = unwrapped(current) if current is not None else None
        if current is None or current.type == "object":
            return current
        if current.type == "identifier":
            binding = lookup(document, current)
            is_kept = binding is not None and not binding.writes
            current = field(binding.declaration, "value") if binding is not None and is_kept else None
        elif current.type == "call_expression":
            function, arguments = field(current, "function"), call_arguments(current)
            # What gives back what it is given, so that editors know the type: `defineNuxtConfig({ … })`.
            name = document.text(function) if function is not None else ""
            is_defined = name.startswith("define") and name.endswith("Config")
            current = arguments[0] if is_defined and len(arguments) == 1 else None
        elif current.type in FUNCTIONS:
            returned = list(returned_nodes(current))
            current = returned[0] if len(returned) == 1 else None
        else:
            return None
    return None
