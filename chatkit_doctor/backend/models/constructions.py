"""The places where a project builds one of the SDK's models from fields it names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.backend.imports.modules import is_sdk
from chatkit_doctor.backend.instances import is_expected_to_raise
from chatkit_doctor.backend.models.values import Fields, Judge, ModelProblem, call_fields, dict_fields
from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.contracts.models import ModelContract
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass

_VALIDATORS = frozenset({"model_validate", "parse_obj"})
CLASS_METHODS = _VALIDATORS | {"model_validate_json", "model_validate_strings", "parse_raw"}


@dataclass(frozen=True, slots=True)
class Construction:
    """A call of a model's class, or of a method of it that validates a dict written in the call.

    class_: the expression that names the class. fields: those that are given.
    """

    module: Module
    contract: PythonContract
    model: ModelContract
    call: ast.Call
    class_: ast.expr
    fields: Fields

    @property
    def positional(self) -> list[ast.expr]:
        """Return the fields that are given by position, which no model takes; none where some are unpacked."""
        if self.fields.node is not self.call or any(isinstance(each, ast.Starred) for each in self.call.args):
            return []
        return self.call.args

    @property
    def problems(self) -> Iterator[ModelProblem]:
        """Yield what is wrong with the fields; of those given by position nothing is known."""
        if not self.call.args or self.fields.node is not self.call:
            yield from Judge(self.contract).model(self.model, self.fields)


@dataclass(frozen=True, slots=True)
class SdkCall:
    """A call of a class or union of the SDK, or of one of the class methods that validate.

    class_: the expression that names it. name: dotted, where the SDK defines it. method: "" for a call of itself.
    """

    module: Module
    call: ast.Call
    class_: ast.expr
    name: str
    method: str


def constructions(app: App) -> Iterator[Construction]:
    """Yield every construction of a pydantic model of the SDK; subclasses of the project's own are left alone."""
    for found in sdk_calls(app):
        fields = _fields(found)
        contract = contract_for(app, found.module.source.path)
        model = contract.model(found.name)
        if fields is not None and model is not None and model.kind == "pydantic" and not model.has_validators:
            yield Construction(found.module, contract, model, found.call, found.class_, fields)


def _fields(found: SdkCall) -> Fields | None:
    if not found.method:
        return call_fields(found.call)
    arguments = found.call.args
    if found.method in _VALIDATORS and len(arguments) == 1 and isinstance(arguments[0], ast.Dict):
        return dict_fields(arguments[0])
    return None


def sdk_calls(app: App) -> tuple[SdkCall, ...]:
    """Return the calls of what the SDK defines, those left out that a test expects to fail."""
    return app.derive(_all_calls)


def sdk_modules(app: App) -> Iterator[Module]:
    """Yield the files that matter of the apps that use a published release."""
    yield from (module for module in app.modules() if not is_foreign(app, module.source.path))


def _all_calls(app: App) -> tuple[SdkCall, ...]:
    return tuple(each for module in sdk_modules(app) for each in _calls(app, module))


def _calls(app: App, module: Module) -> Iterator[SdkCall]:
    for call in module.nodes(ast.Call):
        class_: ast.expr = call.func
        method = ""
        if isinstance(class_, ast.Attribute) and class_.attr in CLASS_METHODS:
            method, class_ = class_.attr, class_.value
        name = sdk_name(app, module, class_) if _may_be_class(class_) else None
        if name is not None and not is_expected_to_raise(module, call):
            yield SdkCall(module, call, class_, name, method)


def _may_be_class(expr: ast.expr) -> bool:
    """Return whether an expression can name a class by its spelling, which spares following all others."""
    expr = expr.value if isinstance(expr, ast.Subscript) else expr
    name = expr.attr if isinstance(expr, ast.Attribute) else expr.id if isinstance(expr, ast.Name) else ""
    return name.lstrip("_")[:1].isupper()


def sdk_name(app: App, module: Module, expr: ast.expr) -> str | None:
    """Return the dotted name of what an expression surely means, by where the SDK defines it."""
    contract = contract_for(app, module.source.path)
    found = list(app.symbols.definitions(module, expr))
    if not found or not all(each.external and is_sdk(app, module, each.external) for each in found):
        return None
    names = {contract.canonical(each.external) for each in found}
    return names.pop() if len(names) == 1 else None
