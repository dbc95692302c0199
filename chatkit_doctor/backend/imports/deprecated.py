"""Classes and methods of the SDK that an app calls and that its release warns of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.models.constructions import sdk_calls, sdk_modules
from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location


@dataclass(frozen=True, slots=True)
class Deprecated:
    """What a file calls although it is deprecated: classes by their first calls, or one method at one call.

    names: dotted, in the order of the text. node: what the finding points at.
    """

    module: Module
    names: tuple[str, ...]
    at: Location
    method: str = ""


def deprecated_uses(app: App) -> Iterator[Deprecated]:
    """Yield for each file the deprecated classes that it builds, together, and each call of a deprecated method."""
    classes: dict[Module, dict[str, Location]] = {}
    for found in sdk_calls(app):
        class_ = contract_for(app, found.module.source.path).class_(found.name)
        if class_ is not None and class_.deprecated and not found.method:
            classes.setdefault(found.module, {}).setdefault(class_.name, found.module.location(found.class_))
    for module, names in classes.items():
        yield Deprecated(module, tuple(names), next(iter(names.values())))
    for module in sdk_modules(app):
        for call in module.nodes(ast.Call):
            yield from _method(app, module, call)


def _method(app: App, module: Module, call: ast.Call) -> Iterator[Deprecated]:
    func = call.func
    if not isinstance(func, ast.Attribute):
        return
    for owner in _owners(contract_for(app, module.source.path)).get(func.attr, ()):
        if _is_instance(app, module, func.value, owner):
            end = module.location(func).end
            at = module.source.location(end - len(func.attr), end)
            yield Deprecated(module, (owner,), at, func.attr)


@cache
def _owners(contract: PythonContract) -> dict[str, list[str]]:
    """Return the classes that have a deprecated method, by its name."""
    found: dict[str, list[str]] = {}
    for name in contract.classes:
        class_ = contract.class_(name)
        for method in class_.methods.values() if class_ else ():
            if method.deprecated:
                found.setdefault(method.name, []).append(name)
    return found


def _is_instance(app: App, module: Module, expr: ast.expr, owner: str) -> bool:
    """Return whether every value that an expression can have is made by a class or a class method of it."""
    sources = list(app.flow.sources(module, expr))
    return bool(sources) and all(_makes(app, each.module, each.expr, owner) for each in sources)


def _makes(app: App, module: Module, expr: ast.expr, owner: str) -> bool:
    if not isinstance(expr, ast.Call):
        return False
    contract = contract_for(app, module.source.path)
    func = expr.func
    if isinstance(func, ast.Attribute) and sdk_name(app, module, func.value) == owner:
        class_ = contract.class_(owner)
        method = class_.methods.get(func.attr) if class_ else None
        return method is not None and method.binding == "class"
    return sdk_name(app, module, func) == owner
