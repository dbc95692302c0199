"""What runs an agent or asks a model, held against the packages that are installed."""

from __future__ import annotations

import ast
import inspect
from importlib.util import find_spec
from pathlib import Path

import pytest

from chatkit_doctor.contracts.sdk import agents
from chatkit_doctor.contracts.sdk.model_calls import memory_parameters, model_functions, model_methods
from tests.later import Later

agents_sdk = Later("agents")
openai = Later("openai")


@pytest.mark.parametrize("method", sorted(agents.runner().methods))
def test_every_method_of_the_runner_has_the_parameters(method: str) -> None:
    known = agents.runner()
    parameters = list(inspect.signature(getattr(agents_sdk.Runner, method)).parameters)

    assert parameters[:2] == [known.agent, known.input]
    assert {known.config, *known.memory} <= set(parameters)


def test_the_runner_has_no_other_way_to_run() -> None:
    assert {name for name in vars(agents_sdk.Runner) if name.startswith("run")} == agents.runner().methods
    assert agents.runner().streamed < agents.runner().methods


def test_the_configuration_of_a_run_has_the_parameters() -> None:
    parameters = list(inspect.signature(agents_sdk.RunConfig).parameters)

    assert parameters[: len(agents.config_models())] == list(agents.config_models())
    assert agents.input_filters() <= set(parameters)
    assert agents.agent_model() in inspect.signature(agents_sdk.Agent).parameters


def test_classes_are_known_by_the_names_that_people_import() -> None:
    assert agents.is_runner("agents.Runner")
    assert agents.is_runner("agents.run.Runner")
    assert agents.is_runner("openai_agents.Runner")
    assert agents.is_agent("chatkit.agents.Agent")
    assert not agents.is_runner("asyncio.Runner")
    assert not agents.is_agent("agents.AgentHooks")


@pytest.mark.parametrize(("written", "parameter"), model_methods("openai").items())
def test_a_client_has_every_method(written: str, parameter: str) -> None:
    found: object = openai.AsyncOpenAI(api_key="none")
    for part in written.split("."):
        found = getattr(found, part)

    assert callable(found)
    assert parameter in inspect.signature(found).parameters


def test_a_client_remembers_by_the_parameters() -> None:
    asked = inspect.signature(openai.AsyncOpenAI(api_key="none").responses.create).parameters

    assert memory_parameters() <= asked.keys()


@pytest.mark.parametrize(("dotted", "parameter"), model_functions().items())
def test_every_function_is_there(dotted: str, parameter: str) -> None:
    package, _, name = dotted.partition(".")
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    # Importing it asks the web for prices.
    tree = ast.parse((Path(spec.origin).parent / "main.py").read_text(encoding="utf-8"))
    (function,) = (
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
    )

    assert function.args.args[1].arg == parameter
