"""CK103 and CK111 to CK114 in the corners that their pages have no room for."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from chatkit_doctor.contracts import python_contract
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.finding import Applicability, Severity
from tests.checks.scanning import Folder
from tests.fix_helper import fixed_files

CONTRACT = python_contract(version(CHATKIT))


def folder(tmp_path: Path, code: str) -> Folder:
    return Folder(tmp_path, code)


@pytest.mark.parametrize(
    "imported",
    [
        "from chatkit.types import Page",
        "from chatkit import types\nPage = types.Page",
        "from chatkit.server import Page",
        "from chatkit.models import Page",
        "try:\n    from chatkit.types import Page\nexcept ImportError:\n    from chatkit.server import Page",
    ],
)
def test_a_model_is_known_by_every_way_to_it(tmp_path: Path, imported: str) -> None:
    assert folder(tmp_path, "CK112").spans(f"{imported}\n\npage = Page(items=[])\n") == ["items"]


def test_a_model_is_known_through_the_projects_own_files(tmp_path: Path) -> None:
    files = {
        "models.py": "from chatkit.types import Page as ChatKitPage\n",
        "app.py": "from models import ChatKitPage\np = ChatKitPage(items=[])\n",
    }

    assert folder(tmp_path, "CK112").spans(files) == ["items"]


@pytest.mark.parametrize(
    "imported",
    [
        "try:\n    from chatkit.types import Page\nexcept ImportError:\n    from mine import Page",
        "from chatkit.types import Page\n\n\nclass Page(Page):\n    items: list",
        "from typing import TYPE_CHECKING\nfrom mine import Page",
    ],
)
def test_what_may_be_another_class_is_left_alone(tmp_path: Path, imported: str) -> None:
    files = {
        "app.py": f"import chatkit\n{imported}\n\npage = Page(items=[])\n",
        "mine.py": "class Page:\n    def __init__(self, items): ...\n",
    }

    assert folder(tmp_path, "CK112").findings(files) == []


def test_a_project_with_its_own_copy_of_the_sdk_is_left_alone(tmp_path: Path) -> None:
    names = ("actions", "agents", "errors", "logger", "server", "store", "types", "version", "widgets", "__init__")
    fork = {f"chatkit-python/chatkit/{name}.py": "" for name in names}
    app = {
        "backend/app.py": "from chatkit.types import Page, ThreadItem\nPage(items=[], data=7)\nThreadItem()\nPage(1)\n"
    }

    for code in ("CK111", "CK112", "CK113", "CK114"):
        assert folder(tmp_path / code, code).findings(app) != [] or code == "CK111"
        assert folder(tmp_path / f"{code}-fork", code).findings({**app, **fork}) == []


def test_page_is_an_error_unless_nothing_is_lost_or_the_release_is_not_known(tmp_path: Path) -> None:
    source = "from chatkit.types import Page\nPage(next_cursor=cursor())\nPage(next_cursor=None)\n"

    known = folder(tmp_path, "CK112").findings(source)
    newer = folder(tmp_path, "CK112").findings(source, target="99.0")

    assert [each.severity for each in known] == [Severity.ERROR, None]
    assert {each.severity for each in newer} <= {Severity.WARNING, None}


@pytest.mark.parametrize("code", ["CK111", "CK113"])
def test_a_release_newer_than_the_data_gives_warnings(tmp_path: Path, code: str) -> None:
    source = "from chatkit.types import AssistantMessageContent\nAssistantMessageContent(type='text')\n"

    (found,) = folder(tmp_path, code).findings(source, target="99.0")

    assert found.severity is Severity.WARNING


def test_a_field_of_another_release_is_told_with_its_release(tmp_path: Path) -> None:
    source = (
        "from chatkit.types import FileAttachment\nFileAttachment(id='1', name='a', mime_type='b', upload_url=None)\n"
    )

    (found,) = folder(tmp_path, "CK112").findings(source, target="1.6.0")

    assert found.message.startswith("the field 'upload_url' of FileAttachment is in 0.0.2 to 1.4.2 only, and ")


def test_a_keyword_that_stands_for_a_missing_field_is_told_once(tmp_path: Path) -> None:
    source = "from chatkit.widgets import Text\nText(text='hello')\n"

    assert [each.help for each in folder(tmp_path, "CK111").findings(source)] == ["write value for text"]
    assert folder(tmp_path, "CK112").findings(source) == []


@pytest.mark.parametrize(
    ("written", "fixed", "help_"),
    [
        ("ThreadItemRemovedEvent(id=i)", "ThreadItemRemovedEvent(item_id=i)", "write item_id for id"),
        ("ThreadItemRemovedEvent(itemId=i)", "ThreadItemRemovedEvent(item_id=i)", "write item_id for itemId"),
        ("ThreadItemRemovedEvent(item=i)", None, "give item_id, and leave item out"),
        ("ThreadItemDoneEvent(id=x)", None, "give item, and leave id out"),
    ],
)
def test_what_fails_for_a_missing_field_is_told_once(
    tmp_path: Path, written: str, fixed: str | None, help_: str
) -> None:
    text = f"from chatkit.types import *\n{written}\n"

    assert [each.help for each in folder(tmp_path, "CK111").findings(text)] == [help_]
    assert folder(tmp_path, "CK111").fixed(text) == (text.replace(written, fixed) if fixed else None)
    assert folder(tmp_path, "CK112").findings(text) == []


HEAD = """
from chatkit.actions import Action
from chatkit.types import *
from chatkit.widgets import Button, Card, Text
from pydantic import TypeAdapter

