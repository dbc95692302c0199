"""Attributes that an app reads of ChatKit's models, or sets, and that the models do not have.

Which model a name stands for is told by annotations, constructors, what the project's functions say that they return,
and what the SDK's store gives. Where anything else may be meant, nothing is said.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.imports.guards import is_asked_for
from chatkit_doctor.backend.models.constructions import sdk_modules
from chatkit_doctor.backend.models.names import may_be_class, sdk_name
from chatkit_doctor.backend.models.shapes import Shape, Shapes
from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.contracts.sdk.models import PYDANTIC_ATTRIBUTES
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered


@dataclass(frozen=True, slots=True)
class UnknownAttribute:
    """An attribute that none of the models has which its owner may be of. shape: what the owner is."""

    module: Module
    node: ast.Attribute
    shape: Shape


@dataclass(frozen=True, slots=True)
class UnknownMember:
    """A member that an enum of the SDK lacks. enum: its dotted name. members: those that it has."""

    module: Module
    node: ast.Attribute
    enum: str
    members: tuple[str, ...]


def unknown_members(app: App) -> Iterator[UnknownMember]:
    """Yield the members that the SDK's enums do not have, tests left out."""
    for module in sdk_modules(app):
        if app.is_test_file(module.source.path):
            continue
        contract = contract_for(app, module.source.path)
        for node in module.nodes(ast.Attribute):
            if not node.attr.isupper() or not may_be_class(node.value):
                continue
            name = sdk_name(app, module, node.value)
            kind = contract.type_(name) if name is not None else None
            members = kind.get("enum") if isinstance(kind, dict) else None
            if name is not None and members and node.attr not in members and not is_asked_for(module, node):
                yield UnknownMember(module, node, name, tuple(members))


def unknown_attributes(app: App) -> Iterator[UnknownAttribute]:
    """Yield the attributes that ChatKit's models do not have, tests left out."""
    shapes = Shapes(app)
    for module in sdk_modules(app):
        if app.is_test_file(module.source.path):
            continue
        contract = contract_for(app, module.source.path)
        for node in module.nodes(ast.Attribute):
            if not isinstance(node.value, ast.Name) or node.attr.startswith(("_", "model_")):
                continue
            if node.attr in PYDANTIC_ATTRIBUTES:
                continue
            shape = shapes.of(module, node.value)
            if shape is None or not shape.models or any(_has(contract, each, node.attr) for each in shape.models):
                continue
            if not is_asked_for(module, node) and not _is_narrowed(app, module, node):
                yield UnknownAttribute(module, node, shape)


def _has(contract: PythonContract, name: str, attribute: str) -> bool:
    """Return whether a model has an attribute: a field, a method, or anything where it takes any field."""
    model, class_ = contract.model(name), contract.class_(name)
    if model is None or model.kind != "pydantic" or model.extra == "allow":
        return True
    return attribute in model.fields or (class_ is not None and attribute in class_.methods)


def _is_narrowed(app: App, module: Module, node: ast.Attribute) -> bool:
    """Return whether the function asks if the owner is of another type, or has the attribute."""
    function = module.enclosing_function(node)
    assert isinstance(node.value, ast.Name)
    if function is None:
        return False
    asked = _asked_in(app, module, function).get(node.value.id, ())
    return _ANY in asked or node.attr in asked


_ANY = "*"


@remembered
def _asked_in(app: App, module: Module, function: FunctionNode) -> dict[str, set[object]]:
    """Return the attributes that a function asks for by their names before it uses them, `*` for any, by the owner."""
    found: dict[str, set[object]] = {}
    for each in own_nodes(function):
        match each:
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=owner), kind]):
                kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
                if not all(sdk_name(app, module, one) for one in kinds):
                    found.setdefault(owner, set()).add(_ANY)
            case ast.Call(
                func=ast.Name(id="hasattr" | "getattr"), args=[ast.Name(id=owner), ast.Constant(value=attribute), *_]
            ):
                found.setdefault(owner, set()).add(attribute)
            case ast.Call(func=ast.Name(id="hasattr" | "getattr" | "type" | "vars"), args=[ast.Name(id=owner), *_]):
                found.setdefault(owner, set()).add(_ANY)
            case ast.Match(subject=ast.Name(id=owner)):
                found.setdefault(owner, set()).add(_ANY)
    return found
