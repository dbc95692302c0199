"""CK202 and CK203: the calls are those of the installed SDK, and the verdicts those of Python's own binding."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.contracts import python_contract
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.contracts.sdk.server_calls import ServerCall, called_classes, server_calls
from chatkit_doctor.finding import Severity
from tests.checks.scanning import Folder
from tests.sdk_sources import tree_of

RELEASE = version(CHATKIT)
CONTRACT = python_contract(RELEASE)
# Nothing of the SDK calls these on what a project wrote: the project does, or the class itself by `super()`.
NOT_CALLED = {"process", "to_agent_input", "generate_attachment_id"}
# What each parameter may be besides itself: called otherwise, with a default, left out.
CHANGES = ("{0}", "other_{0}", "{0}=None", "")
EXTRAS = ("", ", *args", ", **kwargs", ", extra", ", extra=None", ", *, extra", ", *, extra=None")


@pytest.fixture
def signatures(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "CK202")


@pytest.fixture
def colours(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "CK203")


@cache
def calls_in_sdk() -> dict[str, set[tuple[int, frozenset[str]]]]:
    """Return how the installed SDK calls methods of objects: arguments by position and names, by method."""
    found: dict[str, set[tuple[int, frozenset[str]]]] = {}
    for name in ("chatkit.server", "chatkit.agents", "chatkit.store"):
        for call in ast.walk(tree_of(name)):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                keywords = frozenset(each.arg for each in call.keywords if each.arg)
                found.setdefault(call.func.attr, set()).add((len(call.args), keywords))
    return found


@pytest.mark.parametrize("owner", called_classes())
def test_the_calls_are_those_of_the_installed_release(owner: str) -> None:
    class_ = CONTRACT.class_(owner)
    assert class_ is not None
    declared = {name for name in class_.methods if not name.startswith("_")} - NOT_CALLED
    known = {
        name: {(each.positional, frozenset(each.keywords)) for each in calls}
        for name, calls in server_calls(owner, RELEASE).items()
    }

    told = {name: calls for name, calls in calls_in_sdk().items() if name in declared}

    assert known == told


def function_with(parameters: str) -> Callable[..., None]:
    scope: dict[str, Any] = {}
    exec(f"def f({parameters}): ...", scope)  # noqa: S102 - written by this test
    function: Callable[..., None] = scope["f"]
    return function


def binds(function: Callable[..., None], call: ServerCall) -> bool:
    arguments = [object() for _ in range(call.positional + 1)]
    try:
        inspect.signature(function).bind(*arguments, **dict.fromkeys(call.keywords))
    except TypeError:
        return False
    return True


def variants(names: list[str]) -> list[str]:
    """Return parameter lists: each parameter of the SDK's changed in each way, with each extra behind them."""
    lists = []
    for index, change, extra in itertools.product(range(len(names)), CHANGES, EXTRAS):
        changed = [change.format(name) if at == index else name for at, name in enumerate(names)]
        lists.append(", ".join(["self", *filter(None, changed)]) + extra)
    return [each for each in dict.fromkeys(lists) if parses(each)]


def parses(parameters: str) -> bool:
    try:
        ast.parse(f"def f({parameters}): ...")
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("method", sorted(server_calls("chatkit.store.Store", RELEASE)))
def test_verdicts_equal_those_of_a_real_call(signatures: Folder, method: str) -> None:
    class_ = CONTRACT.class_("chatkit.store.Store")
    assert class_ is not None
    calls = server_calls("chatkit.store.Store", RELEASE)[method]
    lists = variants([each.name for each in class_.methods[method].params[1:]])
    source = "from chatkit.store import Store\n" + "\n".join(
        f"class S{number}(Store):\n    def {method}({parameters}): ...\n" for number, parameters in enumerate(lists)
    )
    truth = {number for number, each in enumerate(lists) if not all(binds(function_with(each), call) for call in calls)}

    # A call that binds may still give a parameter another one's argument.
    found = [each for each in signatures.findings(source) if " where ChatKit passes " not in each.message]

    assert {int(each.message.partition(".")[0][1:]) for each in found} == truth
    assert 0 < len(truth) < len(lists)


