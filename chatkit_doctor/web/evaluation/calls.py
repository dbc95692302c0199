"""Evaluation of calls: known wrappers of React, Vue and the language, and functions of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.web.evaluation.composites import merged_value
from chatkit_doctor.web.evaluation.values import (
    ArrayValue,
    FunctionValue,
    NamespaceValue,
    RefValue,
    UnknownValue,
    Value,
    choice,
)
from chatkit_doctor.web.modules.imports import required_module
from chatkit_doctor.web.modules.resolve import is_local
from chatkit_doctor.web.scopes import ScopedKind, lookup
from chatkit_doctor.web.tree import field, returned_nodes, without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.protocol import Evaluation

_OF_ARGUMENT = frozenset(
    {"reactive", "shallowReactive", "readonly", "markRaw", "toRaw", "useCallback", "useEvent", "$state"}
)
_OF_OBJECT = frozenset({"freeze", "seal", "preventExtensions"})
_OF_RESULT = frozenset({"useMemo", "computed"})
_REF_OF_ARGUMENT = frozenset({"ref", "shallowRef"})
_ARRAY_SELECTIONS = frozenset({"filter", "slice", "toSorted", "toReversed", "sort", "reverse"})


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
    if function.type == "member_expression" and (selected := _array_method(evaluation, document, function, arguments)):
        return selected
    return _result(evaluation, evaluation.evaluate(document, function), document, node)


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
    if document.text(function).startswith("Object."):
        return _object_function_value(evaluation, document, call, name)
    first = evaluation.evaluate(document, arguments[0])
    if name in _REF_OF_ARGUMENT:
        return RefValue(document, call, first)
    if name in _OF_RESULT:
        made = _result(evaluation, first, document, call)
        return made if name == "useMemo" else RefValue(document, call, made)
    return first if name in _OF_ARGUMENT else None


def _object_function_value(evaluation: Evaluation, document: Document, call: Node, name: str) -> Value | None:
    arguments = [evaluation.evaluate(document, each) for each in call_arguments(call)]
    if name == "assign":
        return merged_value(evaluation, document, call, arguments)
    return arguments[0] if name in _OF_OBJECT else None


def _array_method(evaluation: Evaluation, document: Document, function: Node, arguments: list[Node]) -> Value | None:
    """Return what `map`, `filter` and the like give: the items that it can hold, how many unknown."""
    owner, method = field(function, "object"), field(function, "property")
    name = document.text(method) if method is not None else ""
    if owner is None or (name not in _ARRAY_SELECTIONS and name != "map"):
        return None
    if name == "map":
        mapper = evaluation.evaluate(document, arguments[0]) if arguments else None
        if not isinstance(mapper, FunctionValue):
            return None
        made = [evaluation.evaluate(mapper.document, each) for each in returned_nodes(mapper.node)]
        return ArrayValue(document, function, tuple(made), complete=False)
    source = evaluation.evaluate(document, owner)
    return (
        ArrayValue(source.document, source.node, source.items, complete=False)
        if isinstance(source, ArrayValue)
        else None
    )


def _result(evaluation: Evaluation, function: Value, document: Document, node: Node) -> Value:
    """Return what a function of the project returns, its parameters unknown."""
    if not isinstance(function, FunctionValue) or _is_deferred(function.node):
        return UnknownValue(document, node, "result of a call")
    results = returned_nodes(function.node)
    if not results:
        return UnknownValue(document, node, "result of a call")
    return choice(document, node, tuple(evaluation.evaluate(function.document, each) for each in results))


def _is_deferred(function: Node) -> bool:
    return "generator" in function.type or any(child.type in {"async", "*"} for child in function.children)