META = dict(id="i", thread_id="t", created_at=now)
KINDS = {"a": "text", "b": "markdown"}
MIXED = {"a": "text", "b": "input_text"}
ICONS = {"up": "upload", "down": "code"}
"""
REFUSED = {
    "a text under a name": ('text = "done"\nAssistantMessageItem(**META, content=text)', "CK113", ["text"]),
    "a list that grows": (
        'parts = []\nparts.append({"type": "text", "text": "x"})\nAssistantMessageItem(**META, content=parts)',
        "CK113",
        ['"text"'],
    ),
    "a list that a function grows": (
        "def f():\n    parts = []\n    for x in y:\n        parts.append(UserMessageTextContent(text=x))\n"  # noqa: ISC004
        "    return AssistantMessageItem(**META, content=parts)",
        "CK113",
        ["UserMessageTextContent(text=x)"],
    ),
    "the other side's part": (
        'AssistantMessageItem(**META, content=[UserMessageTextContent(text="x")])',
        "CK113",
        ['UserMessageTextContent(text="x")'],
    ),
    "an item for an event": ("ThreadItemDoneEvent(item=Page(data=[]))", "CK113", ["Page(data=[])"]),
    "a table of wrong values": (
        'UserMessageTextContent(text="x", type=KINDS.get(k, "text"))',
        "CK113",
        ['KINDS.get(k, "text")'],
    ),
    "an entry of such a table": ('UserMessageTextContent(text="x", type=KINDS[k])', "CK113", ["KINDS[k]"]),
    "both ways": ('UserMessageTextContent(text="x", type="text" if k else "md")', "CK113", ['"text" if k else "md"']),
    "an adapter of a union": ('TypeAdapter(Attachment).validate_python({"id": "a"})', "CK111", ['{"id": "a"}']),
    "an adapter under a name": (
        'adapter = TypeAdapter(Attachment)\nadapter.validate_python({"type": "pdf", "id": "a"})',
        "CK113",
        ['"pdf"'],
    ),
    "an adapter of a model": ('TypeAdapter(Page).validate_python({"data": 3})', "CK113", ["3"]),
    "an action of a number": ("Action(type=7, payload=None)", "CK113", ["7"]),
}
TAKEN = {
    "a name bound twice": 'text = "done"\ntext = [part]\nAssistantMessageItem(**META, content=text)',
    "a parameter": 'def f(text="done"):\n    return AssistantMessageItem(**META, content=text)',
    "a list that a helper fills": 'parts = ["x"]\nfix(parts)\nAssistantMessageItem(**META, content=parts)',
    "a list that is changed in place": 'parts = ["x"]\nparts[0] = part\nAssistantMessageItem(**META, content=parts)',
    "one right value": 'UserMessageTextContent(text="x", type=MIXED.get(k, "text"))',
    "one right way": 'UserMessageTextContent(text="x", type="text" if k else "input_text")',
    "a table that is changed": 'KINDS["c"] = make()\nUserMessageTextContent(text="x", type=KINDS[k])',
    "a source without a type": 'Annotation(source={"title": "Guide", "filename": "g.pdf"})',
    "an object of an inherited class": "ThreadCreatedEvent(thread=Thread(**META, items=Page(data=[])))",
    "an object of its own class": (
        "class Mine(UserMessageTextContent): ...\nAssistantMessageItem(**META, content=[Mine(text='x')])"
    ),
    "an adapter of something else": 'TypeAdapter(dict).validate_python({"id": "a"})',
}


@pytest.mark.parametrize(("written", "code", "spans"), REFUSED.values(), ids=REFUSED)
def test_what_a_value_stands_for_is_judged(tmp_path: Path, written: str, code: str, spans: list[str]) -> None:
    assert folder(tmp_path, code).spans(HEAD + written + "\n") == spans


@pytest.mark.parametrize("written", TAKEN.values(), ids=TAKEN)
def test_what_may_stand_for_something_right_is_taken(tmp_path: Path, written: str) -> None:
    for code in ("CK111", "CK113"):
        assert folder(tmp_path, code).findings(HEAD + written + "\n") == []


def test_a_message_names_the_value_or_the_model_that_is_refused(tmp_path: Path) -> None:
    text = HEAD + 'text = "done"\nAssistantMessageItem(**META, content=text)\nThreadItemDoneEvent(item=Page(data=[]))\n'

    assert [each.message for each in folder(tmp_path, "CK113").findings(text)] == [
        "'content' of AssistantMessageItem does not take \"done\"",
        "'item' of ThreadItemDoneEvent does not take a Page",
    ]


@pytest.mark.parametrize(
    ("code", "written", "applicability"),
    [
        ("CK112", "ErrorEvent(error='no')", Applicability.SAFE),
        ("CK112", "ErrorEvent(error=problem)", Applicability.UNSAFE),
        ("CK112", "ErrorEvent(error=7)", None),
        ("CK112", "Page(total=count())", Applicability.UNSAFE),
        ("CK112", "Page(total=n)", Applicability.SAFE),
        ("CK112", "ThreadMetadata(id='t', created_at=0, titel='x')", None),
        ("CK113", "AssistantMessageContent(text='x', type='text')", Applicability.SAFE),
        ("CK113", "ClosedStatus(type='close', reason=None)", Applicability.SAFE),
        ("CK113", "Button(style='primry')", Applicability.UNSAFE),
        ("CK113", "Button(style='nothing like it')", None),
        ("CK113", "ThreadMetadata(id='t', created_at=0, status='open')", None),
    ],
)
def test_a_fix_is_safe_where_one_thing_is_meant(
    tmp_path: Path, code: str, written: str, applicability: Applicability | None
) -> None:
    found = folder(tmp_path, code).findings(f"from chatkit.types import *\nfrom chatkit.widgets import *\n{written}\n")

    assert [each.fix and each.fix.applicability for each in found] == [applicability]


@pytest.mark.parametrize(
    ("call", "fixed"),
    [
        ("Page(first_id=None)", "Page()"),
        ("Page(data=rows, first_id=None)", "Page(data=rows)"),
        ("Page(data=rows, first_id=None,)", "Page(data=rows,)"),
        ("Page(first_id=None, data=rows)", "Page(data=rows)"),
        ("Page(\n    data=rows,  # newest\n    first_id=None,\n)", None),
        ("Page.model_validate({'first_id': None, 'items': (rows)})", "Page.model_validate({'data': (rows)})"),
        ("Page.model_validate({'data': (rows), 'first_id': (None)})", None),
        ("Page(last_id=a, next_cursor=b, cursor=c)", "Page(after=b)"),
        ("Page(after=a, next_cursor=b)", "Page(after=a)"),
    ],
)
def test_fields_leave_with_their_commas(tmp_path: Path, call: str, fixed: str | None) -> None:
    start = "from chatkit.types import Page\n\n\ndef page(rows, a, b, c):\n    return "

    assert folder(tmp_path, "CK112").fixed(f"{start}{call}\n") == (f"{start}{fixed}\n" if fixed else None)


def test_mended_calls_keep_comments_and_bring_nothing(tmp_path: Path) -> None:
    text = """\