@pytest.mark.parametrize(
    "uses",
    [
        "return await self.load_thread(thread_id, ctx=ctx)",
        "def inner(context):\n        return ctx\n    return inner(1)",
    ],
)
def test_a_parameter_is_not_renamed_away_from_its_uses(signatures: Folder, uses: str) -> None:
    (finding,) = signatures.findings(store(f"async def load_thread(self, thread_id, ctx):\n    {uses}"))

    assert finding.fix is None


def store(*methods: str) -> str:
    body = "\n".join(f"    {line}" for method in methods for line in method.splitlines())
    return f"from chatkit.store import Store\n\n\nclass NotesStore(Store):\n{body}\n"


@pytest.mark.parametrize(
    ("method", "message"),
    [
        (
            "async def load_item(self, item_id, thread_id, context): ...",
            "NotesStore.load_item() takes 'item_id' where ChatKit passes 'thread_id'",
        ),
        (
            "async def save_item(self, thread_id, item, extra, context): ...",
            "NotesStore.save_item() requires 'extra', which ChatKit does not pass",
        ),
        (
            "async def delete_attachment(self, thread_id, attachment_id, context): ...",
            "NotesStore.delete_attachment() requires 'thread_id', which ChatKit does not pass",
        ),
        (
            "async def load_attachment(self, attachment_id): ...",
            "NotesStore.load_attachment() takes 1 of the 2 arguments that ChatKit passes by position",
        ),
        (
            "async def delete_thread(self, context): ...",
            "NotesStore.delete_thread() is passed 'context' twice, by position and by name",
        ),
    ],
)
def test_messages_name_what_is_wrong(signatures: Folder, method: str, message: str) -> None:
    assert [each.message for each in signatures.findings(store(method))] == [message]


def test_a_method_of_a_mixin_is_reported_once(signatures: Folder) -> None:
    found = signatures.findings(
        {
            "mixin.py": "class Threads:\n    async def load_thread(self, key): ...\n",
            "store.py": (
                "from chatkit.store import Store\nfrom mixin import Threads\n"
                "class A(Threads, Store): ...\nclass B(Threads, Store): ...\n"
            ),
        }
    )

    assert [each.at.path.name for each in found] == ["mixin.py"]


def test_a_release_newer_than_the_data_gives_a_warning(signatures: Folder) -> None:
    source = store("async def load_thread(self, thread_id): ...")

    assert [each.severity for each in signatures.findings(source, target="99.0")] == [Severity.WARNING]


def test_a_static_method_has_no_self(signatures: Folder) -> None:
    source = store("@staticmethod\nasync def load_thread(thread_id, context): ...")

    assert signatures.findings(source) == []


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ("async def load_thread(self, key): ...", "async def load_thread(self, key, context): ..."),
        (
            "async def save_item(self, tid, item, ctx): return ctx, tid",
            "async def save_item(self, tid, item, context): return context, tid",
        ),
        (
            "async def load_item(self, item_id, thread_id, context): ...",
            "async def load_item(self, thread_id, item_id, context): ...",
        ),
        (
            "async def load_threads(self, limit: int, order: str, context: dict): ...",
            "async def load_threads(self, limit: int, after: str | None, order: str, context: dict): ...",
        ),
        ("def generate_thread_id(self): ...", "def generate_thread_id(self, context): ..."),
        (
            "async def save_item(\n        self,\n        item,\n        context=None\n    ): ...",
            "async def save_item(\n        self,\n        thread_id,\n        item,\n        context=None\n    ): ...",
        ),
        (
            "async def load_item(\n        self,\n        thread_id,\n    ): ...",
            "async def load_item(\n        self,\n        thread_id,\n        item_id,\n        context,\n    ): ...",
        ),
        (
            "async def save_item(\n        self, item, context\n    ): ...",
            "async def save_item(\n        self, thread_id, item, context\n    ): ...",
        ),
    ],
)
def test_the_fix_gives_the_parameters_of_the_sdk(signatures: Folder, written: str, fixed: str) -> None:
    assert signatures.fixed(store(written)) == store(fixed)


