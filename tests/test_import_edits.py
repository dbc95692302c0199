"""Imports are extended where they stand and written where isort would put them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from chatkit_doctor.python.import_edits import import_edits
from chatkit_doctor.python.module import Module
from chatkit_doctor.source import Source

CASES = {
    "a sorted import stays sorted": (
        "from chatkit.types import ThreadMetadata, UserMessageItem\n",
        {"chatkit.types": ["AssistantMessageItem"]},
        "from chatkit.types import AssistantMessageItem, ThreadMetadata, UserMessageItem\n",
    ),
    "an unsorted one grows at its end": (
        "from chatkit.types import UserMessageItem, Page\n",
        {"chatkit.types": ["Attachment"]},
        "from chatkit.types import UserMessageItem, Page, Attachment\n",
    ),
    "a long one is broken": (
        "from chatkit.types import ThreadMetadata, ThreadStreamEvent, UserMessageItem\n",
        {"chatkit.types": ["AssistantMessageItem", "ThreadItemDoneEvent"]},
        """\
        from chatkit.types import (
            AssistantMessageItem,
            ThreadItemDoneEvent,
            ThreadMetadata,
            ThreadStreamEvent,
            UserMessageItem,
        )
        """,
    ),
    "an import below the class is left for one above it": (
        """\
        from chatkit.store import Store

        class NotesStore(Store): ...

        from chatkit.types import Page
        from app import views
        """,
        {"chatkit.types": ["Attachment"]},
        """\
        from chatkit.store import Store
        from chatkit.types import Attachment

        class NotesStore(Store): ...

        from chatkit.types import Page
        from app import views
        """,
    ),
    "aliases and classes before functions": (
        "from chatkit.agents import AgentContext as Context, accumulate_text\n",
        {"chatkit.agents": ["ThreadItemConverter"]},
        "from chatkit.agents import AgentContext as Context, ThreadItemConverter, accumulate_text\n",
    ),
    "comments are not moved": (
        """\
        from chatkit.types import (
            Page,  # what a store gives back
            ThreadItem,
        )
        """,
        {"chatkit.types": ["Attachment"]},
        """\
        from chatkit.types import (
            Page,  # what a store gives back
            ThreadItem,
            Attachment,
        )
        """,
    ),
    "what is there is left alone": ("from typing import Any\n", {"typing": ["Any"]}, "from typing import Any\n"),
    "an import under another name does not count": (
        "from typing import Any as Whatever\n",
        {"typing": ["Any"]},
        "from typing import Any as Whatever, Any\n",
    ),
    "the standard library comes first": (
        '"""A server."""\n\nfrom chatkit.server import ChatKitServer\n',
        {"collections.abc": ["AsyncIterator"]},
        '"""A server."""\n\nfrom collections.abc import AsyncIterator\n\nfrom chatkit.server import ChatKitServer\n',
    ),
    "other packages behind it": (
        "from __future__ import annotations\n\nimport os  # the environment\n\nx = 1\n",
        {"chatkit.store": ["Store"]},
        (
            "from __future__ import annotations\n\nimport os  # the environment\n\n"
            "from chatkit.store import Store\n\nx = 1\n"
        ),
    ),
    "in the order of the alphabet": (
        "import os\n\nfrom agents import Agent\nfrom fastapi import FastAPI\n",
        {"chatkit.store": ["Store"]},
        "import os\n\nfrom agents import Agent\nfrom chatkit.store import Store\nfrom fastapi import FastAPI\n",
    ),
    "into a file without imports": (
        '"""Nothing yet."""\n',
        {"typing": ["Any"]},
        '"""Nothing yet."""\n\nfrom typing import Any\n',
    ),
    "into an empty file": ("", {"typing": ["Any"]}, "from typing import Any\n"),
    "two at one place keep their order": (
        "x = 1\n",
        {"typing": ["Any"], "collections.abc": ["Sequence"]},
        "from collections.abc import Sequence\nfrom typing import Any\n\nx = 1\n",
    ),
}


@pytest.mark.parametrize(("before", "wanted", "after"), CASES.values(), ids=CASES)
def test_names_are_imported_where_a_careful_person_would(before: str, wanted: dict[str, list[str]], after: str) -> None:
    assert applied(dedent(before), wanted) == dedent(after)


def test_unused_names_leave_the_statement_that_grows() -> None:
    before = "from chatkit.agents import AgentContext, simple_to_agent_input\n"

    after = applied(before, {"chatkit.agents": ["ThreadItemConverter"]}, {"simple_to_agent_input"})

    assert after == "from chatkit.agents import AgentContext, ThreadItemConverter\n"


def applied(text: str, wanted: dict[str, list[str]], unused: set[str] | None = None) -> str:
    module = Module(Source(Path("/project/app.py"), text))
    for edit in sorted(import_edits(module, wanted, unused or ()), key=lambda each: -each.at.start):
        text = text[: edit.at.start] + edit.text + text[edit.at.end :]
    compile(text, "app.py", "exec")
    return text
