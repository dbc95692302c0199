"""Classes and methods of the SDK that a project calls and that its release warns of."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from chatkit_doctor.checks._context import contract_for
from chatkit_doctor.checks._model_calls import sdk_calls, sdk_modules, sdk_name
from chatkit_doctor.checks._model_words import listed, short
from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.contracts.lifetimes import deprecated_since
from chatkit_doctor.contracts.mistakes import drop_in
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project import Project
from chatkit_doctor.python.module import Module
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


def deprecated_uses(project: Project) -> Iterator[Deprecated]:
    """Yield for each file the deprecated classes that it builds, together, and each call of a deprecated method."""
    classes: dict[Module, dict[str, Location]] = {}
    for found in sdk_calls(project):
        class_ = contract_for(project, found.module.source.path).class_(found.name)
        if class_ is not None and class_.deprecated and not found.method:
            classes.setdefault(found.module, {}).setdefault(class_.name, found.module.location(found.class_))
    for module, names in classes.items():
        yield Deprecated(module, tuple(names), next(iter(names.values())))
    for module in sdk_modules(project):
        for call in module.nodes(ast.Call):
            yield from _method(project, module, call)


def _method(project: Project, module: Module, call: ast.Call) -> Iterator[Deprecated]:
    func = call.func
    if not isinstance(func, ast.Attribute):
        return
    for owner in _owners(contract_for(project, module.source.path)).get(func.attr, ()):
        if _is_instance(project, module, func.value, owner):
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


def _is_instance(project: Project, module: Module, expr: ast.expr, owner: str) -> bool:
    """Tell whether every value that an expression can have is made by a class or a class method of it."""
    sources = list(project.flow.sources(module, expr))
    return bool(sources) and all(_makes(project, each.module, each.expr, owner) for each in sources)


def _makes(project: Project, module: Module, expr: ast.expr, owner: str) -> bool:
    if not isinstance(expr, ast.Call):
        return False
    contract = contract_for(project, module.source.path)
    func = expr.func
    if isinstance(func, ast.Attribute) and sdk_name(project, module, func.value) == owner:
        class_ = contract.class_(owner)
        method = class_.methods.get(func.attr) if class_ else None
        return method is not None and method.binding == "class"
    return sdk_name(project, module, func) == owner


def deprecation_fix(found: Deprecated) -> Fix | None:
    """Return the fix that calls what took a method's place."""
    instead = drop_in(f"{found.names[0]}.{found.method}") if found.method else None
    if instead is None:
        return None
    return Fix(f"call {instead}()", Applicability.SAFE, lambda: [Edit(found.at, instead)])


def deprecation_message(found: Deprecated) -> str:
    """Return what is deprecated, and since when."""
    if found.method:
        since = deprecated_since(found.names[0], found.method)
        return f"{short(found.names[0])}.{found.method}() is deprecated since openai-chatkit {since}"
    names = [short(each) for each in found.names]
    verb = "is" if len(names) == 1 else "are"
    return f"{listed(names)} {verb} deprecated since openai-chatkit {deprecated_since(found.names[0])}"


def deprecation_help(project: Project, found: Deprecated) -> str:
    """Return what the SDK's own warning says to use instead."""
    class_ = contract_for(project, found.module.source.path).class_(found.names[0])
    assert class_ is not None
    told = class_.methods[found.method].deprecated if found.method else class_.deprecated
    advice = next((each for each in (told or "").split(". ") if each.startswith("Use ")), "")
    return f"use {advice.removeprefix('Use ').rstrip('.').removesuffix(' instead')}"
