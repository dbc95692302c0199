"""What `this.name` holds: a field of a class, a property of an object, or data of a Vue component."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation.doubts import without
from chatkit_doctor.web.evaluation.functions import result
from chatkit_doctor.web.evaluation.values import FunctionValue, ObjectValue, Value, choice
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import ancestors, field, is_within, without_comments
from chatkit_doctor.web.writes import Write, WriteKind, member_path

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation

# Functions with a `this` of their own.
_OWN_THIS = frozenset({"function_declaration", "function_expression", "generator_function"})
_FIELDS = frozenset({"public_field_definition", "field_definition"})
# Parts of a Vue component whose functions have the component for `this`.
_COMPONENT_PARTS = frozenset({"methods", "computed", "watch"})


def this_member(evaluation: Evaluation, document: Document, this: Node, name: str) -> Value | None:
    """Return what `this` holds under a name at a node; None where nobody knows what `this` is or has."""
    owner = _owner(this)
    if owner is None:
        return None
    if owner.type == "class_body":
        return class_member(evaluation, document, owner, name)
    whole = evaluation.evaluate(document, owner)
    return _object_member(evaluation, document, whole, name) if isinstance(whole, ObjectValue) else None


def class_member(evaluation: Evaluation, document: Document, body: Node, name: str) -> Value | None:
    """Return what a member of a class can be: what its field is declared with, and what methods assign to it."""
    can_be: list[Value] = []
    for member in without_comments(body):
        key = field(member, "name") or field(member, "property")
        if key is None or key_text(document, key) != name:
            continue
        if member.type == "method_definition":
            return _method(evaluation, document, member)
        value = field(member, "value") if member.type in _FIELDS else None
        if value is not None:
            can_be.append(evaluation.evaluate(document, value))
    changes: list[Write] = []
    for path, assignment in document.derive(_assignments).get(name, ()):
        right = field(assignment, "right")
        if not is_within(assignment, body) or right is None:
            continue
        if path:
            changes.append(Write(WriteKind.SET, assignment, path, assignment))
        else:
            can_be.append(evaluation.evaluate(document, right))
    if not can_be:
        return None
    whole = choice(document, body, tuple(can_be))
    return without(evaluation, whole, changes) if changes else whole


def _owner(this: Node) -> Node | None:
    """Return the class body or the object literal that `this` is an instance of."""
    child = this
    for parent in ancestors(this):
        if parent.type == "class_body":
            return parent
        is_of_object = parent.type == "object" and child.type in {"method_definition", "pair"}
        if is_of_object:
            holder = parent.parent
            key = field(holder, "key") if holder is not None and holder.type == "pair" else None
            is_part = key is not None and key.text is not None and key.text.decode() in _COMPONENT_PARTS
            return holder.parent if is_part and holder is not None else parent
        is_plain = parent.type in _OWN_THIS and (parent.parent is None or parent.parent.type != "pair")
        if is_plain:
            return None
        child = parent
    return None


def _method(evaluation: Evaluation, document: Document, member: Node) -> Value:
    function = FunctionValue(document, member)
    if not any(child.type == "get" for child in member.children):
        return function
    return result(evaluation, function, document, member)


def _object_member(evaluation: Evaluation, document: Document, owner: ObjectValue, name: str) -> Value | None:
    """Return a property of an object; of a Vue component what its data or a computed property is."""
    computed = owner.get("computed", name)
    if isinstance(computed, FunctionValue):
        return result(evaluation, computed, document, computed.node)
    data = owner.entries.get("data")
    if data is not None and isinstance(data.value, FunctionValue):
        made = result(evaluation, data.value, document, data.node)
        return evaluation.member(made, name, document, data.node)
    entry = owner.entries.get(name)
    return entry.value if entry is not None and not document.derive(_assignments).get(name) else None


def _assignments(document: Document) -> dict[str, list[tuple[tuple[str | int, ...], Node]]]:
    """Return the assignments to members of `this` by the member's name, each with the path below it."""
    found: dict[str, list[tuple[tuple[str | int, ...], Node]]] = {}
    for node in document.find("assignment_expression", "augmented_assignment_expression"):
        left = field(node, "left")
        path = member_path(document, left) if left is not None and _is_of_this(left) else None
        if path:
            found.setdefault(str(path[0]), []).append((path[1:], node))
    return found


def _is_of_this(node: Node) -> bool:
    current: Node | None = node
    while current is not None and current.type in {"member_expression", "subscript_expression", "non_null_expression"}:
        current = field(current, "object") or next(iter(without_comments(current)), None)
    return current is not None and current.type == "this"
