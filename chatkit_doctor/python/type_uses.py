"""Where a file uses a name as a type: in annotations, in type expressions that run, and where it is something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import TypeGuard

from chatkit_doctor.patterns import regex
from chatkit_doctor.python.module import Module, names_by_text, root_name, walk
from chatkit_doctor.python.names import Names
from chatkit_doctor.records import dataclass, field
from chatkit_doctor.remembered import remembered

_TAKE_A_TYPE = frozenset({"typing.cast", "pydantic.TypeAdapter"})
_GENERIC_BUILTINS = frozenset({"dict", "frozenset", "list", "set", "tuple", "type"})

# As far as a word goes on with dots: `types.FilePart`, of which `types` is a name as well.
_DOTTED = regex(r"(?<![\w.])\w+(?:\.\w+){0,19}")


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
    # Imports of one name in one scope have the same uses, which are found once.
    return _uses_of_bindings(names.module, local, _lookups(names.module, local).keys.get(alias))


def uses_of_attribute(names: Names, written: str, dotted: str) -> TypeUses:
    """Return the uses of an attribute of a module, written in one way (`types.FilePart`)."""
    return _uses_of_attribute(names.module, written, dotted)


@dataclass(slots=True)
class _Lookups:
    """Where a name is looked up in a file, by the bindings that are found: the key is that of their list.

    in_strings: annotations with a string that has the name in it. keys: of the list that each node is in that binds it.
    """

    names: dict[int, list[ast.expr]] = field(default_factory=dict)
    in_strings: dict[int, list[ast.expr]] = field(default_factory=dict)
    keys: dict[ast.AST, int] = field(default_factory=dict)


@remembered
def _lookups(module: Module, local: str) -> _Lookups:
    names = module.derive(Names)
    found = _Lookups()
    at_names = ((each, found.names) for each in module.derive(names_by_text).get(local, ()))
    in_strings = ((each, found.in_strings) for each in module.derive(_in_strings).get(local, ()))
    for node, places in (*at_names, *in_strings):
        # All uses in a scope have one list of bindings, which may be long.
        bindings = names.lookup(local, node)
        key = id(bindings)
        if key not in found.names and key not in found.in_strings:
            found.keys.update((each.node, key) for each in bindings)
        places.setdefault(key, []).append(node)
    return found


@remembered
def _uses_of_bindings(module: Module, local: str, key: int | None) -> TypeUses:
    found = _lookups(module, local)
    return _sorted_by_role(module, found.names.get(key, ()), found.in_strings.get(key, ())) if key else TypeUses()


@remembered
def _uses_of_attribute(module: Module, written: str, dotted: str) -> TypeUses:
    names = module.derive(Names)
    named = module.derive(_attributes).get(written, ())
    nodes = [each for each in named if dotted in names.qualified_all(each)]
    return _sorted_by_role(module, nodes, module.derive(_in_strings).get(written, ()))


def _attributes(module: Module) -> dict[str, list[ast.Attribute]]:
    """Return the attributes of names, by how they are written."""
    found: dict[str, list[ast.Attribute]] = {}
    for node in module.nodes(ast.Attribute):
        if root_name(node) is not None:
            found.setdefault(module.location(node).text, []).append(node)
    return found


def _in_strings(module: Module) -> dict[str, list[ast.expr]]:
    """Return the annotations by the names, dotted or not, that strings in them have."""
    found: dict[str, list[ast.expr]] = {}
    for root in _annotations(module):
        texts = (each.value for each in walk(root) if isinstance(each, ast.Constant) and isinstance(each.value, str))
        parts = (match[0].split(".") for text in texts for match in _DOTTED.finditer(text))
        for name in {".".join(each[:count]) for each in parts for count in range(1, len(each) + 1)}:
            found.setdefault(name, []).append(root)
    return found


def _sorted_by_role(module: Module, nodes: Sequence[ast.expr], in_strings: Sequence[ast.expr]) -> TypeUses:
    names = module.derive(Names)
    roots: dict[_Role | None, dict[ast.expr, None]] = {_Role.ANNOTATION: {}, _Role.RUNTIME: {}, None: {}}
    for node in nodes:
        role, root = _root(names, node)
        roots[role][root] = None
    roots[_Role.ANNOTATION].update(dict.fromkeys(in_strings))
    return TypeUses(list(roots[_Role.ANNOTATION]), list(roots[_Role.RUNTIME]), list(roots[None]))


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
