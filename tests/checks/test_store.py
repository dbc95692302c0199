"""CK201 in the corners that its page has no room for."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.contracts import python_contract
from chatkit_doctor.finding import Applicability
from tests.checks.scanning import Folder

STORE = python_contract().class_("chatkit.store.Store")
assert STORE is not None
TYPE_VARIABLE = "from typing import TypeVar\nT = TypeVar('T')"
ATTACHMENTS = ("save_attachment", "load_attachment", "delete_attachment")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "CK201")


def methods(*left_out: str) -> str:
    assert STORE is not None
    names = [name for name in STORE.abstract_methods if name not in left_out]
    return "".join(f"    async def {name}(self, *args, **kwargs): ...\n" for name in names)


def store(*left_out: str, bases: str = "Store[dict]", imported: str = "from chatkit.store import Store") -> str:
    return f"{imported}\n\n\nclass NotesStore({bases}):\n{methods(*left_out)}"


def test_a_whole_store_is_quiet(folder: Folder) -> None:
    assert folder.findings(store()) == []


def test_the_message_lists_what_is_missing_in_the_order_of_the_sdk(folder: Folder) -> None:
    (finding,) = folder.findings(store("save_item", *ATTACHMENTS))
    assert finding.at.text == "NotesStore"
    assert finding.message == (
        "NotesStore lacks 4 of the 12 methods that Store requires: "
        "save_attachment, load_attachment, delete_attachment, save_item"
    )


@pytest.mark.parametrize(
    ("imported", "base"),
    [
        ("from chatkit.store import Store as Base", "Base"),
        ("from chatkit.store import Store", "Store['Context']"),
        ("from chatkit import store", "store.Store[dict]"),
        ("import chatkit.store", "chatkit.store.Store"),
        ("import chatkit.store as s", "s.Store[dict[str, int]]"),
        ("from chatkit.server import Store", "Store[dict]"),
        ("from chatkit.stores import Store", "Store[dict]"),
        ("from chatkit import Store", "Store[dict]"),
        ("from openai_chatkit import Store", "Store[dict]"),
        ("from chatkit.store import *", "Store[dict]"),
        (
            "try:\n    from chatkit.stores import Store\nexcept ImportError:\n    from chatkit.store import Store",
            "Store",
        ),
    ],
)
def test_the_base_is_seen_through_every_import(folder: Folder, imported: str, base: str) -> None:
    (finding,) = folder.findings(store("save_item", bases=base, imported=imported))
    assert finding.message.endswith("lacks 1 of the 12 methods that Store requires: save_item")


def test_a_class_reached_over_packages_and_re_exports(folder: Folder) -> None:
    files = {
        "app/__init__.py": "",
        "app/stores/__init__.py": "from .base import Base as BaseStore\n",
        "app/stores/base.py": store("load_item", "save_item").replace("NotesStore", "Base"),
        "app/notes.py": "from app import stores\n\n\nclass Notes(stores.BaseStore):\n    def load_item(self): ...\n",
        "app/main.py": "from app.notes import Notes\n\nnotes = Notes()\n",
    }
    (finding,) = folder.findings(files)
    assert finding.at.path.name == "notes.py"
    assert finding.message.endswith("requires: save_item")


def test_a_base_that_is_instantiated_itself_is_not_abstract(folder: Folder) -> None:
    text = (
        store("save_item")
        + "\n\nclass Other(NotesStore):\n    def save_item(self): ...\n\n\nboth = NotesStore(), Other()\n"
    )
    assert folder.spans(text) == ["NotesStore"]


@pytest.mark.parametrize(
    "addition",
    [
        "    save_item = None\n",
        "    save_item, other = 1, 2\n",
        "    if True:\n        async def save_item(self): ...\n",
        "    from app import save_item\n",
        "    save_item: object = lambda self: None\n",
        "    @property\n    def save_item(self): ...\n",
        "    locals()['save_item'] = lambda self: None\n",
        "    vars().update(save_item=lambda self: None)\n",
        "    for name in ('save_item',):\n        locals()[name] = lambda self: None\n",
        "    exec('async def save_item(self): ...')\n",
        "\nNotesStore.__abstractmethods__ = frozenset()\n",
        "\nfrom abc import update_abstractmethods\nNotesStore.save_item = print\nupdate_abstractmethods(NotesStore)\n",
        "\nclass Other(NotesStore): ...\n",
    ],
)
def test_methods_that_come_in_other_ways_are_quiet(folder: Folder, addition: str) -> None:
    assert "NotesStore" not in folder.spans(store("save_item") + addition)


@pytest.mark.parametrize(
    "addition",
    [
        "    save_item: object\n",
        "    # save_item = add_thread_item\n",
        "    if TYPE_CHECKING:\n        async def save_item(self): ...\n",
        "    async def save_item(self): ...\n    del save_item\n",
        "    save_item = Store.save_item\n",
        "    save_item = abstractmethod(print)\n",
        "\nNotesStore.save_item = lambda self: None\n",
        "\nsetattr(NotesStore, 'save_item', lambda self: None)\n",
    ],
)
def test_what_only_looks_like_a_method_is_none(folder: Folder, addition: str) -> None:
    imported = "from abc import abstractmethod\nfrom typing import TYPE_CHECKING\nfrom chatkit.store import Store"
    assert folder.spans(store("save_item", imported=imported) + addition) == ["NotesStore"]


@pytest.mark.parametrize(
    "text",
    [
        store("save_item", bases="Store[dict], ABC", imported="from abc import ABC\nfrom chatkit.store import Store"),
        store("save_item", bases="Store[dict], metaclass=Meta"),
        store("save_item", bases="Mixin, Store", imported="from acme import Mixin\nfrom chatkit.store import Store"),
        store("save_item", bases="Store, make()"),
        store("save_item", imported="class Store: ..."),
        store("save_item", imported="from .store import Store"),
        store("save_item", imported="from unittest.mock import MagicMock as Store"),
        store("save_item").replace("class", "@patched\nclass"),
        store("save_item", bases="Store[T]", imported=f"{TYPE_VARIABLE}\nfrom chatkit.store import Store"),
    ],
)  # fmt: skip
def test_classes_that_may_be_right_are_quiet(folder: Folder, text: str) -> None:
    assert folder.spans(text) == []


MADE_WHOLE = {
    "by the base's __init_subclass__": "    def __init_subclass__(cls):\n        cls.save_item = lambda self: None\n",
    "by a method set on the base": "\nBase.save_item = lambda self: None\n",
    "by a name worked out": "\nsetattr(Base, 'save' + '_item', lambda self: None)\n",
}


@pytest.mark.parametrize("addition", MADE_WHOLE.values(), ids=MADE_WHOLE)
def test_a_base_may_make_the_class_whole(folder: Folder, addition: str) -> None:
    base = store("save_item").replace("NotesStore", "Base") + addition
    assert folder.spans(f"{base}\n\nclass NotesStore(Base):\n    x = 1\n\n\nnotes = NotesStore()\n") == []


ABSTRACT_BUT_MADE = {
    "bases that say so": ("Store[dict], ABC", "", "lacks 1 of the 12 methods that Store requires: save_item"),
    "a method left abstract": (
        "Store[dict]",
        "    @abstractmethod\n    async def save_item(self): ...\n",
        "lacks 1 of the 12 methods that Store requires: save_item",
    ),
    "a method of its own left abstract": (
        "Store[dict]",
        "    async def save_item(self): ...\n    @abstractmethod\n    def tenant(self): ...\n",
        "leaves a method abstract: tenant",
    ),
}


@pytest.mark.parametrize(("bases", "body", "said"), ABSTRACT_BUT_MADE.values(), ids=ABSTRACT_BUT_MADE)
def test_an_abstract_class_is_reported_once_it_is_instantiated(
    folder: Folder, bases: str, body: str, said: str
) -> None:
    imported = "from abc import ABC, abstractmethod\nfrom chatkit.store import Store"
    text = store("save_item", bases=bases, imported=imported) + body
    assert folder.spans(text) == []
    (finding,) = folder.findings(f"{text}\n\nnotes = NotesStore()\n")
    assert finding.message == f"NotesStore {said}"
    assert finding.fix is None or not body


def test_total_ordering_adds_no_method_of_a_store(folder: Folder) -> None:
    text = store("save_item").replace("class", "from functools import total_ordering\n\n@total_ordering\nclass")
    assert folder.spans(text) == ["NotesStore"]


def test_test_doubles_are_reported_once_they_are_instantiated(folder: Folder) -> None:
    path = "tests/test_it.py"
    assert folder.spans({path: store("save_item")}) == []
    assert folder.spans({path: store("save_item") + "\nnotes = NotesStore()\n"}) == ["NotesStore"]


def test_a_store_that_nothing_names_is_reported_unless_another_is_used(folder: Folder) -> None:
    alone = {"old.py": store("save_item")}
    assert folder.spans(alone) == ["NotesStore"]
    used = store().replace("NotesStore", "NewStore") + "\n\nnotes = NewStore()\n"
    assert folder.spans({**alone, "new.py": used}) == []


def test_every_incomplete_class_of_the_sdk_counts(folder: Folder) -> None:
    text = """
        from chatkit.server import ChatKitServer
        from chatkit.store import AttachmentStore

        class Server(ChatKitServer): ...
        class Files(AttachmentStore): ...
    """
    assert [finding.message for finding in folder.findings(text)] == [
        "Server lacks the method that ChatKitServer requires: respond",
        "Files lacks the method that AttachmentStore requires: delete_attachment",
    ]


# The fix


def test_attachment_methods_alone_are_safe(folder: Folder) -> None:
    (finding,) = folder.findings(store(*ATTACHMENTS))
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.SAFE


@pytest.mark.parametrize("left_out", [("save_item",), (*ATTACHMENTS, "load_item")])
def test_other_methods_are_unsafe(folder: Folder, left_out: tuple[str, ...]) -> None:
    (finding,) = folder.findings(store(*left_out))
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE


def test_attachment_methods_are_unsafe_in_an_app_with_attachments(folder: Folder) -> None:
    files = {
        "store.py": store(*ATTACHMENTS),
        "files.py": "from chatkit.store import AttachmentStore\nclass Files(AttachmentStore):\n"
        "    async def delete_attachment(self, attachment_id, context): ...\n",
    }
    (finding,) = folder.findings(files)
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE
    assert "not supported" not in (folder.fixed(files, "store.py") or "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class A(F): pass\n", "class A(F):\n    async def delete_attachment("),
        ("class A(F): ...  # why\n", "class A(F):\n    async def delete_attachment("),
        ("class A(F): x = 1\n", "class A(F):\n    x = 1\n\n    async def delete_attachment("),
        ("class A(F):\n\tx = 1\n", "\tx = 1\n\n\tasync def delete_attachment("),
        ("class A(F):\n  x = 1\n", "  x = 1\n\n  async def delete_attachment("),
        ('class A(F):\n    """Doc."""\n', '    """Doc."""\n\n    async def delete_attachment('),
        ("class A(F):\n    x = 1  # one\n    # end\n", "    x = 1  # one\n\n    async def delete_attachment("),
        ("class A(F):\n    x = 1", "    x = 1\n\n    async def delete_attachment("),
        ("if 1:\n    class A(F):\n        pass\n", "    class A(F):\n        async def delete_attachment("),
    ],
)
def test_stubs_keep_the_style_of_the_class(folder: Folder, text: str, expected: str) -> None:
    fixed = folder.fixed(f"from chatkit.store import AttachmentStore as F\n{text}")
    assert fixed is not None
    assert expected in fixed
    compile(fixed, "app.py", "exec")


def test_stubs_have_the_line_ends_of_the_file(folder: Folder) -> None:
    fixed = folder.fixed("from chatkit.store import AttachmentStore\r\n\r\nclass A(AttachmentStore):\r\n    x = 1\r\n")
    assert fixed is not None
    assert fixed.count("\n") == fixed.count("\r\n") > 4


@pytest.mark.parametrize(
    ("head", "base", "expected"),
    [
        ("from chatkit.store import AttachmentStore as F", "F[Ctx]", "context: Ctx)"),
        ("from chatkit.store import AttachmentStore as F", 'F["Ctx"]', 'context: "Ctx")'),
        ("from chatkit.store import AttachmentStore as F", "F[dict[str, int]]", "context: dict[str, int]\n"),
        ("from chatkit.store import AttachmentStore as F", "F", "context: Any)"),
    ],
)
def test_the_context_has_the_type_of_the_class(folder: Folder, head: str, base: str, expected: str) -> None:
    fixed = folder.fixed(f"{head}\n\n\nclass A({base}):\n    x = 1\n")
    assert fixed is not None
    assert expected in fixed
    assert ("from typing import Any\n" in fixed) == ("Any" in expected)


def test_types_are_named_as_the_file_names_them(folder: Folder) -> None:
    head = "from chatkit.store import Store\nfrom chatkit.types import ThreadItem as Item\n"
    fixed = folder.fixed(head + "\n\n" + store("save_item").split("\n\n\n", 1)[1])
    assert fixed is not None
    assert "item: Item, context: dict)" in fixed
    assert fixed.startswith(head)


def test_a_name_that_means_something_else_in_the_file_is_imported_under_another(folder: Folder) -> None:
    fixed = folder.fixed(store("save_item").replace("\n\n\n", "\n\n\nclass ThreadItem: ...\n\n\n", 1))
    assert fixed is not None
    assert "from chatkit.types import ThreadItem as ChatkitThreadItem\n" in fixed
    assert "item: ChatkitThreadItem," in fixed


def test_an_alias_of_the_file_s_own_is_used(folder: Folder) -> None:
    text = store("save_item").replace("\n\n\n", "\n\nThreadItem = dict\n\n\n", 1)
    fixed = folder.fixed(text)
    assert fixed is not None
    assert "item: ThreadItem," in fixed
    assert "chatkit.types" not in fixed


RENAMED = """\
from chatkit.store import Store
from chatkit.types import AssistantMessageContent, AssistantMessageItem, Page
from sqlmodel import select

from models import Message


class SqlStore(Store[dict]):
    async def load_thread_items(self, thread_id, after, limit, order, context):
        query = select(Message).where(Message.thread_id == thread_id)
        if after:
            number = int(after.split("_")[-1])
            query = query.where(Message.id > number if order == "asc" else Message.id < number)
        query = query.order_by(Message.created_at if order == "asc" else Message.created_at.desc()).limit(limit + 1)
        rows = context["session"].exec(query).all()
        items = [
            AssistantMessageItem(
                id=f"msg_{row.id}",
                thread_id=thread_id,
                created_at=row.created_at,
                content=[AssistantMessageContent(text=row.text)],
            )
            for row in rows[:limit]
        ]
        return Page(data=items, has_more=len(rows) > limit{after})
"""


def test_a_page_of_rows_with_ids_made_of_theirs_is_read_and_what_lies_behind_its_cursor_is_not(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK205")

    assert folder.spans(RENAMED.replace("{after}", "")) == ["Page"]
    assert folder.spans(RENAMED.replace("{after}", ", after=items[-1].id")) == []
    assert Folder(tmp_path, "CK210").spans(RENAMED.replace("{after}", "")) == ["load_thread_items"]
