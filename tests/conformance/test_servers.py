"""A server that holds to everything passes everything; one that breaks a property fails it. On the real SDKs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from chatkit_doctor.conformance.model import redirect
from chatkit_doctor.conformance.registry import functions
from chatkit_doctor.conformance.results import Outcome
from chatkit_doctor.conformance.running import PropertyRun
from chatkit_doctor.conformance.subject import Subject
from tests.conformance import servers
from tests.conformance.servers import GoodServer

USERS = ({"user_id": "a"}, {"user_id": "b"})


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is set for the run is put back at the end.
    monkeypatch.setattr("os.environ", __import__("os").environ.copy())
    redirect.prepare()


def outcomes(server: Any, *names: str) -> dict[str, Outcome]:
    run = PropertyRun(Subject("tests:server", server, None), USERS)
    return {each.name: each for each in asyncio.run(run.all(names))}


def facts(found: dict[str, Outcome]) -> dict[str, str]:
    return {name: each.fact for name, each in found.items() if each.status == "fail"}


@pytest.mark.parametrize("make", [GoodServer, servers.with_a_tool], ids=["plain", "with a tool"])
def test_a_good_server_passes_everything(make: Callable[[], GoodServer]) -> None:
    found = outcomes(make())

    assert facts(found) == {}
    skipped = {name for name, each in found.items() if each.status == "skip"}
    assert skipped == {"feedback", "attachments"} | ({"tool-turn"} if make is GoodServer else set())
    assert list(found) == list(functions("server"))


@pytest.mark.parametrize(
    ("make", "name", "fact"),
    [
        (servers.Forgets, "remembers", "in turn 3 the model does not get what the user said in turn 1"),
        (servers.OldestFirst, "long-thread", "the newest message does not reach the model"),
        (servers.SaysItTwice, "remembers", "in turn 3 the model gets what the user said in turn 3 2 times"),
        (servers.StoresItTwice, "nothing-doubled", "'the first message' is in the thread 2 times"),
        (servers.NeverDone, "event-order", "is added and never done, so that it is not stored"),
        (servers.Buffers, "streams", "nothing of an answer is on the page before the model has said all of it"),
        (servers.NeedsAMessage, "no-message", "AttributeError: 'NoneType' object has no attribute 'content'"),
        (servers.OneId, "own-ids", "3 of 3 answers have the same id, 'msg_answer'"),
        (servers.Forgetful, "threads-apart", "what was said in one thread reaches the model in another"),
        (servers.with_litellm, "remembers", "turn 2 is not answered: UserError: Unknown content"),
        (servers.with_litellm, "own-ids", ""),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_broken_is_found(make: Callable[[], GoodServer], name: str, fact: str) -> None:
    found = outcomes(make(), "answers", name)

    assert found[name].status == "fail", found
    assert fact in found[name].fact
    assert found[name].path == servers.__file__


def test_where_nothing_is_answered_that_is_said_once() -> None:
    class Fails(GoodServer):
        async def history(self, *_: Any) -> Any:
            raise RuntimeError("no such table: items")

    found = outcomes(Fails())

    assert facts(found) == {"answers": "the first message is not answered: RuntimeError: no such table: items"}
