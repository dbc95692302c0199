"""Whether what a handler puts into a state or a variable may be kept from there, by an effect or another file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.threads.handlers import is_state_setter
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import FunctionValue
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import field, is_within, walk
from chatkit_doctor.web.uses import uses_of_name

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.evaluate import Evaluator
    from chatkit_doctor.web.evaluation.values import Value
    from chatkit_doctor.web.scopes import ScopedName

# What may outlive a reload, of whatever kind.
_KEEPS = regex(
    rb"Storage\b|\bcookie|\bindexedDB\b|\b(?:replace|push)State\b|[sS]earchParams\b|\bnavigate\(|\brouter\b"
    rb"|\bpersist\b|\blocation\b|\b(?:put|post|patch)\(|\bfetch\("
)
_LOGS = regex(r"console\s*\??\.\s*\w+")
_HANDING = frozenset(
    {"arguments", "pair", "object", "array", "jsx_attribute", "return_statement", "assignment_expression"}
)
_PASSING = frozenset(
    {
        *("parenthesized_expression", "as_expression", "non_null_expression", "ternary_expression"),
        *("binary_expression", "jsx_expression", "spread_element", "template_substitution", "template_string"),
        "member_expression",
    }
)
# `useEffect(…, [threadId])`: what an effect waits for.
_HOOK = regex(r"(?:\w+\.)?use[A-Z]\w*")
_MAX_CALLS = 3


def may_be_kept_from_state(app: App, value: Value) -> bool:
    """Return whether what a handler sets is handed on by something that may keep it."""
    if not any(True for _ in _handed_on(app.evaluator, value)):
        return False
    return any(app.mentions_pattern(path, _KEEPS) for path in app.web_paths() if app.owns(path))


def _handed_on(evaluator: Evaluator, value: Value, depth: int = 0) -> Iterator[Node]:
    """Yield the uses of what a handler sets that give it to somebody else."""
    if not isinstance(value, FunctionValue) or depth > _MAX_CALLS:
        return
    document = value.document
    for node in walk(value.node):
        binding = _set_by(document, node)
        if binding is not None:
            yield from (each for each in _uses(document, binding) if not is_within(each, value.node))
        function = field(node, "function") if node.type == "call_expression" else None
        if function is not None and not _LOGS.fullmatch(document.text(function)):
            yield from _handed_on(evaluator, evaluator.evaluate(document, function), depth + 1)


def _set_by(document: Document, node: Node) -> ScopedName | None:
    """Return the state or the variable that a call or an assignment sets."""
    if node.type == "assignment_expression":
        left = field(node, "left")
        return lookup(document, left) if left is not None and left.type == "identifier" else None
    function = field(node, "function") if node.type == "call_expression" else None
    if function is None or not is_state_setter(document, function):
        return None
    setter = lookup(document, function)
    pattern = field(setter.declaration, "name") if setter is not None else None
    first = pattern.named_children[0] if pattern is not None and pattern.named_children else None
    return lookup(document, first) if first is not None and first.type == "identifier" else None


def _uses(document: Document, binding: ScopedName) -> Iterator[Node]:
    yield from (node for node in uses_of_name(document, binding.name, binding.node) if _is_handed_on(document, node))


def _is_handed_on(document: Document, node: Node) -> bool:
    """Return whether a use gives the value to a call, a component, an object or whoever calls the function."""
    if node.type == "shorthand_property_identifier":
        return True
    child, parent = node, node.parent
    while parent is not None and parent.type in _PASSING:
        child, parent = parent, parent.parent
    if parent is None or parent.type not in _HANDING:
        return False
    if parent.type == "assignment_expression":
        return field(parent, "right") == child
    called = _called(parent if parent.type == "arguments" else parent.parent)
    if parent.type == "array" and called is not None and _HOOK.fullmatch(document.text(called)):
        return False
    return parent.type != "arguments" or called is None or not _LOGS.fullmatch(document.text(called))


def _called(arguments: Node | None) -> Node | None:
    """Return what is called with some arguments, None where it is something else."""
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    return field(call, "function") if call is not None else None
