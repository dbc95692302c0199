"""The Python contracts against the openai-chatkit that is installed here, asked by importing it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from chatkit_doctor.contracts import python_contract, releases, resolve_release
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.contracts.sdk.models import PYDANTIC_ATTRIBUTES

ASKER = Path(__file__).parents[2] / "scripts" / "contracts_questions.py"
INVENTED_MODULES = ["chatkit.stores", "chatkit.models", "chatkit.helpers", "chatkit.store.Store", "openai_chatkit"]
INVENTED_NAMES = ["Event", "FilePart", "ClientToolCallOutputItem", "MemoryStore", "Stores", "__nothing__"]


@dataclass(frozen=True)
class Asked:
    """What was asked of the SDK, of which to import it takes seconds, and what it told, by kind."""

    questions: dict[str, list[Any]]
    told: dict[str, list[Any]]


@pytest.fixture(scope="module")
def installed() -> str:
    return version(CHATKIT)


@pytest.fixture(scope="module")
def asked(installed: str) -> Asked:
    contracts = [python_contract(release) for release in releases(CHATKIT)]
    modules = sorted({module for contract in contracts for module in contract.modules} | set(INVENTED_MODULES))
    names = {name for contract in contracts for module in contract.modules for name in contract.names(module)}
    contract = python_contract(installed)
    questions: dict[str, list[Any]] = {
        "modules": modules,
        "names": [[module, name] for module in modules for name in sorted(names | set(INVENTED_NAMES))],
        "classes": list(contract.classes),
        "models": list(contract.models),
    }
    done = subprocess.run(
        [sys.executable, str(ASKER)], input=json.dumps(questions), check=True, stdout=subprocess.PIPE, text=True
    )
    return Asked(questions, json.loads(done.stdout))


def test_the_installed_release_is_known(installed: str) -> None:
    assert resolve_release(CHATKIT, installed) == (installed, False)


def test_modules_and_names_are_those_of_a_real_import(installed: str, asked: Asked) -> None:
    modules, questions, told = asked.questions["modules"], asked.questions["names"], asked.told
    contract = python_contract(installed)

    assert dict(zip(modules, told["modules"], strict=True)) == {name: contract.has_module(name) for name in modules}
    disagreements = [
        (module, name)
        for (module, name), truth in zip(questions, told["names"], strict=True)
        if contract.has_name(module, name) != truth
    ]
    assert disagreements == []
    assert any(told["names"])
    assert not all(told["names"])


def test_abstract_methods_are_those_python_refuses_to_do_without(installed: str, asked: Asked) -> None:
    contract = python_contract(installed)
    told = asked.told["classes"]

    claimed = [contract.class_(name) for name in contract.classes]
    assert told == [sorted(found.abstract_methods) if found else None for found in claimed]
    assert max(map(len, told)) == 12


def test_required_fields_are_those_pydantic_misses(installed: str, asked: Asked) -> None:
    contract = python_contract(installed)
    told = asked.told["models"]

    claimed = [contract.model(name) for name in contract.models]
    assert told == [sorted(found.required) if found else None for found in claimed]
    assert ["content", "created_at", "id", "inference_options", "thread_id"] in told


def test_the_attributes_of_pydantic_are_known() -> None:
    own = {name for name in dir(BaseModel) if not name.startswith(("_", "model_"))}

    assert own == PYDANTIC_ATTRIBUTES
