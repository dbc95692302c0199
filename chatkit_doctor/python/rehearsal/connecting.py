"""What an object gets after it was made: a connection, say, which a method opens when the app starts."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.module import FunctionNode, Module, is_none
from chatkit_doctor.python.names import Names
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered

# Python's own modules that open connections.
_OWN = frozenset({"sqlite3"})
# What its models make is kept, and connects to nothing.
_MODELS = frozenset({"chatkit"})


@dataclass(frozen=True, slots=True)
class Connection:
    """An attribute that a method sets to what another package makes. owner: the class that has the method."""

    name: str
    value: ast.expr
    owner: ClassId


def connections(view: ClassView) -> Iterator[Connection]:
    """Yield the attributes that begin as None and that a method sets which asks nothing of them."""
    # A rehearsal makes the same objects in each pass: what a class says is read once.
    empty = {name for owner in view.classes for name in _begin_empty(owner.module, owner.node)}
    for owner in view.classes if empty else ():
        for name, value in _made_elsewhere(owner.module, owner.node):
            if name in empty:
                yield Connection(name, value, owner)


@remembered
def _begin_empty(_: Module, class_: ast.ClassDef) -> frozenset[str]:
    return frozenset(name for each in class_.body for name in _begins_empty(each))


@remembered
def _made_elsewhere(module: Module, class_: ast.ClassDef) -> tuple[tuple[str, ast.expr], ...]:
    """Return what the methods of a class set to what another package makes."""
    return tuple(
        (name, value)
        for method in class_.body
        if isinstance(method, FunctionNode) and method.name != "__init__"
        for name, value in _set_in(method)
        if _is_made_elsewhere(module, value)
    )


def _begins_empty(statement: ast.stmt) -> Iterator[str]:
    """Yield the attributes that `__init__` or the class itself sets to None."""
    if isinstance(statement, FunctionNode):
        for each in own_nodes(statement) if statement.name == "__init__" else ():
            match each:
                case ast.Assign(targets=[ast.Attribute() as target], value=value) if is_none(value):
                    yield target.attr
                case ast.AnnAssign(target=ast.Attribute() as target, value=value) if is_none(value):
                    yield target.attr
        return
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if is_none(value):
            yield name
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if is_none(value):
            yield name


def _set_in(method: FunctionNode) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a method sets attributes to that it does not ask for: who asks makes them when they are needed."""
    nodes = list(own_nodes(method))
    read = {each.attr for each in nodes if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Load)}
    for each in nodes:
        match each:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value):
                if name not in read:
                    yield name, value
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name), value=ast.expr() as value):
                if name not in read:
                    yield name, value


def _is_made_elsewhere(module: Module, value: ast.expr) -> bool:
    """Return whether a value is what a function or a class of another package gives."""
    made = value.value if isinstance(value, ast.Await) else value
    if not isinstance(made, ast.Call):
        return False
    dotted = module.derive(Names).qualified(made.func) or ""
    top = dotted.partition(".")[0]
    return "." in dotted and bool(top) and (top in _OWN or top not in sys.stdlib_module_names | _MODELS)
