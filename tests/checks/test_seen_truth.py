"""What a finding is "seen as" is what the real packages say: programs are scanned, then run, and the words compared."""

from __future__ import annotations

import asyncio
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chatkit_doctor.finding import Finding, Severity
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.reports.model import Reported
from tests.checks.scanning import Folder

_CREATE = (
    b'{"type": "threads.create", "params": {"input": {"content": [{"type": "input_text", "text": "ping"}],'
    b' "attachments": [], "inference_options": {}}}}'
)
_LIST = b'{"type": "threads.list", "params": {}}'

_ITEM = (
    "from chatkit.types import AssistantMessageItem\n"
    "AssistantMessageItem(id='m', thread_id='t', created_at='2027-01-01', content="
)
_INPUT = "from chatkit.types import UserMessageInput\nUserMessageInput(attachments=[], inference_options={}, content="

LOADED = {
    "a module": ("CK101", "import chatkit.stores\n"),
    "a distribution's name": ("CK101", "from openai_chatkit.store import Store\n"),
    "a module in a package": ("CK101", "from chatkit.models import ThreadMetadata\n"),
    "a name that is a module": ("CK101", "from chatkit import stores\n"),
    "below a module": ("CK101", "import chatkit.store.memory\n"),
    "below a wrong package": ("CK101", "import openai_chatkit.store.memory\n"),
    "reached as an attribute": ("CK101", "import chatkit\nstore = chatkit.stores.Store\n"),
    "loaded by name": ("CK101", "import importlib\nimportlib.import_module('chatkit.stores')\n"),
    "a name": ("CK102", "from chatkit.server import ChatKitServer, Event\n"),
    "a name elsewhere": ("CK102", "from chatkit import ChatKitServer\n"),
    "a name as an attribute": ("CK102", "import chatkit.types as t\npart = t.FilePart\n"),
    "two fields": (
        "CK111",
        "from chatkit.types import UserMessageItem as Item\nItem(id='m', created_at=1, content=[], attachments=[])\n",
    ),
    "a field of a dict": (
        "CK111",
        f"{_ITEM}[{{'type': 'output_text'}}])\n",
    ),
    "a tag": (
        "CK111",
        f"{_INPUT}[{{'text': 'x'}}])\n",
    ),
    "positions": ("CK111", "from chatkit.types import AssistantMessageContent\nAssistantMessageContent('a', 'b')\n"),
    "a literal": (
        "CK113",
        "from chatkit.types import AssistantMessageContent\nAssistantMessageContent(type='text', text='x')\n",
    ),
    "one of several": ("CK113", "from chatkit.widgets import Button\nButton(label='x', style='big')\n"),
    "one of many": ("CK113", "from chatkit.widgets import Button\nButton(label='x', iconStart='upload')\n"),
    "a literal that may be None": ("CK113", "from chatkit.types import CustomTask\nCustomTask(icon='upload')\n"),
    "a tag of a union": (
        "CK113",
        f"{_INPUT}[{{'type': 'text', 'text': 'x'}}])\n",
    ),
    "a text for a list": (
        "CK113",
        f"{_ITEM}'hello')\n",
    ),
    "a union called": ("CK114", "from chatkit.types import ThreadItem\nThreadItem(id='x')\n"),
    "another union called": ("CK114", "from chatkit.types import Attachment\nAttachment(id='x')\n"),
    "a union that validates": ("CK114", "from chatkit.types import ThreadItem\nThreadItem.model_validate({})\n"),
    "a store": ("CK201", "from chatkit.store import Store\nclass Notes(Store[dict]): ...\nNotes()\n"),
    "a server": ("CK201", "from chatkit.server import ChatKitServer\nclass Desk(ChatKitServer): ...\nDesk(None)\n"),
    "files": ("CK201", "from chatkit.store import AttachmentStore\nclass Disk(AttachmentStore): ...\nDisk()\n"),
}

WARNED = {
    "widgets": "from chatkit.widgets import Card, Text\nCard(children=[Text(value='x')])\n",
    "build_basic": (
        "from chatkit.widgets import WidgetTemplate\n"
        "template = WidgetTemplate({'version': '1.0', 'name': 'x', 'template': '{\"type\": \"Basic\"}'})\n"
        "template.build_basic({})\n"
    ),
}

# Methods of a store or server that works but for them, and the request that meets them.
CALLED = {
    "another name": ("CK202", "async def save_thread(self, thread, ctx): ...", _CREATE),
    "no context": ("CK202", "async def load_threads(self, limit, after, order): ...", _LIST),
    "nothing by name": ("CK202", "async def load_threads(self, context): ...", _LIST),
    "the other order": ("CK202", "async def save_thread(self, context, thread): ...", _CREATE),
    "one too many": ("CK202", "async def save_thread(self, thread, context, user): ...", _CREATE),
    "one too many by name": ("CK202", "async def save_thread(self, thread, context, *, user): ...", _CREATE),
    "an item in one": ("CK202", "async def add_thread_item(self, item, context): ...", _CREATE),
    "one for three": ("CK202", "def generate_item_id(self, thread): ...", _CREATE),
    "sync": ("CK203", "def save_thread(self, thread, context): ...", _CREATE),
    "sync with an answer": (
        "CK203",
        "def load_threads(self, limit, after, order, context) -> Page: return Page()",
        _LIST,
    ),
    "async": ("CK203", "async def generate_thread_id(self, context): return 'thread'", _CREATE),
}
_STORE = """\
from chatkit.server import ChatKitServer
from chatkit.store import Store
from chatkit.types import Page


class Notes(Store[dict]):
    async def load_thread(self, thread_id, context): return self.thread
    async def save_thread(self, thread, context): self.thread = thread
    async def load_thread_items(self, thread_id, after, limit, order, context): return Page()
    async def add_thread_item(self, thread_id, item, context): ...
    async def save_item(self, thread_id, item, context): ...
    async def load_item(self, thread_id, item_id, context): ...
    async def delete_thread_item(self, thread_id, item_id, context): ...
    async def load_threads(self, limit, after, order, context): return Page()
    async def delete_thread(self, thread_id, context): ...
    async def save_attachment(self, attachment, context): ...
    async def load_attachment(self, attachment_id, context): ...
    async def delete_attachment(self, attachment_id, context): ...


class OwnNotes(Notes):
    METHOD


class Desk(ChatKitServer[dict]):
    async def respond(self, thread, input, context):
        return
        yield


async def answer(body):
    result = await Desk(OwnNotes()).process(body, {})
    if not hasattr(result, "json"):
        async for _ in result:
            pass
"""


