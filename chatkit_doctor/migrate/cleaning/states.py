"""React state that the secret moved: `const [loading, setLoading] = useState(true)`, and what it comes to without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.cleaning.references import bindings_named, is_dependency, references
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.tree import field, walk, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.scopes import ScopedName

_BOOLEANS = frozenset({"true", "false"})
_EMPTY = frozenset({"null", "undefined", "false", '""', "''"})


@dataclass(frozen=True, slots=True)
class State:
    """A state of a component. initial: the text of its first value, "undefined" where none is given."""

    declarator: Node
    name: str
    setter: str
    initial: str


def state_of(document: Document, setter: str) -> State | None:
    """Return the state that a setter belongs to."""
    for binding in bindings_named(document, setter):
        pattern = field(binding.declaration, "name")
        parts = pattern.named_children if pattern is not None and pattern.type == "array_pattern" else []
        call = field(binding.declaration, "value")
        function = field(call, "function") if call is not None and call.type == "call_expression" else None
        arguments = field(call, "arguments") if call is not None else None
        if len(parts) != 2 or function is None or arguments is None or document.text(parts[1]) != setter:
            continue
        if document.text(function).rpartition(".")[2] != "useState":
            continue
        given = without_comments(arguments)
        initial = document.text(given[0]) if given else "undefined"
        return State(binding.declaration, document.text(parts[0]), setter, initial)
    return None


def values_set(document: Document, stretch: Node) -> Iterator[tuple[str, str]]:
    """Yield the calls `setX(value)` in a stretch of a program, in order, with the text of the value."""
    for node in walk(stretch):
        function = field(node, "function") if node.type == "call_expression" else None
        arguments = field(node, "arguments")
        name = document.text(function) if function is not None and function.type == "identifier" else ""
        if name.startswith("set") and name[3:4].isupper() and arguments is not None:
            given = without_comments(arguments)
            yield name, document.text(given[0]) if given else "undefined"


def settled(document: Document, state: State, were_set: Sequence[str]) -> str | None:
    """Return what a state comes to when what set it is gone; None where other code still moves it.

    were_set: the values that the code which is gone gave it, in order.
    """
    setter = next(iter(bindings_named(document, state.setter)), None)
    if setter is None or not were_set:
        return None
    left = [node for node in references(document, setter) if not is_dependency(document, node)]
    still = [_value_set(document, node) for node in left]
    if state.initial in _BOOLEANS and set(were_set) <= _BOOLEANS:
        # A flag that went up and down with the request: it is down for good, whoever else moved it.
        return were_set[-1] if all(value in _BOOLEANS for value in still) else None
    return state.initial if state.initial in _EMPTY and all(value == state.initial for value in still) else None


def setter_calls(document: Document, binding: ScopedName) -> list[Node] | None:
    """Return the statements that call a setter; None where it is used in any other way."""
    found = []
    for node in references(document, binding):
        if is_dependency(document, node):
            continue
        call = node.parent
        statement = call.parent if call is not None and _value_set(document, node) is not None else None
        if statement is None or statement.type != "expression_statement":
            return None
        found.append(statement)
    return found


def _value_set(document: Document, node: Node) -> str | None:
    """Return what a use of a setter sets, or None where it does not call it."""
    call = node.parent
    if call is None or call.type != "call_expression" or field(call, "function") != node:
        return None
    arguments = field(call, "arguments")
    given = without_comments(arguments) if arguments is not None else []
    return document.text(given[0]) if given else "undefined"
