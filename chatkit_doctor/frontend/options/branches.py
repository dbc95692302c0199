"""Which of the values that something can be count against it.

A condition decides among them when the program runs, and a guard may shut a bad one out before it is used: an early
return, the condition of a spread, `!`. What is written in place is used as it is, unless a guard asks for the same.
What has a name is used where no condition at all stands before its use; one that is empty may be shut out anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.conditions import conditions, names
from chatkit_doctor.web.evaluation.truth import truthiness
from chatkit_doctor.web.evaluation.values import Choice
from chatkit_doctor.web.tree import functions_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.values import Value

NodeAt = tuple["Document", "Node"]


def counting(
    wrong: Sequence[Value],
    fitting: Sequence[Value],
    whole: Value,
    places: Iterable[NodeAt],
    uses: Sequence[NodeAt] = (),
) -> list[Value]:
    """Return those of the wrong values that no guard can have shut out.

    whole: all that the value can be; fitting: what of it may be right. What is in neither is wrong, but not told.
    places: where a value is written in place: the option's own value, and the object or array that holds it.
    uses: where the options that it is part of are handed over.
    """
    if not isinstance(whole, Choice):
        return list(wrong)
    around = tuple(places)
    direct = whole.direct if _is_within(whole, around) else frozenset()
    in_place = {each for each in wrong if each in direct or _is_within(each, around)}
    in_place = in_place if in_place and not _is_guarded(whole, uses) else set()
    if fitting:
        return [each for each in wrong if each in in_place or _is_reached(each, whole, uses)]
    # A wrong one is used in any case; a guard lets one pass that is not empty, if there is one.
    told = [each for each in wrong if each in in_place or truthiness(each) is not False]
    return told if told or len(wrong) < len(whole.alternatives) else list(wrong)


def _is_within(value: Value, places: tuple[NodeAt, ...]) -> bool:
    return any(
        value.document is document and node.start_byte <= value.node.start_byte and value.node.end_byte <= node.end_byte
        for document, node in places
    )


def _is_guarded(whole: Choice, uses: Sequence[NodeAt]) -> bool:
    """Return whether what decides about a value is asked before, so that one of its branches may be unreachable."""
    document, node = whole.document, whole.node
    asked = [(document, each) for each in conditions(document, node)]
    asked += [(where, each) for where, use in uses for each in conditions(where, use)]
    if not asked:
        return False
    own = names(document, node)
    return any(where is document and own & names(where, each) for where, each in asked)


def _is_reached(value: Value, whole: Choice, uses: Sequence[NodeAt]) -> bool:
    """Return whether a value with a name is handed over in some run, whatever the program asks before."""
    if truthiness(value) is not True:
        return False
    return any(_is_unconditional(value, whole, document, use) for document, use in uses)


def _is_unconditional(value: Value, whole: Choice, document: Document, use: Node) -> bool:
    if value.document is not document or whole.document is not document:
        return False
    around = functions_around(use)
    for node in (value.node, whole.node):
        inner = next(iter(functions_around(node)), None)
        # What another function makes may depend on what it is given.
        if inner is not None and inner not in around:
            return False
    return not conditions(document, whole.node) and not any(
        not _is_about(document, each, use) for each in conditions(document, use)
    )


def _is_about(document: Document, condition: Node, use: Node) -> bool:
    """Return whether a condition asks only for what the options are handed to: whether the element is there."""
    owner = _owner(use)
    return owner is not None and names(document, condition) <= names(document, owner)


def _owner(use: Node) -> Node | None:
    """Return the expression whose method takes the options, or whose member they are assigned to."""
    parent = use.parent
    if parent is not None and parent.type == "assignment_expression":
        left = parent.child_by_field_name("left")
        return left.child_by_field_name("object") if left is not None else None
    call = parent.parent if parent is not None and parent.type == "arguments" else None
    function = call.child_by_field_name("function") if call is not None else None
    return function.child_by_field_name("object") if function is not None else None