def told(finding: Finding) -> str:
    text = Reported(finding, page(finding.code), Severity.ERROR).seen_as
    assert text, f"nothing is told of {finding.message}"
    return text


def as_this_python_says(seen_as: str) -> str:
    """Return an error as the Python that runs says it, where newer ones say it in other words."""
    aside = re.search(r" \((.*?),? from Python 3\.14 on\)$", seen_as)
    if aside is None:
        return seen_as
    older = seen_as[: aside.start()]
    if sys.version_info < (3, 14):
        return older
    return re.sub(r"'types\.UnionType'|object .* expression", lambda _: aside[1], older)


def assert_said(seen_as: str, error: str) -> None:
    """Hold what a report shows against an error's text: what stands between the gaps, in its order; no asides."""
    pieces = [" ".join(each.split()) for each in as_this_python_says(seen_as).split("…")]
    pattern = ".*".join(map(re.escape, pieces))
    assert re.search(pattern, " ".join(error.split())), f"{seen_as!r} is not in {error!r}"


def error_of(run: Callable[[], Any]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            run()
        except Exception as error:  # noqa: BLE001 - whatever the packages raise is what is compared
            return f"{type(error).__name__}: {error}"
    raise AssertionError("the program does not fail")


@pytest.mark.parametrize(("code", "program"), LOADED.values(), ids=LOADED)
def test_what_is_shown_is_what_python_says_when_the_program_is_loaded(code: str, program: str, tmp_path: Path) -> None:
    found = Folder(tmp_path, code).findings(program)

    assert len(found) == 1
    assert_said(told(found[0]), error_of(lambda: exec(program, {})))  # noqa: S102 - it is ours


@pytest.mark.parametrize("program", WARNED.values(), ids=WARNED)
def test_what_is_shown_is_what_the_sdk_warns_with(program: str, tmp_path: Path) -> None:
    found = Folder(tmp_path, "CK103").findings(program)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(program, {})  # noqa: S102 - it is ours
    warned = {f"{each.category.__name__}: {each.message}" for each in caught}
    assert told(found[0]) in warned


@pytest.mark.parametrize(("code", "method", "body"), CALLED.values(), ids=CALLED)
def test_what_is_shown_is_what_python_says_when_the_sdk_calls_a_method(
    code: str, method: str, body: bytes, tmp_path: Path
) -> None:
    program = _STORE.replace("METHOD", method)
    found = Folder(tmp_path, code).findings(program)
    names: dict[str, Any] = {}
    exec(program, names)  # noqa: S102 - it is ours

    assert len(found) == 1
    assert_said(told(found[0]), error_of(lambda: asyncio.run(names["answer"](body))))


# What an import that fails is said to do, by where it stands.
@pytest.mark.parametrize(
    ("program", "is_seen", "why"),
    [
        ("from chatkit.stores import Store\n", True, "Python stops at the import, so nothing in the file runs."),
        ("def f():\n    from chatkit.stores import Store\n    return Store\n", True, "each time that the function"),
        (
            "try:\n    from chatkit.stores import Store\nexcept ImportError:\n    Store = None\n",
            False,
            "goes on without",
        ),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from chatkit.stores import Store\n",
            False,
            "never runs this import",
        ),
        (
            "from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n    from chatkit.stores import Store\n",
            True,
            "nothing in the file runs",
        ),
        ("class A:\n    from chatkit.stores import Store\n", True, "nothing in the file runs"),
        ("@dec(__import__('chatkit.stores'))\ndef f(): ...\n", True, "nothing in the file runs"),
    ],
)
def test_why_an_import_is_bad_depends_on_where_it_stands(program: str, is_seen: bool, why: str, tmp_path: Path) -> None:
    (finding,) = Folder(tmp_path, "CK101").findings(program)

    assert (finding.seen_as is not None) is is_seen
    assert why in Reported(finding, page("CK101"), Severity.ERROR).why


def test_an_attribute_in_an_annotation_that_is_kept_as_text_fails_later(tmp_path: Path) -> None:
    text = "from __future__ import annotations\nfrom chatkit import types\ndef f(part: types.FilePart) -> None: ...\n"
    (finding,) = Folder(tmp_path, "CK102").findings(text)

    exec(text, {})  # noqa: S102 - it is ours
    assert finding.seen_as is None
    assert finding.why.startswith("Nothing evaluates the name here")
