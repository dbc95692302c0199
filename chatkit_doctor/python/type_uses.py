"""Where a file uses a name as a type: in annotations, in type expressions that run, and where it is something else."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import TypeGuard

from chatkit_doctor.python.module import Module, walk
from chatkit_doctor.python.names import Names
from chatkit_doctor.records import dataclass, field

_TAKE_A_TYPE = frozenset({"typing.cast", "pydantic.TypeAdapter"})
_GENERIC_BUILTINS = frozenset({"dict", "frozenset", "list", "set", "tuple", "type"})


class _Role(Enum):
    ANNOTATION = "annotation"
    RUNTIME = "runtime"


@dataclass(slots=True)
class TypeUses:
    """The uses of one name in one file.

    annotations: whole annotations with the name in them. runtime: whole type expressions that are evaluated as
    values (aliases, arguments of generic classes). others: uses as anything else, such as a call.
    """

    annotations: list[ast.expr] = field(default_factory=list)
    runtime: list[ast.expr] = field(default_factory=list)
    others: list[ast.expr] = field(default_factory=list)

    @property
    def types(self) -> list[ast.expr]:
        """Return the annotations and the type expressions that run."""
        return [*self.annotations, *self.runtime]


def uses_of_alias(names: Names, alias: ast.alias) -> TypeUses:
    """Return the uses of a name that a from-import binds."""
    local = alias.asname or alias.name

    # All uses in a scope have one list of bindings, which may be long.
    known: dict[int, bool] = {}

    def is_bound_here(at: ast.AST) -> bool:
        bindings = names.lookup(local, at)
        if id(bindings) not in known:
            known[id(bindings)] = any(binding.node is alias for binding in bindings)
        return known[id(bindings)]

    nodes = [each for each in names.module.nodes(ast.Name) if each.id == local and is_bound_here(each)]
    return _sorted_by_role(names, nodes, local, is_bound_here)


def uses_of_attribute(names: Names, written: str, dotted: str) -> TypeUses:
    """Return the uses of an attribute of a module, written in one way (`types.FilePart`)."""
    nodes = [
        each
        for each in names.module.nodes(ast.Attribute)
        if names.module.location(each).text == written and dotted in names.qualified_all(each)
    ]
    return _sorted_by_role(names, nodes, written, lambda _: True)


def _sorted_by_role(
    names: Names, nodes: list[ast.Name] | list[ast.Attribute], text: str, is_bound_here: Callable[[ast.AST], bool]
) -> TypeUses:
    uses = TypeUses()
    for node in nodes:
        role, root = _root(names, node)
        place = {_Role.ANNOTATION: uses.annotations, _Role.RUNTIME: uses.runtime, None: uses.others}[role]
        if root not in place:
            place.append(root)
    word = re.compile(rf"(?<![\w.]){re.escape(text)}\b")
    for root in _annotations(names.module):
        in_string = any(_names_in_string(each, word) for each in walk(root))
        if in_string and root not in uses.annotations and is_bound_here(root):
            uses.annotations.append(root)
    return uses


def strings_in_annotations(module: Module) -> Iterator[ast.Constant]:
    """Yield the strings in annotations, which name types before they are defined."""
    for root in _annotations(module):
        for node in walk(root):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node


def _annotations(module: Module) -> Iterator[ast.expr]:
    for function in module.functions():
        if function.returns is not None:
            yield function.returns
    for argument in module.nodes(ast.arg):
        if argument.annotation is not None:
            yield argument.annotation
    for statement in module.nodes(ast.AnnAssign):
        yield statement.annotation


def _names_in_string(node: ast.AST, word: re.Pattern[str]) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and word.search(node.value) is not None


def _root(names: Names, node: ast.expr) -> tuple[_Role | None, ast.expr]:
    """Climb from a name to the whole type expression that it is part of, and say what that is."""
    is_argument = False
    while True:
        parent = names.module.parents[node]
        if _is_annotation(parent, node):
            return _Role.ANNOTATION, node
        if isinstance(parent, ast.Assign | ast.AnnAssign) and parent.value is node:
            return _Role.RUNTIME, node
        if isinstance(parent, ast.Call) and parent.args[:1] == [node] and names.qualified(parent.func) in _TAKE_A_TYPE:
            return _Role.RUNTIME, node
        if isinstance(parent, ast.Subscript) and parent.slice is node and _is_generic(parent.value):
            is_argument = True
        elif not _continues_a_type(parent):
            return (_Role.RUNTIME if is_argument else None), node
        node = parent


def _is_annotation(parent: ast.AST, node: ast.expr) -> bool:
    if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
        return parent.returns is node
    return isinstance(parent, ast.arg | ast.AnnAssign) and parent.annotation is node


def _continues_a_type(parent: ast.AST) -> TypeGuard[ast.Tuple | ast.List | ast.BinOp]:
    return isinstance(parent, ast.Tuple | ast.List) or (
        isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.BitOr)
    )


def _is_generic(value: ast.expr) -> bool:
    name = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    return name in _GENERIC_BUILTINS or name[:1].isupper()
