"""Unions of the SDK's models that a project uses as if they were classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from chatkit_doctor.checks._context import contract_for
from chatkit_doctor.checks._model_calls import SdkCall, sdk_calls
from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project import Project
from chatkit_doctor.python.import_edits import import_edits
from chatkit_doctor.python.module import Module

# Class methods of pydantic models, and the methods of a TypeAdapter that do the same with the same arguments.
_METHODS = {
    "model_validate": "validate_python",
    "model_validate_json": "validate_json",
    "model_validate_strings": "validate_strings",
    "parse_obj": "validate_python",
    "parse_raw": "validate_json",
}


def union_uses(project: Project) -> Iterator[SdkCall]:
    """Yield each use of a union of models as a class."""
    for found in sdk_calls(project):
        if found.name in _unions(contract_for(project, found.module.source.path)):
            yield found


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


def union_fix(project: Project, use: SdkCall) -> Fix | None:
    """Return the fix that validates with a TypeAdapter; None where the arguments are not those of a model."""
    module, call = use.module, use.call
    adapter = project.names(module).lookup("TypeAdapter", call)
    if any(each.dotted != "pydantic.TypeAdapter" for each in adapter):
        return None
    arguments = None if use.method else _as_dict(module, call)
    if not use.method and arguments is None:
        return None
    name = module.location(use.class_).text
    func = module.location(call.func)
    target = f"TypeAdapter({name}).{_METHODS[use.method] if use.method else 'validate_python'}"
    edits = [Edit(func, target)]
    if arguments is not None:
        edits = [Edit(module.source.location(func.start, module.location(call).end), f"{target}({arguments})")]
    return Fix(
        f"validate with TypeAdapter({name})",
        Applicability.SAFE,
        lambda: [*edits, *import_edits(module, {"pydantic": ["TypeAdapter"]})],
    )


def _as_dict(module: Module, call: ast.Call) -> str | None:
    """Return the arguments of a call by keyword as an expression for the dict that they are."""
    if call.args or not call.keywords or "#" in module.location(call).text:
        return None
    # The text of a keyword, unlike that of its value, has the parentheses around it.
    parts = [(each.arg, module.location(each).text) for each in call.keywords]
    if len(parts) == 1 and parts[0][0] is None:
        return parts[0][1].removeprefix("**").strip()
    return (
        "{" + ", ".join(f'"{name}": {text.partition("=")[2].strip()}' if name else text for name, text in parts) + "}"
    )
