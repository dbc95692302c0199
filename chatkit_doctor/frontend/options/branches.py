"""Which of the values that something can be count against it.

A condition decides among them when the program runs, and a guard may shut a bad one out before it is used: an early
return, the condition of a spread, `!`. What is written in place is used as it is, unless a guard asks for the same.
What has a name is used where each condition before its use surely lets it pass; one that is empty may be shut out
anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.around import functions_around
from chatkit_doctor.web.conditions import conditions, names
from chatkit_doctor.web.evaluation.functions import parameter_nodes
from chatkit_doctor.web.evaluation.guards import holds
from chatkit_doctor.web.evaluation.truth import truthiness
from chatkit_doctor.web.evaluation.values import Choice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tree_sitter import Node

    from chatkit_doctor.web.conditions import Guard
    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.values import Value

NodeAt = tuple["Document", "Node"]
# Where options are handed over, and before it the calls of the app's own functions by which they get there.
HandedOver = tuple[NodeAt, ...]


def counting(
    wrong: Sequence[Value],
    fitting: Sequence[Value],
    whole: Value,
    places: Iterable[NodeAt],
    uses: Sequence[HandedOver] = (),
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
    in_place = {each for each in in_place if _may_be_reached(each, whole, uses)}
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


def _may_be_reached(value: Value, whole: Choice, uses: Sequence[HandedOver]) -> bool:
    """Return whether no guard that has to do with the choice shuts out a value that is written in place."""
    own = names(whole.document, whole.node)
    for document, each in _guards(whole, uses):
        if document is whole.document and own & names(document, each.node) and not _lets_pass(document, each, value):
            return False
    return True


def _is_reached(value: Value, whole: Choice, uses: Sequence[HandedOver]) -> bool:
    """Return whether a value with a name is handed over in some run, whatever the program asks before."""
    if truthiness(value) is not True:
        return False
    return any(_is_chosen_for(value, whole, use) and _is_passed(value, whole, use) for use in uses)


def _is_chosen_for(value: Value, whole: Choice, use: HandedOver) -> bool:
    """Return whether a value is chosen in a function that hands it over, not in one that it may be asked of."""
    functions = [(document, each) for document, node in use for each in functions_around(document, node)]
    files = {document for document, _ in use}
    for document, node in ((value.document, value.node), (whole.document, whole.node)):
        inner = _function_of(document, node)
        if document not in files or (inner is not None and (document, inner) not in functions):
            return False
    return True


def _function_of(document: Document, node: Node) -> Node | None:
    """Return the function that a value is made in; one that a call takes to ask it for a value, once, is none."""
    for function in functions_around(document, node):
        is_callback = function.parent is not None and function.parent.type == "arguments"
        if not is_callback or parameter_nodes(function):
            return function
    return None


def _is_passed(value: Value, whole: Choice, use: HandedOver) -> bool:
    return all(
        _lets_pass(document, each, value) or any(_is_about(document, each.node, *at) for at in use)
        for document, each in _guards(whole, (use,))
    )


def _guards(whole: Choice, uses: Sequence[HandedOver]) -> Iterator[tuple[Document, Guard]]:
    yield from ((whole.document, each) for each in conditions(whole.document, whole.node))
    yield from ((document, each) for use in uses for document, node in use for each in conditions(document, node))


def _lets_pass(document: Document, guard: Guard, value: Value) -> bool:
    """Return whether a guard is surely passed where a value was chosen."""
    return guard.holds is not None and holds(document, guard.node, value) is guard.holds


def _is_about(document: Document, condition: Node, where: Document, use: Node) -> bool:
    """Return whether a condition asks only for what the options are handed to: whether the element is there."""
    owner = _owner(use) if where is document else None
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
