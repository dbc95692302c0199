"""Evaluation of calls: known wrappers of React, Vue and the language, and functions of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation.arrays import mapped, method_value
from chatkit_doctor.web.evaluation.composites import merged_value
from chatkit_doctor.web.evaluation.functions import arguments_of, result
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    FunctionValue,
    NamespaceValue,
    ObjectValue,
    RefValue,
    UnknownValue,
    Value,
    choice,
)
from chatkit_doctor.web.modules.imports import required_module
from chatkit_doctor.web.modules.resolve import is_local
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import field, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation

_OF_ARGUMENT = frozenset(
    {
        *("reactive", "shallowReactive", "readonly", "markRaw", "toRaw", "useCallback", "useEvent", "$state"),
        *("structuredClone", "cloneDeep", "clone", "klona"),
    }
)
_OF_OBJECT = frozenset({"freeze", "seal", "preventExtensions"})
_OF_RESULT = frozenset({"useMemo", "computed", "$derived"})
_REF_OF_ARGUMENT = frozenset({"ref", "shallowRef"})


def call_value(evaluation: Evaluation, document: Document, node: Node) -> Value:
    """Return what a call returns, where that can be known."""
    if (specifier := required_module(document, node)) is not None:
        module = evaluation.resolver.document(document.path, specifier)
        found = NamespaceValue(document, node, module) if module is not None else None
        return found or UnknownValue(document, node, "a package")
    function = field(node, "function")
    arguments = call_arguments(node)
    if function is None:
        return UnknownValue(document, node, "incomplete")
    if (wrapped := _wrapper_value(evaluation, document, node, function)) is not None:
        return wrapped
    if function.type == "member_expression" and (made := method_value(evaluation, document, function, arguments)):
        return made
    values, are_all = arguments_of(evaluation, document, arguments)
    return result(evaluation, evaluation.evaluate(document, function), document, node, values, are_all=are_all)


def call_arguments(call: Node) -> list[Node]:
    """Return the arguments of a call."""
    arguments = field(call, "arguments")
    return without_comments(arguments) if arguments is not None and arguments.type == "arguments" else []


def library_name(document: Document, function: Node) -> str | None:
    """Return the last name of a callee (`useMemo` of `React.useMemo`), or None for a function of the project."""
    if function.type == "member_expression":
        owner, name = field(function, "object"), field(function, "property")
        if owner is None or name is None or owner.type != "identifier" or not _is_foreign(document, owner):
            return None
        return document.text(name)
    if function.type != "identifier" or not _is_foreign(document, function):
        return None
    binding = lookup(document, function)
    imported = binding.imported if binding is not None else None
    return document.text(function) if imported is None else imported.imported


def _is_foreign(document: Document, identifier: Node) -> bool:
    """Return whether a name is a global or comes from a package (bundlers make some imports implicit)."""
    binding = lookup(document, identifier)
    if binding is None:
        return True
    return (
        binding.kind is ScopedKind.IMPORT and binding.imported is not None and not is_local(binding.imported.specifier)
    )


def _wrapper_value(evaluation: Evaluation, document: Document, call: Node, function: Node) -> Value | None:
    name = library_name(document, function)
    arguments = call_arguments(call)
    if name is None or not arguments:
        return None
    of, _, _ = document.text(function).rpartition(".")
    if of in {"Object", "Array", "JSON"}:
        return _builtin_value(evaluation, document, call, f"{of}.{name}")
    first = evaluation.evaluate(document, arguments[0])
    if name in _REF_OF_ARGUMENT:
        return RefValue(document, call, first)
    if name == "useRef":
        return RefValue(document, call, first, "current")
    if name == "useState":
        return _state(evaluation, document, call, first)
    if name in _OF_RESULT:
        made = result(evaluation, first, document, call) if isinstance(first, FunctionValue) else first
        return RefValue(document, call, made) if name == "computed" else made
    return first if name in _OF_ARGUMENT else None


def _state(evaluation: Evaluation, document: Document, call: Node, first: Value) -> Value:
    """Return what `useState` gives: the first value, which may get another where there is a setter, and that."""
    if isinstance(first, FunctionValue):
        first = result(evaluation, first, document, call)
    setter = UnknownValue(document, call, "setter of a state")
    pattern = field(call.parent, "name") if call.parent is not None else None
    is_fixed = pattern is not None and pattern.type == "array_pattern" and len(pattern.named_children) == 1
    state = first if is_fixed else choice(document, call, (first, UnknownValue(document, call, "set later")))
    return ArrayValue(document, call, (state, setter))


def _builtin_value(evaluation: Evaluation, document: Document, call: Node, name: str) -> Value | None:
    """Return what a function of `Object`, `Array` or `JSON` gives."""
    arguments = call_arguments(call)
    first = evaluation.evaluate(document, arguments[0])
    match name.partition("."):
        case "Object", _, "assign":
            values, are_all = arguments_of(evaluation, document, arguments)
            rest = [] if are_all else [UnknownValue(document, call, "spread into a call")]
            return merged_value(evaluation, document, call, [*values, *rest])
        case "Object", _, method if method in _OF_OBJECT:
            return first
        case "Object", _, "values" if isinstance(first, ObjectValue):
            values = [each.value for each in first.entries.values()]
            return ArrayValue(document, call, tuple(values), first.complete)
        case "Array", _, "of":
            values, are_all = arguments_of(evaluation, document, arguments)
            return ArrayValue(document, call, tuple(values), are_all)
        case "Array", _, "from" if len(arguments) == 1:
            return first
        case "Array", _, "from" if isinstance(first, ArrayValue):
            return mapped(evaluation, document, call, first, evaluation.evaluate(document, arguments[1]))
        case "JSON", _, "parse":
            return _copied(evaluation, document, arguments[0])
    return None


def _copied(evaluation: Evaluation, document: Document, text: Node) -> Value | None:
    """Return what `JSON.parse(JSON.stringify(value))` copies."""
    function = field(text, "function") if text.type == "call_expression" else None
    given = call_arguments(text)
    is_copy = function is not None and document.text(function) == "JSON.stringify" and len(given) == 1
    return evaluation.evaluate(document, given[0]) if is_copy else None
