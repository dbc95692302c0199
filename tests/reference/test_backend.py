"""The backend on the real openai-agents and LiteLLM, which talk over HTTP to the stand-in provider."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.broken.harness import Turn
from tests.reference.harness import Backend, events_in, message, running, texts, upload_url
from tests.standin.provider import Failure, Provider, Reply, ToolCall, converse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.reference.harness import User
    from tests.standin.provider import Message

PATIENCE_SECONDS = 30.0


@pytest.fixture
def ada(backend: Backend) -> Iterator[User]:
    with backend.user("ada") as user:
        yield user


def stored_types(user: User, thread_id: str) -> list[str]:
    """Return the types of a thread's items, with those that no page shows."""
    threads = user.http.get("/debug/threads").raise_for_status().json()["threads"]
    return [item["type"] for thread in threads if thread["id"] == thread_id for item in thread["items"]]


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_model_gets_the_whole_conversation_once_and_in_order(ada: User, provider: Provider) -> None:
    first = ada.create("Hello, my name is Ada")
    second = ada.say(first.thread_id, "I like the sea")
    third = ada.say(first.thread_id, "What is my name?")

    assert [turn.errors for turn in (first, second, third)] == [[], [], []]
    assert texts(third.answers) == ["Your name is Ada."]
    assert provider.heard() == [
        ("user", "Hello, my name is Ada"),
        ("assistant", "You said: Hello, my name is Ada"),
        ("user", "I like the sea"),
        ("assistant", "You said: I like the sea"),
        ("user", "What is my name?"),
    ]


def test_text_a_tool_and_text_are_two_messages_with_ids_of_their_own(ada: User, provider: Provider) -> None:
    def count_days_first(messages: Sequence[Message]) -> Reply:
        if messages[-1]["role"] == "tool":
            return Reply(f"It is {messages[-1]['content']} days.")
        return Reply("Let me count.", (ToolCall("days_until", '{"day": "2000-01-01"}'),))

    provider.script = count_days_first
    turn = ada.create("How long since 2000-01-01?")
    stored = [item["id"] for item in ada.items(turn.thread_id) if item["type"] == "assistant_message"]

    said = {answer["id"]: answer["content"][0]["text"] for answer in turn.answers}
    before, after = said.values()
    assert before == "Let me count."
    assert after.startswith("It is -")
    assert turn.typed == said
    assert stored == list(said)


def test_words_arrive_while_the_model_still_speaks(ada: User, provider: Provider) -> None:
    gate = threading.Event()
    provider.script = lambda _: Reply("one two three", gate=gate)
    body = {"type": "threads.create", "params": {"input": message("Count")}}
    with ada.http.stream("POST", "/chatkit", json=body) as response:
        events = events_in(response.iter_lines())
        before = next(event for event in events if event.get("update", {}).get("delta"))
        gate.set()
        after = list(events)
    assert before["update"]["delta"].strip() == "one"
    assert texts([after[-1]["item"]]) == ["one two three"]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Failure(401, "Incorrect API key provided: stand-in."), "key was refused"),
        (Failure(400, "not today"), "could not read this conversation"),
    ],
)
def test_provider_error_is_a_notice_and_the_next_turn_works(
    ada: User, provider: Provider, failure: Failure, words: str
) -> None:
    provider.script = lambda _: failure
    failed = ada.create("one")
    provider.script = converse
    second = ada.say(failed.thread_id, "two")

    assert [(error["code"], error["allow_retry"]) for error in failed.errors] == [("custom", False)]
    assert words in failed.errors[0]["message"]
    assert texts(second.answers) == ["You said: two"]
    assert provider.heard() == [("user", "one"), ("user", "two")]


def test_broken_stream_leaves_no_half_answer_and_can_be_tried_again(ada: User, provider: Provider) -> None:
    gate = threading.Event()
    provider.script = lambda _: Reply("half of an answer", gate=gate, breaks=True)
    body = {"type": "threads.create", "params": {"input": message("one")}}
    events = []
    with ada.http.stream("POST", "/chatkit", json=body) as response:
        for event in events_in(response.iter_lines()):
            events.append(event)
            if event.get("update", {}).get("delta"):
                # Only now: an error makes the Agents SDK drop events that nobody has read yet.
                gate.set()
    broken = Turn(events)
    started = [event["item"]["id"] for event in broken.events if event["type"] == "thread.item.added"]
    removed = [event["item_id"] for event in broken.events if event["type"] == "thread.item.removed"]
    left = ada.items(broken.thread_id)
    provider.script = converse
    again = ada.stream("threads.retry_after_item", thread_id=broken.thread_id, item_id=left[0]["id"])

    assert [error["allow_retry"] for error in broken.errors] == [True]
    assert removed == started != []
    assert texts(left) == ["one"]
    assert texts(ada.items(broken.thread_id)) == ["one", "You said: one"]
    assert again.errors == []


