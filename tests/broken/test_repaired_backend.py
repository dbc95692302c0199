"""The repaired backend imports, type-checks and runs on the real SDKs, with a memory and an id for each message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.broken.harness import doctor, environment, run_backend, run_python
from tests.standin.provider import Failure, Provider, Reply, ToolCall, converse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.broken.harness import Chat
    from tests.standin.provider import Message

MESSAGES_IN_A_LONG_THREAD = 250

# Fills a thread without a model and asks for an answer to it, as the server does after a client tool's output.
ANSWER_A_LONG_THREAD = f"""
import asyncio
from datetime import datetime
from chatkit.types import InferenceOptions, ThreadMetadata, UserMessageItem, UserMessageTextContent
from app.context import RequestContext
from app.main import server

async def main():
    context = RequestContext(user_id="ada")
    thread = ThreadMetadata(id="long", created_at=datetime.now())
    await server.store.save_thread(thread, context)
    for number in range({MESSAGES_IN_A_LONG_THREAD}):
        message = UserMessageItem(
            id=f"message_{{number}}", thread_id=thread.id, created_at=datetime.now(), attachments=[],
            content=[UserMessageTextContent(text=f"message {{number}}")], inference_options=InferenceOptions(),
        )
        await server.store.add_thread_item(thread.id, message, context)
    async for event in server.respond(thread, None, context):
        pass

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def listening() -> Iterator[Provider]:
    with Provider() as running:
        yield running


@pytest.fixture(scope="module")
def chat(repaired: Path, listening: Provider) -> Iterator[Chat]:
    with run_backend(repaired / "backend", listening) as browser:
        yield browser


@pytest.fixture
def provider(listening: Provider) -> Provider:
    listening.script = converse
    listening.requests.clear()
    return listening


def test_nothing_is_left_to_find_or_change(repaired: Path) -> None:
    before = {path: path.read_bytes() for path in repaired.rglob("*") if path.is_file()}
    run = doctor(repaired, "--fix", "--unsafe-fixes")
    assert run.returncode == 0, run.stdout + run.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_model_gets_the_whole_conversation_once_and_in_order(chat: Chat, provider: Provider) -> None:
    first = chat.create("Hello, my name is Ada")
    thread_id = first.thread_id
    turns = [first, chat.say(thread_id, "I like the sea"), chat.say(thread_id, "What is my name?")]

    assert [turn.errors for turn in turns] == [[], [], []]
    assert turns[-1].answers[0]["content"][0]["text"] == "Your name is Ada."
    assert provider.heard() == [
        ("user", "Hello, my name is Ada"),
        ("assistant", "You said: Hello, my name is Ada"),
        ("user", "I like the sea"),
        ("assistant", "You said: I like the sea"),
        ("user", "What is my name?"),
    ]


@pytest.mark.usefixtures("provider")
def test_every_message_keeps_its_own_id_through_a_reload(chat: Chat) -> None:
    first = chat.create("one")
    turns = [first, chat.say(first.thread_id, "two"), chat.say(first.thread_id, "three")]
    items = chat.items(first.thread_id)

    assert [item["type"] for item in items] == ["user_message", "assistant_message"] * 3
    assert len({item["id"] for item in items}) == len(items)
    assert "__fake_id__" not in {item["id"] for item in items}
    assert [item for item in items if item["type"] == "assistant_message"] == [turn.answers[0] for turn in turns]


def test_two_messages_of_one_run_have_two_ids_and_stream_under_them(chat: Chat, provider: Provider) -> None:
    def count_days_first(messages: Sequence[Message]) -> Reply:
        if messages[-1]["role"] == "tool":
            return Reply("Pack your bags.")
        return Reply("Let me count the days.", (ToolCall("days_until", '{"day": "2030-01-01"}'),))

    provider.script = count_days_first
    turn = chat.create("When do we leave on 2030-01-01?")
    stored = [item["id"] for item in chat.items(turn.thread_id) if item["type"] == "assistant_message"]

    said = {answer["id"]: answer["content"][0]["text"] for answer in turn.answers}
    assert list(said.values()) == ["Let me count the days.", "Pack your bags."]
    assert turn.typed == said
    assert stored == list(said)


def test_provider_error_reaches_the_browser_and_the_next_turn_works(chat: Chat, provider: Provider) -> None:
    provider.script = lambda _: Failure(400, "not today")
    failed = chat.create("one")
    provider.script = converse
    second = chat.say(failed.thread_id, "two")

    assert [error["code"] for error in failed.errors] == ["stream.error"]
    assert second.errors == []
    assert provider.heard() == [("user", "one"), ("user", "two")]


def test_long_thread_without_a_new_message_sends_its_newest_part_in_order(repaired: Path, provider: Provider) -> None:
    run = run_python(ANSWER_A_LONG_THREAD, repaired / "backend", env=environment(provider))
    assert run.returncode == 0, run.stderr
    heard = [text for _, text in provider.heard()]
    written = [f"message {number}" for number in range(MESSAGES_IN_A_LONG_THREAD)]
    assert 10 <= len(heard) < len(written)
    assert heard == written[-len(heard) :]
