"""What fixes insert into Python collides with nothing: the mended file runs on the real packages."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.fix_helper import fixed_files

HEAD = """\
from agents import Agent, Runner
from agents.extensions.models.litellm_model import LitellmModel
from chatkit.agents import AgentContext, simple_to_agent_input, stream_agent_response
from chatkit.server import ChatKitServer

assistant = Agent(name="Assistant", model=LitellmModel(model="gemini/gemini-3.5-flash-lite"))
"""
SERVER = """

class {name}(ChatKitServer[dict]):
    async def respond({this}, thread, item, context):
        agent_context = AgentContext(thread=thread, store={this}.store, request_context=context)
        result = Runner.run_streamed(assistant, await simple_to_agent_input(item), context=agent_context)
        async for event in stream_agent_response(agent_context, result):
            yield event
"""

TAKEN = {
    "nothing": "",
    "the generator's name": "\n\ndef with_unique_ids(rows):\n    return {row.id for row in rows}\n",
    "the converter's name": "\n\nclass HistoryConverter:\n    pass\n",
    "an event's name": "\n\nclass ThreadItemDoneEvent:\n    pass\n",
    "a type's name": "\n\nclass ThreadItemConverter:\n    pass\n",
    "the types from elsewhere": "\nAny = AsyncIterator = object\n",
    "all of chatkit.types": "\nfrom chatkit.types import *\n",
    "types under other names": "\nfrom chatkit.types import ThreadItemDoneEvent as Done, AssistantMessageItem as A\n",
    "types for the type checker": (
        "\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from chatkit.types import ThreadStreamEvent\n"
    ),
    "locals": "\n\ndef page(history):\n    ThreadStreamEvent = AssistantMessageItem = None\n    return history\n",
}


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"mended_{abs(hash(path))}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # As an import would, for what looks a class's module up.
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules[spec.name]
    return module


@pytest.mark.parametrize("this", ["self", "this"])
@pytest.mark.parametrize("taken", TAKEN.values(), ids=TAKEN)
def test_what_is_written_beside_taken_names_runs(tmp_path: Path, taken: str, this: str) -> None:
    text = HEAD + taken + SERVER.format(name="Server", this=this)

    fixed = fixed_files(tmp_path, {"server.py": text}, ["CK301", "CK302"])["server.py"]

    module = loaded(tmp_path / "server.py")
    before = {name for name in ("with_unique_ids", "HistoryConverter") if f" {name}" in taken}
    for name in before:
        assert fixed.count(f"def {name}(" if name.islower() else f"class {name}:") == 1
    assert f"await {this}.store.load_thread_items(thread.id" in fixed
    assert module.Server.respond.__module__ == module.__name__
    generators = [name for name in vars(module) if name.startswith("with_unique_ids") and name not in before]
    assert len(generators) == 1


def test_two_servers_of_a_file_share_what_is_written(tmp_path: Path) -> None:
    text = HEAD + SERVER.format(name="One", this="self") + SERVER.format(name="Two", this="self")

    fixed = fixed_files(tmp_path, {"server.py": text}, ["CK301", "CK302"])["server.py"]

    loaded(tmp_path / "server.py")
    assert fixed.count("async def with_unique_ids(") == fixed.count("class HistoryConverter(") == 1
    assert fixed.count("with_unique_ids(stream_agent_response") == 2


def test_an_import_that_another_file_takes_stays(tmp_path: Path) -> None:
    text = HEAD + SERVER.format(name="Server", this="self")
    files = {"server.py": text, "other.py": "from server import simple_to_agent_input\n"}

    fixed = fixed_files(tmp_path, files, ["CK301", "CK302"])["server.py"]

    assert loaded(tmp_path / "server.py").simple_to_agent_input
    assert "simple_to_agent_input" in fixed


def test_comments_stay_with_what_they_are_about(tmp_path: Path) -> None:
    comment = "# The one server of this app.\n# It has no state of its own.\n"
    text = HEAD + "\n\n" + comment + SERVER.format(name="Server", this="self").lstrip()

    fixed = fixed_files(tmp_path, {"server.py": text}, ["CK301", "CK302"])["server.py"]

    assert f"{comment}class Server(" in fixed