from chatkit.types import Page, ThreadItem, UserMessageItem


def load(rows, thread_id):
    page = Page(
        items=rows,  # newest first
        has_more=False,
    )
    first = UserMessageItem(
        id="msg_1",
        created_at=rows[0].at,
        content=[{"type": "text", "text": "hello"}],  # as the user wrote it
    )
    return page, first, ThreadItem(**rows[0].data)  # as stored
"""
    files = fixed_files(tmp_path, {"app.py": text}, ["CK111", "CK112", "CK113", "CK114"])

    assert files == {
        "app.py": """\
from chatkit.types import InferenceOptions, Page, ThreadItem, UserMessageItem
from pydantic import TypeAdapter

THREAD_ITEM_ADAPTER = TypeAdapter(ThreadItem)


def load(rows, thread_id):
    page = Page(
        data=rows,  # newest first
        has_more=False,
    )
    first = UserMessageItem(
        id="msg_1",
        created_at=rows[0].at,
        content=[{"type": "input_text", "text": "hello"}],  # as the user wrote it
        inference_options=InferenceOptions(),
        thread_id=thread_id,
    )
    return page, first, THREAD_ITEM_ADAPTER.validate_python(rows[0].data)  # as stored
"""
    }


@pytest.mark.parametrize("name", ["UserMessageItem", "ThreadStreamEvent", "Attachment", "WidgetRoot"])
def test_a_name_is_a_union_where_the_contracts_have_one(tmp_path: Path, name: str) -> None:
    is_union = any(CONTRACT.union(f"{module}.{name}") for module in CONTRACT.modules)
    source = f"from chatkit.types import *\nfrom chatkit.widgets import *\n{name}.model_validate(x)\n"

    assert bool(folder(tmp_path, "CK114").findings(source)) == is_union


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ("Page(**fields)", None),
        ("StreamOptionsEvent(\n    stream_options={\n    },\n)", None),
        ("ThreadAddUserMessageParams(input=i)", "ThreadAddUserMessageParams(input=i, thread_id=thread.id)"),
        ("ThreadAddUserMessageParams(input=(i))", "ThreadAddUserMessageParams(input=(i), thread_id=thread.id)"),
        (
            "ThreadAddUserMessageParams(\n    input=i\n)",
            "ThreadAddUserMessageParams(\n    input=i,\n    thread_id=thread.id\n)",
        ),
        (
            "ThreadAddUserMessageParams(\n    input=i  # new\n)",
            "ThreadAddUserMessageParams(\n    input=i,  # new\n    thread_id=thread.id\n)",
        ),
        ("ThreadGetByIdParams()", "ThreadGetByIdParams(thread_id=thread.id)"),
        ("ThreadsGetByIdReq(params={})", 'ThreadsGetByIdReq(params={"thread_id": thread.id})'),
    ],
)
def test_missing_fields_are_laid_out_as_the_others(tmp_path: Path, written: str, fixed: str | None) -> None:
    start = "from chatkit.types import *\n\n\ndef f(thread, i, fields):\n    return "

    assert folder(tmp_path, "CK111").fixed(f"{start}{written}\n") == (f"{start}{fixed}\n" if fixed else None)


@pytest.mark.parametrize(
    ("written", "fixed"),
    [
        ("ThreadItem(**(row or {}))", "(row or {})"),
        ("ThreadItem(kind=(row), **(row or {}))", '{"kind": (row), **(row or {})}'),
        ("ThreadItem( kind = row , **row, )", '{ "kind": row , **row}'),
        ("ThreadItem(\n    kind=row,\n    **row,\n)", '{\n    "kind": row,\n    **row,\n}'),
        ("ThreadItem.parse_obj(row)", "row"),
    ],
)
def test_arguments_become_the_dict_that_they_are(tmp_path: Path, written: str, fixed: str) -> None:
    start = "from chatkit.types import ThreadItem\n"

    text = folder(tmp_path, "CK114").fixed(f"{start}{written}\n")

    assert text == f"{start}from pydantic import TypeAdapter\nTypeAdapter(ThreadItem).validate_python({fixed})\n"


def test_another_type_adapter_is_left_alone(tmp_path: Path) -> None:
    source = "from chatkit.types import ThreadItem\nfrom mine import TypeAdapter\nThreadItem(**row)\n"

    text = folder(tmp_path, "CK114").fixed(source)

    assert text is not None
    assert "from pydantic import TypeAdapter as PydanticTypeAdapter\n" in text
    assert "PydanticTypeAdapter(ThreadItem).validate_python(row)" in text


def test_deprecated_classes_of_a_file_are_one_finding(tmp_path: Path) -> None:
    source = "from chatkit import widgets as w\nw.Card(children=[w.Text(value='a'), w.Text(value='b')])\nw.Row()\n"

    (found,) = folder(tmp_path, "CK103").findings(source)

    assert found.message == "Card, Text and Row are deprecated since openai-chatkit 1.4.0"
    assert found.help == "use WidgetTemplate to build widgets from .widget files"


def test_a_field_is_not_renamed_beside_what_is_unpacked(tmp_path: Path) -> None:
    source = "from chatkit.types import Page\nPage(items=rows, has_more=False, **extra)\n"

    (found,) = folder(tmp_path, "CK112").findings(source)

    assert found.fix is None
