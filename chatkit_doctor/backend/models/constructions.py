"""The places where a project builds one of the SDK's models from fields it names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.backend.instances import is_expected_to_raise
from chatkit_doctor.backend.models.names import may_be_class, sdk_name
from chatkit_doctor.backend.models.values import Fields, Judge, ModelProblem, Reader, call_fields, dict_fields
from chatkit_doctor.backend.models.written import Written
from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.contracts.sdk.models import ModelContract, UnionContract
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass

_ADAPTER = "TypeAdapter"
_VALIDATORS = frozenset({"model_validate", "parse_obj"})
CLASS_METHODS = _VALIDATORS | {"model_validate_json", "model_validate_strings", "parse_raw"}


@dataclass(frozen=True)
class Construction:
    """A call of a model's class, or of a method of it that validates a dict written in the call.

    class_: the expression that names the class. fields: those that are given.
    """

    module: Module
    contract: PythonContract
    model: ModelContract | UnionContract
    call: ast.Call
    class_: ast.expr
    fields: Fields
    reader: Reader

    @property
    def positional(self) -> list[ast.expr]:
        """Return the fields that are given by position, which no model takes; none where some are unpacked."""
        if self.fields.node is not self.call or any(isinstance(each, ast.Starred) for each in self.call.args):
            return []
        return self.call.args

    @cached_property
    def problems(self) -> tuple[ModelProblem, ...]:
        """Return what is wrong with the fields; of those given by position nothing is known."""
        if self.call.args and self.fields.node is self.call:
            return ()
        judge = Judge(self.contract, self.reader)
        if isinstance(self.model, UnionContract):
            return tuple(judge.union(self.model, self.fields))
        return tuple(judge.model(self.model, self.fields))


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


def constructions(app: App) -> tuple[Construction, ...]:
    """Return every construction of a pydantic model of the SDK; subclasses of the project's own are left alone."""
    return app.derive(_all_constructions)


def _all_constructions(app: App) -> tuple[Construction, ...]:
    return tuple(_constructions(app))


def _constructions(app: App) -> Iterator[Construction]:
    for found in sdk_calls(app):
        fields = _fields(found)
        contract = contract_for(app, found.module.source.path)
        model = contract.model(found.name)
        if fields is not None and model is not None and model.kind == "pydantic" and not model.has_validators:
            reader = Written(app, found.module)
            yield Construction(found.module, contract, model, found.call, found.class_, fields, reader)
    for module in sdk_modules(app):
        if _ADAPTER in module.source.text:
            yield from _adapted(app, module)


def _adapted(app: App, module: Module) -> Iterator[Construction]:
    """Yield the dicts that a TypeAdapter of a model or a union of the SDK validates."""
    contract, reader = contract_for(app, module.source.path), Written(app, module)
    for call in module.nodes(ast.Call):
        func, given = call.func, call.args[0] if len(call.args) == 1 else None
        if not (isinstance(func, ast.Attribute) and func.attr == "validate_python" and isinstance(given, ast.Dict)):
            continue
        made = list(app.flow.sources(module, func.value))
        adapter = made[0].expr if len(made) == 1 and made[0].module is module else None
        if not isinstance(adapter, ast.Call) or len(adapter.args) != 1 or is_expected_to_raise(module, call):
            continue
        if app.names(module).qualified(adapter.func) != f"pydantic.{_ADAPTER}":
            continue
        class_ = adapter.args[0]
        name = sdk_name(app, module, class_) if may_be_class(class_) else None
        model = contract.model(name) or contract.union(name) if name else None
        if isinstance(model, UnionContract) or (model and model.kind == "pydantic" and not model.has_validators):
            yield Construction(module, contract, model, call, class_, dict_fields(given), reader)


def _fields(found: SdkCall) -> Fields | None:
    if not found.method:
        return call_fields(found.call)
    arguments = found.call.args
    if found.method in _VALIDATORS and len(arguments) == 1 and isinstance(arguments[0], ast.Dict):
        return dict_fields(arguments[0])
    return None


def sdk_calls(app: App) -> tuple[SdkCall, ...]:
    """Return the calls in the app's own files of what the SDK defines, those left out that a test expects to fail."""
    return app.derive(_all_calls)


def sdk_modules(app: App) -> Iterator[Module]:
    """Yield the app's own files that matter, where it uses a published release."""
    yield from (module for module in app.own_modules() if not is_foreign(app, module.source.path))


def _all_calls(app: App) -> tuple[SdkCall, ...]:
    return tuple(each for module in sdk_modules(app) for each in _calls(app, module))


def _calls(app: App, module: Module) -> Iterator[SdkCall]:
    for call in module.nodes(ast.Call):
        class_: ast.expr = call.func
        method = ""
        if isinstance(class_, ast.Attribute) and class_.attr in CLASS_METHODS:
            method, class_ = class_.attr, class_.value
        name = sdk_name(app, module, class_) if may_be_class(class_) else None
        if name is not None and not is_expected_to_raise(module, call):
            yield SdkCall(module, call, class_, name, method)
