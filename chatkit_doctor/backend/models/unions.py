"""Unions of the SDK's models that an app uses as if they were classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.instances import is_expected_to_raise
from chatkit_doctor.backend.models.constructions import sdk_calls, sdk_modules
from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.models.values import Judge, UnknownField, dict_fields
from chatkit_doctor.backend.models.written import Written
from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass

# Class methods of pydantic models, and the methods of a TypeAdapter that do the same with the same arguments.
VALIDATING_METHODS = {
    "model_validate": "validate_python",
    "model_validate_json": "validate_json",
    "model_validate_strings": "validate_strings",
    "parse_obj": "validate_python",
    "parse_raw": "validate_json",
}


@dataclass(frozen=True, slots=True)
class UnionUse:
    """A union that is called, or one of whose methods is taken, as if it were a class.

    expr: what is called or taken. class_: the expression that names the union. method: "" for a call of itself.
    call: None for a method that is handed on without a call.
    """

    module: Module
    expr: ast.expr
    class_: ast.expr
    method: str
    call: ast.Call | None


def union_uses(app: App) -> Iterator[UnionUse]:
    """Yield each use of a union of models as a class."""
    for found in sdk_calls(app):
        if found.name in _unions(contract_for(app, found.module.source.path)):
            yield UnionUse(found.module, found.call.func, found.class_, found.method, found.call)
    for module in sdk_modules(app):
        yield from _methods_handed_on(app, module)


def is_refused(app: App, use: UnionUse) -> bool:
    """Return whether what a use gives fits no member of the union, however it is validated."""
    contract = contract_for(app, use.module.source.path)
    union = contract.union(sdk_name(app, use.module, use.class_) or "")
    given = _given(use)
    if union is None or given is None:
        return False
    problems = Judge(contract, Written(app, use.module)).union(union, dict_fields(given))
    return any(not isinstance(each, UnknownField) for each in problems)


def _given(use: UnionUse) -> ast.Dict | None:
    """Return the fields that a use gives, as a dict; None where they are not written out."""
    if use.call is None:
        return None
    if use.method:
        first = use.call.args[0] if use.call.args else None
        return first if isinstance(first, ast.Dict) else None
    keys = [None if each.arg is None else ast.Constant(each.arg) for each in use.call.keywords]
    return ast.Dict(list(keys), [each.value for each in use.call.keywords])


def _methods_handed_on(app: App, module: Module) -> Iterator[UnionUse]:
    """Yield the class methods that are taken from a union and called elsewhere, as in `map(Union.parse_obj, rows)`."""
    unions = _unions(contract_for(app, module.source.path))
    for taken in module.nodes(ast.Attribute):
        parent = module.parents[taken]
        if taken.attr not in VALIDATING_METHODS or (isinstance(parent, ast.Call) and parent.func is taken):
            continue
        if sdk_name(app, module, taken.value) in unions and not is_expected_to_raise(module, taken):
            yield UnionUse(module, taken, taken.value, taken.attr, None)


@cache
def _unions(contract: PythonContract) -> frozenset[str]:
    """Return the dotted names of the unions that have models as members."""
    names = {f"{module}.{name}" for module in contract.modules for name in contract.names(module)}
    return frozenset(
        name
        for name in names
        if contract.canonical(name) == name
        and (union := contract.union(name)) is not None
        and any(isinstance(each, str) and contract.model(each) for each in union.members)
    )
