"""What the value of a call is made of: what goes into it, where the doctor knows the callee or what it can know."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import Protocol

from chatkit_doctor.backend.history.converters import is_converter_method
from chatkit_doctor.backend.history.origin import (
    FIXED,
    MEMORY_WORD,
    OTHER,
    Analysis,
    Origin,
    ParameterOrigins,
    keeps_no_talk,
)
from chatkit_doctor.contracts.sdk.model_calls import message_modules
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ITEMS
from chatkit_doctor.python.flow import own_nodes, returned
from chatkit_doctor.python.module import FunctionNode, Module, root_name

_MAX_DEPTH = 12
BUILTINS = frozenset(dir(builtins))
# Modules whose functions only work on their arguments.
PURE_MODULES = (
    *("re.", "json.", "textwrap.", "html.", "string.", "copy.", "datetime.", "time.", "uuid.", "typing."),
    *("os.environ", "os.getenv"),
)
# What these make of a text is no more than the text.
TEXT_METHODS = frozenset(
    {"strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "split", "splitlines", "replace", "join"}
    | {"format", "removeprefix", "removesuffix", "startswith", "endswith", "isoformat", "strftime"}
)


class Tracer(Protocol):
    """What follows expressions back in one function; `origins.Origins` says what each answer is."""

    analysis: Analysis
    module: Module

    def of(self, expr: ast.expr | None, depth: int = 0) -> frozenset[Origin]:
        """Return every origin of an expression's value."""

    def union(self, exprs: Iterable[ast.expr], depth: int) -> frozenset[Origin]:
        """Return every origin of what several expressions give together."""

    def of_key(self, owner: frozenset[Origin], key: str | None) -> frozenset[Origin]:
        """Return the origins of an attribute or entry of something."""

    def inside(self, module: Module, function: FunctionNode, parameters: ParameterOrigins) -> Tracer:
        """Return what follows expressions in a function that is called from here."""


def call_origins(tracer: Tracer, call: ast.Call, depth: int) -> frozenset[Origin]:
    """Return every origin of what a call gives."""
    app, func = tracer.analysis.app, call.func
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(func, ast.Attribute) and func.attr == LOAD_ITEMS:
        return frozenset({Origin.ITEM}) if loads_one(call) else OTHER
    target = app.flow.function(tracer.module, call)
    if target is not None:
        return _of_own_function(tracer, target[0], target[1], call, depth)
    if isinstance(func, ast.Name) and func.id == "getattr" and len(call.args) > 1:
        return _of_getattr(tracer, call, depth)
    if is_converter_method(app, tracer.module, func):
        return tracer.union(arguments, depth)
    dotted = app.names(tracer.module).qualified(func) or (func.id if isinstance(func, ast.Name) else "")
    if dotted in BUILTINS or dotted.startswith((*PURE_MODULES, *message_modules())):
        return tracer.union(arguments, depth)
    if _is_own_class(tracer, func):
        return tracer.union(arguments, depth)
    if isinstance(func, ast.Attribute) and not dotted and not _is_of_self(func):
        return _of_method(tracer, func, arguments, depth)
    return _of_helper(tracer, func, arguments, depth)


def bind_arguments(function: FunctionNode, call: ast.Call, tracer: Tracer, depth: int = 0) -> ParameterOrigins:
    """Return the origins of a function's parameters as a call binds them."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if names and names[0] in {"self", "cls"}:
        names = names[1:]
    scope = {each.arg: FIXED for each in (*function.args.args, *function.args.kwonlyargs)}
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return dict.fromkeys(scope, OTHER)
    scope.update({name: tracer.of(each, depth + 1) for name, each in zip(names, call.args, strict=False)})
    scope.update({each.arg: tracer.of(each.value, depth + 1) for each in call.keywords if each.arg})
    return scope


def _of_own_function(
    tracer: Tracer, module: Module, function: FunctionNode, call: ast.Call, depth: int
) -> frozenset[Origin]:
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    if module is not tracer.module and _is_method(module, function) and keeps_no_talk(module):
        return FIXED | (tracer.union(arguments, depth) - {Origin.CONTEXT, Origin.ITEM})
    if depth > _MAX_DEPTH:
        return OTHER
    yields = (node.value for node in own_nodes(function) if isinstance(node, ast.Yield))
    results = [*returned(function), *filter(None, yields)]
    if not results:
        # An abstract method, say: what runs in its place is not told.
        return _of_helper(tracer, call.func, arguments, depth)
    inner = tracer.inside(module, function, bind_arguments(function, call, tracer, depth))
    return frozenset().union(FIXED, *(inner.of(each, depth + 2) for each in results))


def _of_getattr(tracer: Tracer, call: ast.Call, depth: int) -> frozenset[Origin]:
    owner, key = call.args[0], call.args[1]
    name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
    return tracer.of_key(tracer.of(owner, depth + 1), name) | tracer.union(call.args[2:], depth)


def _of_method(tracer: Tracer, func: ast.Attribute, arguments: list[ast.expr], depth: int) -> frozenset[Origin]:
    """Return the origins of what a method of something made in the function gives."""
    receiver, given = tracer.of(func.value, depth + 1), tracer.union(arguments, depth)
    if func.attr in TEXT_METHODS:
        return receiver | given
    if func.attr == "get" and arguments:
        key = arguments[0].value if isinstance(arguments[0], ast.Constant) else None
        if isinstance(key, str):
            return tracer.of_key(receiver, key) | given
        if _is_table(tracer, func.value):
            return receiver | given
    if {Origin.CONTEXT, Origin.ITEM} & (receiver | given):
        return receiver if func.attr in {"model_dump", "dict", "copy", "model_copy"} and not arguments else OTHER
    return receiver | given


def _of_helper(tracer: Tracer, func: ast.expr, arguments: list[ast.expr], depth: int) -> frozenset[Origin]:
    """Return the origins of what unknown code gives.

    What is told neither the thread nor the item nor the context can look up nothing that was said in this thread.
    """
    given = tracer.union(arguments, depth)
    written = ast.unparse(func)
    if {Origin.CONTEXT, Origin.ITEM} & given or MEMORY_WORD.search(written) or ".store." in f".{written}.":
        return OTHER
    return given


def loads_one(call: ast.Call) -> bool:
    """Return whether a call asks for one item of a thread: the newest, the message itself or what it answers."""
    limits = [each.value for each in call.keywords if each.arg == "limit"] or call.args[2:3]
    return any(isinstance(each, ast.Constant) and each.value == 1 and each.value is not True for each in limits)


def _is_own_class(tracer: Tracer, func: ast.expr) -> bool:
    return any(each.class_node is not None for each in tracer.analysis.app.symbols.definitions(tracer.module, func))


def _is_method(module: Module, function: FunctionNode) -> bool:
    return isinstance(module.parents[function], ast.ClassDef)


def _is_of_self(func: ast.Attribute) -> bool:
    root = root_name(func)
    return root is not None and root.id == "self"


def _is_table(tracer: Tracer, expr: ast.expr) -> bool:
    return all(isinstance(each.expr, ast.Dict) for each in tracer.analysis.app.flow.sources(tracer.module, expr))
