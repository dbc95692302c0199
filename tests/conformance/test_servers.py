"""A server that holds to everything passes everything; one that breaks a property fails it. On the real SDKs."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from chatkit_doctor.conformance.registry import functions
from chatkit_doctor.conformance.results import Outcome
from tests.later import Later

running = Later("chatkit_doctor.conformance.running")
subject = Later("chatkit_doctor.conformance.subject")
servers = Later("tests.conformance.servers")

USERS = ({"user_id": "a"}, {"user_id": "b"})


pytestmark = pytest.mark.usefixtures("model_settings")


def outcomes(server: Any, *names: str) -> dict[str, Outcome]:
    run = running.PropertyRun(subject.Subject("tests:server", server, None), USERS)
    return {each.name: each for each in asyncio.run(run.all(names))}


def facts(found: dict[str, Outcome]) -> dict[str, str]:
    return {name: each.fact for name, each in found.items() if each.status == "fail"}


@pytest.mark.parametrize("make", ["GoodServer", "with_a_tool"], ids=["plain", "with a tool"])
def test_a_good_server_passes_everything(make: str) -> None:
    found = outcomes(getattr(servers, make)())

    assert facts(found) == {}
    skipped = {name for name, each in found.items() if each.status == "skip"}
    assert skipped == {"feedback", "attachments", "action"} | ({"tool-turn"} if make == "GoodServer" else set())
    assert list(found) == list(functions("server"))


@pytest.mark.parametrize(
    ("make", "name", "fact"),
    [
        ("Forgets", "remembers", "in turn 3 the model does not get what the user said in turn 1"),
        ("OldestFirst", "long-thread", "the newest message does not reach the model"),
        ("SaysItTwice", "remembers", "in turn 3 the model gets what the user said in turn 3 2 times"),
        ("StoresItTwice", "nothing-doubled", "'the first message' is in the thread 2 times"),
        ("NeverDone", "event-order", "is added and never done, so that it is not stored"),
        ("Buffers", "streams", "nothing of an answer is on the page before the model has said all of it"),
        ("NeedsAMessage", "no-message", "AttributeError: 'NoneType' object has no attribute 'content'"),
        ("SaysNothing", "answers", "the model is not asked, and the page gets nothing"),
        ("YieldsAnItem", "answers", "the page gets what is no event, of type 'assistant_message'"),
        ("one_id_for_a_run", "own-ids", "2 of 5 answers have the same id, 'msg_"),
        ("OnlyShowsAnswers", "action", "is added and never done, so that it is not stored"),
        ("OneIdForAnswers", "action", "two answers to actions have the same id, 'item_123'"),
        ("OneId", "own-ids", "3 of 3 answers have the same id, 'msg_answer'"),
        ("Forgetful", "threads-apart", "what was said in one thread reaches the model in another"),
        ("TakesFiles", "attachments", "NotImplementedError: An Attachment was included in a UserMessageItem"),
        ("with_litellm", "remembers", "turn 2 is not answered: UserError: Unknown content"),
        ("with_litellm", "own-ids", ""),
    ],
)
def test_what_is_broken_is_found(make: str, name: str, fact: str) -> None:
    found = outcomes(getattr(servers, make)(), "answers", name)

    assert found[name].status == "fail", found
    assert fact in found[name].fact
    assert found[name].path == servers.__file__


def test_an_answer_to_an_action_that_the_server_knows_is_stored() -> None:
    found = outcomes(servers.AnswersActions(), "action")

    assert found["action"].status == "pass", found


def test_a_file_that_only_a_route_of_the_project_puts_somewhere_is_not_missed() -> None:
    found = outcomes(servers.ReadsFiles(), "attachments")

    assert found["attachments"].status == "skip", found


def test_where_nothing_is_answered_that_is_said_once() -> None:
    class Fails(servers.GoodServer):  # type: ignore[misc, name-defined]
        async def history(self, *_: Any) -> Any:
            raise RuntimeError("no such table: items")

    found = outcomes(Fails())

    assert facts(found) == {"answers": "the first message is not answered: RuntimeError: no such table: items"}