@pytest.mark.parametrize(
    ("imported", "parameter"),
    [
        ("from chatkit.types import UserMessageItem", "input_user_message: UserMessageItem | None"),
        ("from mine import UserMessageItem", "input_user_message"),
        ("import chatkit.types", "input_user_message"),
    ],
)
def test_a_parameter_that_is_added_has_a_type_that_the_file_knows(
    signatures: Folder, imported: str, parameter: str
) -> None:
    server = (
        f"from chatkit.server import ChatKitServer\n{imported}\n\nclass S(ChatKitServer[dict]):\n"
        "    def respond(self, thread: object{}, context: dict): ...\n"
    )

    assert signatures.fixed(server.format("")) == server.format(f", {parameter}")


def test_a_parameter_that_is_added_has_the_type_of_its_namesake(signatures: Folder) -> None:
    other = "async def save_thread(self, thread, context: User): ..."

    assert signatures.fixed(store("def generate_thread_id(self) -> str: ...", other)) == store(
        "def generate_thread_id(self, context: User) -> str: ...", other
    )


def test_a_parameter_is_marked_by_its_name(signatures: Folder) -> None:
    source = store("async def load_thread(self, thread_id: str, context: dict, user: str): ...")

    assert signatures.spans(source) == ["user"]


@pytest.mark.parametrize(
    "method",
    [
        "async def save_item(self, thread_id, item, extra, context): ...",
        "async def save_item(self, thread_id,  # the key\n    item): ...",
        "async def save_thread(self, thread, ctx):\n    context = ctx",
        "async def load_thread(self, thread_id, *, user): ...",
        "async def delete_attachment(self, thread_id, attachment_id, context): ...",
        "async def load_item(self, key, context): ...",
        "async def load_thread_items(self, rows, limit, order, context): ...",
    ],
)
def test_no_fix_where_the_place_is_unclear(signatures: Folder, method: str) -> None:
    (found,) = signatures.findings(store(method))
    assert found.fix is None


@pytest.mark.parametrize(
    ("body", "is_found"),
    [
        ("pass", True),
        ("return", True),
        ("return {}", True),
        ("return [x for x in self.rows]", True),
        ("if self.rows:\n    raise KeyError\nself.rows = {}", True),
        ("raise NotImplementedError", False),
        ("return self.inner.load_thread(thread_id, context)", False),
        ("return self.rows[thread_id]", True),
        ("return self.rows", True),
        ("return thread_id", True),
        ("rows = sorted(self.rows)\nreturn rows", True),
        ("return {}.get(thread_id)", True),
        ("return self.tasks[thread_id]", False),
        ("return self.inner(thread_id)", False),
        ("if thread_id:\n    raise KeyError\nelse:\n    raise ValueError", False),
        ("return asyncio.sleep(0)", False),
    ],
)
def test_a_plain_function_is_found_where_it_surely_returns_a_value(colours: Folder, body: str, is_found: bool) -> None:
    lines = body.replace("\n", "\n    ")

    found = colours.findings(store(f"def load_thread(self, thread_id, context):\n    {lines}"))

    assert bool(found) == is_found


@pytest.mark.parametrize(
    ("annotation", "is_found"),
    [
        ("ThreadMetadata", True),
        ("'ThreadMetadata'", True),
        ("None", True),
        ("Awaitable[ThreadMetadata]", False),
        ("'asyncio.Future[ThreadMetadata]'", False),
        ("Any", False),
        ("object", False),
    ],
)
def test_a_return_annotation_tells_what_an_unknown_call_gives(colours: Folder, annotation: str, is_found: bool) -> None:
    source = store(f"def load_thread(self, thread_id, context) -> {annotation}:\n    return self.db.thread(thread_id)")

    assert bool(colours.findings(source)) == is_found


def test_an_annotation_that_forgets_the_await_is_not_believed(colours: Folder) -> None:
    source = store(
        "def load_thread(self, thread_id, context) -> ThreadMetadata:\n    return self.find(thread_id)",
        "async def find(self, thread_id): ...",
    )

    assert colours.findings(source) == []


