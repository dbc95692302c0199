from __future__ import annotations

import ast
import importlib.metadata
import inspect
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.contracts.published import newest
from chatkit_doctor.contracts.sdk import agents, agents_modules

CLASSES = [
    (name, entry)
    for kept_entry in kept("agents")["class"]
    for name in kept_entry["names"]
    if (entry := agents.chat_completions_class(name)) is not None
]
# Importing these needs the any-llm extra, which nothing else here wants: their source is read instead.
NEED_AN_EXTRA = "agents.extensions.models.any_llm"
IMPORTABLE = [(name, entry) for name, entry in CLASSES if not name.startswith(NEED_AN_EXTRA)]
READABLE = [(name, entry) for name, entry in CLASSES if name.startswith(NEED_AN_EXTRA)]


@pytest.mark.parametrize(("dotted", "entry"), IMPORTABLE)
def test_every_class_can_be_imported(dotted: str, entry: agents.ChatCompletionsClass) -> None:
    module, _, name = dotted.rpartition(".")
    found = getattr(import_module(module), name)

    assert inspect.isclass(found)
    if entry.keyword:
        assert entry.keyword in inspect.signature(found).parameters
    assert agents.chat_completions_class(dotted) is entry


@pytest.mark.parametrize(("dotted", "entry"), READABLE)
def test_every_class_behind_an_extra_is_in_its_module(dotted: str, entry: agents.ChatCompletionsClass) -> None:
    module, _, name = dotted.rpartition(".")
    spec = find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    classes = {node.name for node in tree.body if isinstance(node, ast.ClassDef)}
    imports = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}

    assert name in classes | imports
    assert entry.keyword in {argument.arg for argument in ast.walk(tree) if isinstance(argument, ast.arg)}


def test_the_placeholder_is_the_packages() -> None:
    fake_id = import_module("agents.models.fake_id")
    assert agents.placeholder_id() == fake_id.FAKE_RESPONSES_ID


def test_other_classes_are_not_listed() -> None:
    assert agents.chat_completions_class("agents.OpenAIResponsesModel") is None


def test_models_by_name() -> None:
    assert agents.is_chat_completions_model("litellm/gemini/gemini-2.0-flash")
    assert not agents.is_chat_completions_model("gpt-4.1")
    assert not agents.is_chat_completions_model("gemini/litellm/x")


def test_the_switch() -> None:
    assert agents.is_chat_completions_switch("agents.set_default_openai_api", "chat_completions")
    assert not agents.is_chat_completions_switch("agents.set_default_openai_api", "responses")
    assert not agents.is_chat_completions_switch("agents.set_default_openai_key", "chat_completions")
    assert hasattr(import_module("agents"), "set_default_openai_api")


@pytest.mark.parametrize(("version", "rejects"), [("0.18.3", False), ("0.19.0", True), ("0.24.0", True), (None, True)])
def test_assistant_history(version: str | None, *, rejects: bool) -> None:
    assert agents.rejects_assistant_history(version) == rejects


def test_top_level_names() -> None:
    assert {"Agent", "Runner", "set_default_openai_api"} <= agents.agents_names()
    assert "LitellmModel" not in agents.agents_names()
    assert not [name for name in agents.agents_names() if not hasattr(import_module("agents"), name)]


def test_every_name_of_every_installed_module_is_known() -> None:
    """A name that is there and that the data lacks would be reported though it works."""
    release = importlib.metadata.version("openai-agents")
    for module in ("agents", *(f"agents.{each}" for each in _MODULES)):
        there = {name for name in dir(import_module(module)) if not name.startswith("_")}
        assert not [name for name in there if not agents_modules.has_name(module, name, release)], module


@pytest.mark.parametrize("name", ["SQLiteSession", "Agent"])
def test_lazy_names_are_known_like_others(name: str) -> None:
    assert agents.home_of(name, newest("openai-agents")) == "agents"
    assert agents.home_of("LitellmModel", newest("openai-agents")) == "agents.extensions.models.litellm_model"


def test_what_came_later_is_not_in_releases_before() -> None:
    known = agents_modules.known("agents", "StopAtTools")
    assert known is not None
    assert not agents_modules.has_name("agents", "StopAtTools", "0.0.2")
    assert agents_modules.has_name("agents", "StopAtTools", known.first)
    assert agents_modules.known("agents", "Message") is None


_MODULES = (
    "items",
    "mcp",
    "memory",
    "result",
    "run",
    "tool",
    "models.openai_responses",
    "extensions.models.litellm_model",
)