def test_stopped_answer_is_kept_as_far_as_it_came(ada: User, provider: Provider) -> None:
    gate = threading.Event()
    provider.script = lambda _: Reply("one two three", gate=gate)
    body = {"type": "threads.create", "params": {"input": message("Count")}}
    with ada.http.stream("POST", "/chatkit", json=body) as response:
        events = events_in(response.iter_lines())
        thread_id = next(events)["thread"]["id"]
        next(event for event in events if event.get("update", {}).get("delta"))
    # More words before the server has noticed would be part of the answer.
    wait_until(lambda: "sdk_hidden_context" in stored_types(ada, thread_id))
    gate.set()
    provider.script = converse
    ada.say(thread_id, "Go on")

    assert [text.strip() for text in texts(ada.items(thread_id))] == ["Count", "one", "Go on", "You said: Go on"]
    assert any("cancelled" in text for _, text in provider.heard())


def test_thread_that_is_gone_is_said_to_be_gone(ada: User) -> None:
    turn = ada.stream("threads.add_user_message", thread_id="gone", input=message("Hello"))
    assert [event["type"] for event in turn.events] == ["error"]
    assert "not here any more" in turn.errors[0]["message"]
    assert ada.status("threads.get_by_id", thread_id="gone") == 404


@pytest.mark.usefixtures("provider")
def test_users_see_nothing_of_each_other(backend: Backend) -> None:
    with backend.user("eve") as eve, backend.user("mallory") as mallory:
        thread_id = eve.create("a secret").thread_id
        assert [thread["id"] for thread in eve.ask("threads.list")["data"]] == [thread_id]
        assert mallory.ask("threads.list")["data"] == []
        assert mallory.status("threads.get_by_id", thread_id=thread_id) == 404
        mallory.ask("threads.delete", thread_id=thread_id)
        assert texts(eve.items(thread_id)) == ["a secret", "You said: a secret"]


def test_attachment_of_two_phases_reaches_the_model_and_goes_with_its_thread(ada: User, provider: Provider) -> None:
    record = ada.ask("attachments.create", name="plan.txt", size=9, mime_type="text/plain")
    url = upload_url(record)
    file = {"file": ("plan.txt", b"Go north.", "text/plain")}
    assert ada.http.post(url, files=file).status_code == 204
    assert ada.http.post(url, files=file).status_code == 409

    turn = ada.stream("threads.create", input=message("Read this", record["id"]))
    assert turn.errors == []
    assert provider.heard() == [("user", "Read this[plan.txt]\nGo north.")]
    ada.ask("threads.delete", thread_id=turn.thread_id)
    assert ada.http.post(url, files=file).status_code == 404


def test_attachment_sent_directly_reaches_the_model_until_it_is_deleted(ada: User, provider: Provider) -> None:
    record = ada.http.post("/files", files={"file": ("dot.png", b"\x89PNG", "image/png")}).raise_for_status().json()
    assert ada.http.get(record["preview_url"]).headers["content-type"] == "image/png"
    ada.stream("threads.create", input=message("See this", record["id"]))
    parts = provider.requests[-1]["messages"][-1]["content"]
    assert [part["type"] for part in parts] == ["text", "image_url"]

    ada.ask("attachments.delete", attachment_id=record["id"])
    assert ada.http.get(record["preview_url"]).status_code == 404


def test_unwanted_files_are_refused(ada: User) -> None:
    page = {"name": "a.html", "size": 1, "mime_type": "text/html"}
    large = {"name": "a.txt", "size": 10_000_001, "mime_type": "text/plain"}
    assert [ada.status("attachments.create", **page), ada.status("attachments.create", **large)] == [415, 413]


def test_browser_of_the_frontend_may_ask_and_no_other(backend: Backend) -> None:
    def preflight(origin: str) -> httpx.Response:
        headers = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        return httpx.options(f"{backend.url}/chatkit", headers=headers, trust_env=False)

    assert preflight("http://localhost:5173").headers["access-control-allow-origin"] == "http://localhost:5173"
    assert "access-control-allow-origin" not in preflight("http://elsewhere.example").headers


def test_without_a_key_it_remembers(tmp_path: Path) -> None:
    with running(tmp_path / "uvicorn.log") as alone, alone.user() as ada:
        first = ada.create("Hello, my name is Ada")
        second = ada.say(first.thread_id, "What is my name?")
    assert texts(second.answers) == ["Your name is Ada."]
    assert texts(first.answers) == ["Nice to meet you, Ada."]