SYNC_STORE = store(
    "def load_thread(self, thread_id, context):\n    return self.db.thread(thread_id)",
    "def load_threads(self, limit, after, order, context) -> Page[ThreadMetadata]:\n"
    "    return Page(data=[self.load_thread(each, context).copy() for each in self.ids])",
    "def load_item(self, thread_id, item_id, context) -> Any:\n"
    "    return next(each for each in self.load_thread_items(thread_id, None, 9, 'asc', context).data)",
    "def load_thread_items(self, thread_id, after, limit, order, context):\n    return self.db.page(thread_id)",
    "def delete_thread(self, thread_id, context):\n    return self.remove(thread_id)",
    "async def remove(self, thread_id): ...",
    "def save_attachment(self, attachment, context):\n    raise NotImplementedError",
)


def test_a_sync_store_is_sync_in_all_its_methods(colours: Folder) -> None:
    """What `-> Page` proves of one method is taken of those beside it, but not of one that surely can be awaited."""
    assert colours.spans(SYNC_STORE) == ["load_thread", "load_threads", "load_item", "load_thread_items"]


def test_the_fix_makes_a_sync_store_async_as_a_whole(colours: Folder) -> None:
    fixed = colours.fixed(SYNC_STORE)

    assert fixed is not None
    for name in ("load_thread", "load_threads", "load_item", "load_thread_items"):
        assert f"async def {name}(" in fixed
    assert "[(await self.load_thread(each, context)).copy() for each" in fixed
    assert "(await self.load_thread_items(thread_id, None, 9, 'asc', context)).data" in fixed
    compile(fixed, "store.py", "exec")
    assert colours.scan({"app.py": fixed}).findings == []


def test_a_half_async_method_awaits_what_it_hands_on(colours: Folder) -> None:
    source = store(
        "def load_thread(self, thread_id, context):\n    if thread_id in self.rows:\n"
        "        return self.rows[thread_id]\n    return self.find(thread_id)",
        "async def find(self, thread_id): ...",
    )
    fixed = colours.fixed(source)

    assert fixed is not None
    assert "async def load_thread(self, thread_id, context):" in fixed
    assert "return await self.find(thread_id)" in fixed


@pytest.mark.parametrize(
    ("method", "is_found"),
    [
        ("def generate_thread_id(self, context) -> Awaitable[str]:\n    return self.ids.next()", True),
        ("def generate_thread_id(self, context):\n    return self.next_id()", True),
        ("def generate_thread_id(self, context) -> str:\n    return self.ids.next()", False),
        ("def generate_thread_id(self, context):\n    return self.ids.next()", False),
    ],
)
def test_something_to_await_is_found_where_chatkit_does_not(colours: Folder, method: str, is_found: bool) -> None:
    found = colours.findings(store(method, "async def next_id(self): ..."))

    assert bool(found) == is_found
    assert all(each.fix is None for each in found)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            "self, thread_id, context, /",
            "NotesStore.load_thread() takes 'context' by position only, and ChatKit passes by name",
        ),
        (
            "self, thread_id, context, /, **more",
            "NotesStore.load_thread() takes 'context' by position only, and ChatKit passes by name",
        ),
        ("self, thread_id, /, context", None),
        ("self, thread_id, context=None, /, **more", None),
    ],
)
def test_a_parameter_by_position_only_is_not_reached_by_name(
    signatures: Folder, parameters: str, message: str | None
) -> None:
    found = signatures.findings(store(f"async def load_thread({parameters}): ..."))

    assert [each.message for each in found] == ([message] if message else [])


def test_a_stub_that_only_raises_is_reached_by_no_call(signatures: Folder, colours: Folder) -> None:
    stub = 'def save_attachment(self, key):\n    """Not here."""\n    raise NotImplementedError'

    assert signatures.findings(store(stub)) == []
    assert colours.findings(store(stub)) == []


def test_a_double_is_reported_where_a_server_calls_it(signatures: Folder) -> None:
    path = "tests/test_notes.py"
    double = store("async def load_thread(self, key): ...") + "\n\nnotes = NotesStore()\n"
    served = "from chatkit.server import ChatKitServer\n" + double + "server = ChatKitServer(notes)\n"

    assert signatures.findings({path: double}) == []
    assert signatures.spans({path: served}) == ["load_thread"]
