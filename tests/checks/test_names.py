"""CK101 and CK102 in the corners that their pages have no room for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatkit_doctor.checks.names.unknown_chatkit_module import unknown_chatkit_module
from chatkit_doctor.checks.names.unknown_chatkit_name import unknown_chatkit_name
from chatkit_doctor.finding import Applicability, Severity
from tests.checks.scanning import Folder
from tests.projects import judge, project_of


@pytest.fixture
def modules(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "CK101")


@pytest.fixture
def names(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "CK102")


# What CK101 finds


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("import chatkit.stores\n", "chatkit.stores"),
        ("import os, chatkit.models as m\n", "chatkit.models"),
        ("from chatkit.stores import *\n", "chatkit.stores"),
        ("def f():\n    from chatkit . stores import Store\n", "chatkit . stores"),
        ("class A:\n    from chatkit.models import Page\n", "chatkit.models"),
        ("from importlib import import_module as load\nload('chatkit.stores')\n", "chatkit.stores"),
        ("__import__('openai_chatkit')\n", "openai_chatkit"),
        ("import chatkit\nstore = chatkit.stores.Store\n", "chatkit.stores"),
        ("from chatkit.store.memory import MemoryStore\n", "chatkit.store.memory"),
        ("import chatkit.store.Store\n", "chatkit.store.Store"),
        ("from openai_chatkit.stores import Store\n", "openai_chatkit.stores"),
        ("from chatkit import (\n    models as m,\n    server,\n)\n", "models"),
        ("try:\n    from chatkit.stores import Store\nexcept Exception as error:\n    raise SystemExit from error\n",
         "chatkit.stores"),
        ("try:\n    from chatkit.stores import Store, Page\nexcept ImportError:\n    from chatkit.store import Store\n",
         "chatkit.stores"),
        ("try:\n    from chatkit.stores import Store\nexcept ImportError:\n    from chatkit.models import Store\n",
         "chatkit.stores"),
    ],
)  # fmt: skip
def test_module_is_found(modules: Folder, text: str, span: str) -> None:
    assert span in modules.spans(text)


@pytest.mark.parametrize(
    "text",
    [
        "from .chatkit.stores import Store\n",
        "from . import stores\n",
        "import chatkit, chatkit.store\nchatkit.store.Store\n",
        "import_module('chatkit.stores')\n",
        "from importlib import import_module\nimport_module('.stores', 'chatkit')\n",
        "stores = object()\nstores.models\n",
        "try:\n    import chatkit.stores as s\nexcept ImportError:\n    import chatkit.store as s\n",
        "try:\n    from chatkit.stores import *\nexcept ImportError:\n    from chatkit.store import Store\n",
        ("try:\n    from chatkit.stores import Store\nexcept (ValueError, ImportError):\n"
         "    from fallback import Store\n"),
    ],
)  # fmt: skip
def test_module_stays_quiet(modules: Folder, text: str) -> None:
    assert modules.spans(text) == []


def test_module_that_came_later_names_the_releases(modules: Folder) -> None:
    text = "from chatkit.icons import IconName\n"
    (finding,) = modules.findings(text, target="0.0.2")
    assert finding.message.startswith("the module 'chatkit.icons' appeared in ")
    assert finding.message.endswith(", and --target has 0.0.2")
    assert finding.fix is None
    assert modules.findings(text, target="1.6.5") == []
    guarded = f"try:\n    {text}except ImportError:\n    IconName = str\n"
    assert modules.findings(guarded, target="0.0.2") == []


def test_module_of_a_release_newer_than_the_data_is_a_warning(modules: Folder) -> None:
    (finding,) = modules.findings("import chatkit.voice\n", target="99.0.0")
    assert finding.severity is Severity.WARNING
    assert "newest release known here" in finding.message
    (known,) = modules.findings("import chatkit.stores\n", target="99.0.0")
    assert known.severity is None


def test_rows_are_those_of_the_error_reference(modules: Folder) -> None:
    found = modules.findings("import chatkit.models\nimport chatkit.stores\n")
    assert [finding.row for finding in found] == [2, 1]


# What the fixes of CK101 make of it


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import openai_chatkit.server\nopenai_chatkit.server.ChatKitServer\n",
         "import chatkit.server\nchatkit.server.ChatKitServer\n"),
        ("import openai_chatkit\nx: openai_chatkit.types.Page\ny = openai_chatkit.ChatKitServer\n",
         "import chatkit.server\nimport chatkit.types\nx: chatkit.types.Page\ny = chatkit.server.ChatKitServer\n"),
        ("import openai_chatkit as ck\ny = ck.ChatKitServer\nz = ck.types.Page\n",
         "from chatkit.server import ChatKitServer\nimport chatkit as ck\ny = ChatKitServer\nz = ck.types.Page\n"),
        ("import chatkit\nx = chatkit.stores.Store\n",
         "import chatkit\nimport chatkit.store\nx = chatkit.store.Store\n"),
        ("from chatkit import stores, agents\nx = stores.Store, agents\n",
         "from chatkit import store, agents\nx = store.Store, agents\n"),
        ("from chatkit import stores\nstore = stores.Store()\n",
         "from chatkit import store as stores\nstore = stores.Store()\n"),
        ("from chatkit import stores as s\nx = s.Store()\n", "from chatkit import store as s\nx = s.Store()\n"),
        ("from openai_chatkit import stores\nx = stores.Store()\n", "from chatkit import store\nx = store.Store()\n"),
        ("x = 1; from chatkit.stores import Store; y = 2\n", "x = 1; from chatkit.store import Store; y = 2\n"),
        ("import importlib\nx = importlib.import_module('chatkit.stores')\n",
         "import importlib\nx = importlib.import_module('chatkit.store')\n"),
        ("from chatkit.models import ThreadMetadata, \\\n    Store\n",
         "from chatkit.types import ThreadMetadata\nfrom chatkit.store import Store\n"),
        ("from chatkit.models import (\n    # threads\n    ThreadMetadata,  # one\n    Store,\n)\n",
         ("from chatkit.types import (\n    # threads\n    ThreadMetadata,  # one\n)\n"
          "from chatkit.store import Store\n")),
        ("from chatkit.models import Store\r\n", "from chatkit.store import Store\r\n"),
    ],
)  # fmt: skip
def test_module_fix(modules: Folder, text: str, expected: str) -> None:
    assert modules.fixed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "from chatkit.llm import run\n",
        "from chatkit.llm import *\n",
        "import chatkit.llm\n",
        "from chatkit.utils import something_of_ours\n",
        "import openai_chatkit as ck\nfrom acme import ChatKitServer\nck.ChatKitServer\n",
    ],
)
def test_module_fix_is_not_offered_where_nothing_is_certain(modules: Folder, text: str) -> None:
    (finding,) = modules.findings(text)
    assert finding.fix is None
    assert modules.fixed(text) is None


def test_a_module_that_another_file_imports_from_here_keeps_its_name(modules: Folder) -> None:
    files = {
        "app/kit.py": "from chatkit import stores\nx = stores.Store\n",
        "main.py": "from app.kit import stores\n",
    }
    (finding,) = modules.findings(files)
    assert finding.fix is not None
    assert [each.text for each in finding.fix.edits] == ["from chatkit import store as stores"]


# What CK102 finds


def test_names_through_a_wrong_module_are_those_that_no_module_has(names: Folder) -> None:
    text = "from chatkit.models import Event, FilePart, Store, ThreadMetadata\n"
    found = names.findings(text)
    assert [finding.at.text for finding in found] == ["Event", "FilePart"]
    assert [finding.row for finding in found] == [3, 5]
    assert found[1].message == "no release of openai-chatkit has 'FilePart' in chatkit.types"


def test_names_of_an_invented_module_are_not_reported_again(names: Folder) -> None:
    assert names.spans("from chatkit.llm import FilePart, run\n") == []


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("from chatkit.types import FilePart\nx = FilePart, FilePart\n", ["FilePart"]),
        ("from chatkit import types\nx = types.FilePart, types.FilePart\n", ["types.FilePart"]),
        ("import chatkit.types\nx = chatkit.types.FilePart\n", ["chatkit.types.FilePart"]),
        ("import chatkit.stores as s\nx = s.FilePart, s.Store\n", ["s.FilePart"]),
        ("import chatkit\nx = chatkit.ChatKitServer, chatkit.store\n", ["chatkit.ChatKitServer"]),
        ("from chatkit.types import FilePart as P\ndef f(x: P): ...\n", ["FilePart"]),
        ("from chatkit import voices\n", ["voices"]),
        ("def f():\n    from chatkit.server import Event\n", ["Event"]),
        ("try:\n    from chatkit.server import Event\nexcept ImportError:\n    Event = None\n", ["Event"]),
        ("try:\n    import chatkit.types as t\n    t.FilePart\nexcept Exception:\n    pass\n", ["t.FilePart"]),
        ("from chatkit.server import *\n", []),
        ("from chatkit.server import ThreadMetadata, AsyncIterator\n", []),
        ("import chatkit.types as types\nimport os\ntypes = os\ntypes.path\n", []),
        ("from chatkit import types\nx = getattr(types, 'FilePart', None)\n", []),
        ("from chatkit import types\ntry:\n    x = types.FilePart\nexcept AttributeError:\n    x = None\n", []),
        ("from chatkit import types\ndel types.FilePart\nx = types.FilePart\n", []),
    ],
)
def test_name_is_found_once(names: Folder, text: str, spans: list[str]) -> None:
    assert names.spans(text) == spans


def test_name_that_came_later_says_when_and_what_the_lock_file_has(names: Folder, tmp_path: Path) -> None:
    files = {
        "app.py": "from chatkit.types import GeneratedImageItem\n",
        "requirements.txt": "openai-chatkit==1.4.0\n",
    }
    (finding,) = names.findings(files)
    assert finding.message == "'GeneratedImageItem' in chatkit.types appeared in 1.4.1, and requirements.txt has 1.4.0"
    assert finding.fix is None
    assert tmp_path.joinpath("app.py").exists()


def test_name_of_a_release_newer_than_the_data_is_a_warning(names: Folder) -> None:
    text = "from chatkit.types import HologramItem, FilePart\n"
    found = names.findings(text, target="99.0.0")
    assert [finding.severity for finding in found] == [Severity.WARNING, None]


# What the fixes of CK102 make of it


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from chatkit.server import Event as E\ndef f() -> E: ...\n",
         "from chatkit.types import ThreadStreamEvent as E\ndef f() -> E: ...\n"),
        ("from chatkit.types import FilePart, ThreadMetadata\n", "from chatkit.types import ThreadMetadata\n"),
        ("from chatkit.types import FilePart\ndef f() -> FilePart: ...\n",
         "from typing import Any\n\ndef f() -> Any: ...\n"),
        ("import os\nfrom chatkit.types import FilePart\ndef f(x: list[FilePart]): ...\n",
         "import os\nfrom typing import Any\ndef f(x: list[Any]): ...\n"),
        ("import chatkit\nclass S(chatkit.ChatKitServer[dict]): ...\n",
         "import chatkit\nfrom chatkit.server import ChatKitServer\nclass S(ChatKitServer[dict]): ...\n"),
        ("from chatkit import types\ndef f() -> types.Event: ...\n",
         "from chatkit import types\nfrom chatkit.types import ThreadStreamEvent\ndef f() -> ThreadStreamEvent: ...\n"),
        (("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from chatkit.types import FilePart\n"
          "def f(x: 'FilePart | int'): ...\n"),
         "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    pass\ndef f(x: 'int'): ...\n"),
        ("from chatkit.types import FilePart, ImagePart\ndef f(x: FilePart | ImagePart): ...\n",
         "from typing import Any\n\ndef f(x: Any): ...\n"),
        ("from chatkit.types import FilePart\r\nx: FilePart | int\r\n", "x: int\r\n"),
        ("def f():\n    from chatkit.server import Event\n    x: Event\n",
         "def f():\n    from chatkit.types import ThreadStreamEvent\n    x: ThreadStreamEvent\n"),
    ],
)  # fmt: skip
def test_name_fix(names: Folder, text: str, expected: str) -> None:
    assert names.fixed(text) == expected


@pytest.mark.parametrize(
    ("use", "applicability"),
    [
        ("def f(x: FilePart): ...", Applicability.SAFE),
        ("x: 'list[FilePart]' = []", Applicability.SAFE),
        ("async def f(*args: FilePart, **more: FilePart) -> list[FilePart]: ...", Applicability.SAFE),
        ("Part = str | FilePart", Applicability.UNSAFE),
        ("from typing import cast\nx = cast(FilePart, None)", Applicability.UNSAFE),
        ("class Box(Page[FilePart]): ...", Applicability.UNSAFE),
        ("x = list[FilePart]()", Applicability.UNSAFE),
        ("x = FilePart()", None),
        ("x = isinstance(1, FilePart)", None),
        ("x = isinstance(1, int | FilePart)", None),
        ("class Mine(FilePart): ...", None),
        ("handlers = {FilePart: 1}", None),
        ("x = handlers[FilePart]", None),
        ("__all__ = ['FilePart']", None),
        ("def f(x: Annotated[str, FilePart()]): ...", None),
        ("class Any: ...\ndef f(x: FilePart): ...", None),
    ],
)
def test_name_fix_is_as_safe_as_the_uses(names: Folder, use: str, applicability: Applicability | None) -> None:
    (finding,) = names.findings(f"from chatkit.types import FilePart\n{use}\n")
    assert (finding.fix.applicability if finding.fix else None) == applicability


def test_name_that_another_file_imports_from_here_stays(names: Folder) -> None:
    files = {
        "app/__init__.py": "from chatkit.server import Event\n",
        "main.py": "from app import Event\nx: Event\n",
    }
    (finding,) = names.findings(files)
    assert finding.fix is None


@pytest.mark.parametrize(
    "taken",
    ["def make(ChatKitServer):\n    return {}", "class ChatKitServer: ...\nx = {}", "def ChatKitServer(): ...\nx = {}"],
)
def test_a_name_that_means_something_else_in_the_file_is_not_written(names: Folder, taken: str) -> None:
    (finding,) = names.findings("from chatkit import types\n" + taken.format("types.ChatKitServer") + "\n")
    assert finding.fix is None


def test_comment_on_a_union_s_member_is_not_lost(names: Folder) -> None:
    text = "from chatkit.types import FilePart\ndef f(\n    x: int  # whole\n    | FilePart\n    | None,\n): ...\n"
    assert names.fixed(text) is None


def test_one_name_among_many_moves_with_the_others_of_its_statement(names: Folder) -> None:
    many = ["ChatKitServer", "Store", "AgentContext", "ThreadMetadata", "StreamingResult", "Page", "NotFoundError"]
    fixed = names.fixed(f"from chatkit import {', '.join(many)}\n")
    assert fixed is not None
    assert "from chatkit import" not in fixed
    assert all(name in fixed for name in many)


def test_an_own_folder_of_the_name_hides_only_what_is_in_it(tmp_path: Path) -> None:
    """`src/chatkit/server.py` that asks for `chatkit.types`, which the folder lacks, means the SDK."""
    server = "from chatkit.types import MessageContentPart, ThreadMetadata\nfrom chatkit.models import Row\n"
    files = {"src/chatkit/__init__.py": "", "src/chatkit/server.py": server, "src/chatkit/models.py": "Row = dict\n"}

    found = list(judge(unknown_chatkit_name, project_of(tmp_path, files)))

    assert [finding.at.text for finding in found] == ["MessageContentPart"]
    assert list(judge(unknown_chatkit_module, project_of(tmp_path, files))) == []


# What is said to do about a name


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("from chatkit.agents import Runner", "import Runner from agents, the module of openai-agents"),
        ("from chatkit.types import TextContent", "use UserMessageTextContent for what a user says, "),
        ("from chatkit.types import AssistantMessag", "use AssistantMessageItem, "),
        ("from chatkit.server import Server", "use ChatKitServer, the nearest to it; "),
        ("from chatkit.types import Zzz", "do without it, or define it yourself; "),
    ],
)
def test_help_names_what_can_be_written_in_its_place(names: Folder, written: str, told: str) -> None:
    (finding,) = names.findings(f"{written}\n")

    assert finding.help.startswith(told)
    assert "leave it out" not in finding.help


SPREAD = {
    "names of several modules": (
        "from openai_chatkit import ChatKitServer, Store\n",
        "import from chatkit.server and chatkit.store",
    ),
    "a module behind the package": (
        "import openai_chatkit\nserver = openai_chatkit.server.ChatKitServer\n",
        "import from chatkit.server",
    ),
    "names behind the package": (
        "import openai_chatkit\npage, store = openai_chatkit.Page, openai_chatkit.Store\n",
        "import from chatkit.store and chatkit.types",
    ),
    "one module": ("import chatkit.stores\nstore = chatkit.stores.Store\n", "import from chatkit.store"),
    "nothing taken": ("import openai_chatkit\n", "import from chatkit"),
}


@pytest.mark.parametrize(("text", "title"), SPREAD.values(), ids=SPREAD)
def test_the_title_and_the_help_name_what_the_fix_imports_from(modules: Folder, text: str, title: str) -> None:
    (finding,) = modules.findings(text)
    assert finding.fix is not None
    assert finding.fix.title == title == finding.help
    fixed = modules.fixed(text) or ""
    written = set(re.findall(r"(?:from|import) (chatkit[\w.]*)", fixed))
    assert written == set(re.findall(r"chatkit[\w.]*", title))
