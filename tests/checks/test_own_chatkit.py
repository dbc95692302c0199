"""An own `chatkit` package or module hides the SDK from every rule alike: import by import, by what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_files

# A mistake for each rule that reads Python.
MISTAKES = """
from agents import Agent, Runner
from agents.extensions.models.litellm_model import LitellmModel
from chatkit.agents import stream_agent_response
from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.stores import NotFoundError
from chatkit.types import FilePart, Page, ThreadItem, ThreadItemDoneEvent, UserMessageTextContent
from chatkit.widgets import Text

agent = Agent(name="A", model=LitellmModel(model="gemini/x"))
word = Text(value="x")
page = Page(items=[])
done = ThreadItemDoneEvent()
text = UserMessageTextContent(type="text", text="x")
item = ThreadItem(id="x")


class NotesStore(Store[dict]):
    def load_thread(self, thread_id, ctx) -> dict: ...


class Server(ChatKitServer[dict]):
    async def respond(self, thread, message, context):
        result = Runner.run_streamed(agent, message.content[0].text)
        async for event in stream_agent_response(context, result):
            yield event


server = Server(NotesStore())
"""
ALL = {
    "CK101",
    "CK102",
    "CK103",
    "CK111",
    "CK112",
    "CK113",
    "CK114",
    "CK201",
    "CK202",
    "CK203",
    "CK212",
    "CK301",
    "CK302",
}
MODULES = ("agents", "server", "store", "stores", "types", "widgets")
OWN = "Anything = dict\n"


def codes(tmp_path: Path, files: dict[str, str], path: str = "main.py") -> set[str]:
    write_files(tmp_path, files)
    result = run([tmp_path], Options(isolated=True, select=("CK1", "CK2", "CK3")))
    assert not result.internal_errors
    return {finding.code for finding in result.findings if finding.at.path == tmp_path / path}


NOT_THERE = {
    "nothing of the name": {},
    "a package of which none is asked": {"chatkit/__init__.py": "", "chatkit/config.py": OWN},
    "a folder of which none is asked": {"chatkit/config.py": OWN},
    "a module, which has no modules in it": {"chatkit.py": OWN},
    "a package below another": {"app/__init__.py": "", "app/chatkit/__init__.py": "", "app/chatkit/types.py": OWN},
}


@pytest.mark.parametrize("own", NOT_THERE.values(), ids=NOT_THERE)
def test_every_rule_speaks_where_no_module_asked_for_is_there(own: dict[str, str], tmp_path: Path) -> None:
    assert codes(tmp_path, {"main.py": MISTAKES, **own}) == ALL


def test_every_rule_speaks_in_a_file_of_the_own_package(tmp_path: Path) -> None:
    files = {"src/chatkit/__init__.py": "", "src/chatkit/config.py": OWN, "src/chatkit/main.py": MISTAKES}

    assert codes(tmp_path, files, "src/chatkit/main.py") == ALL


@pytest.mark.parametrize("init", [{}, {"chatkit/__init__.py": ""}], ids=["a folder", "a package"])
def test_no_rule_speaks_where_every_module_asked_for_is_there(init: dict[str, str], tmp_path: Path) -> None:
    own = {f"chatkit/{name}.py": OWN for name in MODULES}

    assert codes(tmp_path, {"main.py": MISTAKES, **init, **own}) == set()


HIDDEN = {
    "widgets": {"CK103"},
    "agents": {"CK302"},
    "server": {"CK301"},
    "store": {"CK201", "CK202", "CK203", "CK212"},
    "stores": {"CK101"},
    "types": {"CK102", "CK111", "CK112", "CK113", "CK114"},
}


@pytest.mark.parametrize("name", MODULES)
def test_a_module_of_the_own_package_hides_the_one_of_its_name_alone(name: str, tmp_path: Path) -> None:
    files = {"main.py": MISTAKES, "chatkit/__init__.py": "", f"chatkit/{name}.py": OWN}

    assert codes(tmp_path, files) == ALL - HIDDEN[name]


def test_what_the_own_package_imports_in_its_own_file_is_its_own(tmp_path: Path) -> None:
    files = {
        "main.py": "from chatkit import store, types\n\nstore.Thing()\ntypes.FilePart()\n",
        "chatkit/__init__.py": "store = types = object()\n",
    }

    assert codes(tmp_path, files) == set()


def test_a_name_that_the_own_package_lacks_is_not_asked_of_the_sdk(tmp_path: Path) -> None:
    files = {"main.py": "from chatkit import ChatKitServer\n", "chatkit/__init__.py": "from .server import *\n"}

    assert codes(tmp_path, files) == set()
