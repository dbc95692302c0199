"""CK111 to CK113: verdicts on constructor calls are those of pydantic, which builds the models for real."""

from __future__ import annotations

import ast
from datetime import datetime
from importlib import import_module
from importlib.metadata import version
from typing import Any

import pytest

from chatkit_doctor.backend.models.values import Invalid, Judge, Missing, UnknownField, call_fields
from chatkit_doctor.contracts import PythonContract, python_contract
from chatkit_doctor.contracts.published import CHATKIT
from tests.checks.model_samples import Sample, Sampler

CONTRACT = python_contract(version(CHATKIT))
MODELS = [name for name in CONTRACT.models if getattr(CONTRACT.model(name), "kind", "") == "pydantic"]
ROUNDS = 20


def namespace() -> dict[str, Any]:
    for name in CONTRACT.modules:
        import_module(name)
    store = import_module("chatkit.store").Store
    methods = dict.fromkeys(store.__abstractmethods__)
    return {"chatkit": import_module("chatkit"), "datetime": datetime, "STORE": type("Stub", (store,), methods)()}


@pytest.fixture(scope="module")
def scope() -> dict[str, Any]:
    return namespace()


def pydantic_fails(sample: Sample, scope: dict[str, Any]) -> bool:
    """Build the model for real. Abstract bases of the SDK's stores are made without their methods."""
    from pydantic import ValidationError

    try:
        eval(sample.source, scope)  # noqa: S307 - written by the sampler
    except ValidationError:
        return True
    return False


def calls(source: str) -> list[tuple[str, ast.Call]]:
    """Return the models that a source calls, with the calls."""
    found = [(ast.unparse(each.func), each) for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call)]
    return [each for each in found if each[0].startswith("chatkit.")]


def doctor_fails(sample: Sample, contract: PythonContract) -> bool:
    """Tell whether a problem that pydantic raises for is found in a call or in one inside it."""
    judge = Judge(contract)
    for name, call in calls(sample.source):
        model = contract.model(name)
        if model and any(isinstance(each, Missing | Invalid) for each in judge.model(model, call_fields(call))):
            return True
    return False


@pytest.mark.parametrize("name", MODELS)
def test_verdicts_equal_those_of_pydantic(name: str, scope: dict[str, Any]) -> None:
    samples = list(Sampler(CONTRACT, seed=len(name)).samples(name, ROUNDS))

    disagreements = [
        (sample.mutation, sample.source, truth)
        for sample in samples
        if (truth := pydantic_fails(sample, scope)) != doctor_fails(sample, CONTRACT)
    ]

    assert disagreements == []


@pytest.mark.parametrize("name", MODELS)
def test_unknown_fields_are_those_that_pydantic_drops(name: str, scope: dict[str, Any]) -> None:
    sampler = Sampler(CONTRACT, seed=len(name))
    judge, model = Judge(CONTRACT), CONTRACT.model(name)
    assert model is not None
    for sample in sampler.samples(name, 3):
        call = ast.parse(sample.source, mode="eval").body
        assert isinstance(call, ast.Call)
        if sample.mutation not in {"valid", "unknown"} or pydantic_fails(sample, scope):
            continue
        built = eval(sample.source, scope)  # noqa: S307 - written by the sampler
        kept = {*type(built).model_fields, *(built.model_extra or ())}
        found = {
            each.given.name
            for each in judge.model(model, call_fields(call))
            if isinstance(each, UnknownField) and each.fields.node is call
        }
        assert found == {each.arg for each in call.keywords} - kept


def test_mutations_make_calls_that_fail_and_calls_that_do_not(scope: dict[str, Any]) -> None:
    verdicts = [
        (sample.mutation, pydantic_fails(sample, scope))
        for name in MODELS[:40]
        for sample in Sampler(CONTRACT, seed=1).samples(name, 2)
    ]

    assert {("valid", False), ("unknown", False), ("drop", True), ("wrong", True), ("nested", True)} <= set(verdicts)
    assert ("valid", True) not in verdicts
