"""The first use of a message that fails where a turn begins without one, over the ways to ask about it first."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from tests.checks.scanning import Folder

SERVER = """\
from chatkit.agents import ClientToolCall, simple_to_agent_input
from chatkit.server import ChatKitServer


def ask(ctx):
    ctx.context.client_tool_call = ClientToolCall(name="ask", arguments={})


class Server(ChatKitServer[dict]):
    async def respond(self, thread, item, context):
BODY
        yield

    async def text_of(self, message):
        return message.content[0].text

    async def checked(self, message):
        if message is None:
            raise ValueError
        return message.content
"""


def spans(body: str, folder: Path) -> list[str]:
    text = SERVER.replace("BODY", indent(dedent(body).strip("\n"), " " * 8))
    return Folder(folder, "CK310").spans(text)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("text = item.content[0].text", "item.content"),
        ("text = ' '.join(part.text for part in item.content)", "item.content"),
        ("for part in item.content:\n    print(part)", "item.content"),
        ("if item.content:\n    return", "item.content"),
        ("if item.type == 'user_message' and item.content:\n    return", "item.type"),
        ("print(f'{item.id}')", "item.id"),
        ("async with lock:\n    print(item.id)", "item.id"),
        ("try:\n    yield item.id\nexcept Exception:\n    print('no')", "item.id"),
        ("text = await self.text_of(item)", "message.content"),
        ("agent_input = await simple_to_agent_input([item])", "item"),
        ("agent_input = await self.converter.to_agent_input(item)", "item"),
        ("print(item)\nprint(item.id)", "item.id"),
    ],
)
def test_what_fails_for_none_is_found(body: str, expected: str, tmp_path: Path) -> None:
    assert spans(body, tmp_path) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        "if item is None:\n    return\nprint(item.id)",
        "if not item:\n    return\nprint(item.id)",
        "text = item.content[0].text if item else ''\nprint(item.id)",
        "text = item and item.content\nprint(item.id)",
        "if item is not None and item.content:\n    return\nprint(item.id)",
        "assert item\nprint(item.id)",
        "target = item or await self.newest(thread)\nprint(target.id)",
        "item = item or await self.newest(thread)\nprint(item.id)",
        "target = item\nif target is None:\n    return\nprint(item.id)",
        "text = getattr(item, 'content', None)\nif not text:\n    return\nprint(item.id)",
        "try:\n    text = item.content\nexcept AttributeError:\n    text = ''",
        "match item:\n    case None:\n        return\nprint(item.id)",
        "if thread.title is None:\n    thread.title = item.content[0].text",
        "if await self.waits(thread):\n    return\nprint(item.id)",
        "await self.checked(item)\nprint(item.id)",
        "task = create_task(self.text_of(item))",
        "get = lambda: item.content",
        "print(item)",
    ],
)
def test_what_may_have_asked_is_left_alone(body: str, tmp_path: Path) -> None:
    assert spans(body, tmp_path) == []
