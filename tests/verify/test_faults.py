"""Each thing that can be wrong with a server fails its own check, fast, and leaves no thread behind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatkit_doctor.verify import result
from tests.commands import call
from tests.verify.server import Server


def verify(server: Server, *options: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code and the document; wait long only for what is to come."""
    patience = "0.4" if server.fault.startswith(("hangs", "drips")) else "10"
    outcome = call("verify", server.url, "--format", "json", "--timeout", patience, *options)
    assert outcome.stderr == ""
    return outcome.code, json.loads(outcome.stdout)


def failures(document: dict[str, Any]) -> dict[str, str]:
    """Return the reasons of the failed checks by their names."""
    return {each["name"]: each["reason"] for each in document["checks"] if each["status"] == "fail"}


# The fault, the checks that fail for it, and words of the reason that the first of them gives.
FAULTS: list[tuple[str, set[str], str]] = [
    ("", set(), ""),
    ("pages", set(), ""),
    ("no debug", set(), ""),
    ("makes up threads", set(), ""),
    ("closes after answers", set(), ""),
    ("one subject", set(), ""),
    ("hangs before headers", {"threads-list"}, "no answer within 0.4 s"),
    ("drips headers", {"threads-list"}, "no answer within 0.4 s"),
    ("html", {"threads-list"}, "HTML page where JSON is wanted"),
    ("401", {"threads-list"}, "refuses the request (401)"),
    ("403", {"threads-list"}, "refuses the request (403)"),
    ("404", {"threads-list"}, "has nothing at /chatkit (404)"),
    ("405", {"threads-list"}, "takes no POST at /chatkit (405)"),
    ("422", {"threads-list"}, "does not take ChatKit's request (422)"),
    ("500", {"threads-list", "streamed-turn"}, "answers with status 500"),
    ("redirects", {"threads-list"}, "redirects to"),
    ("no page", {"threads-list"}, "without a list of `data`"),
    ("list as stream", {"threads-list"}, "a stream where JSON is wanted"),
    ("list in a string", {"threads-list"}, "JSON inside a JSON string"),
    ("no cursor", {"threads-list"}, "there is more, and not after what"),
    ("endless list", {"threads-list"}, "more than 5 MB"),
    ("no health", {"health"}, "/health answers with status 404"),
    ("hangs in the stream", {"streamed-turn"}, "1 event, then: no answer within 0.4 s"),
    ("hangs before events", {"streamed-turn"}, "0 events, then: no answer within 0.4 s"),
    ("drips", {"streamed-turn"}, "cut off after 1.6 s"),
    ("endless stream", {"streamed-turn"}, "longer than 5 MB"),
    ("breaks", {"streamed-turn"}, "cut off"),
    ("json for a stream", {"streamed-turn"}, "application/json, not with text/event-stream"),
    ("stream as html", {"streamed-turn"}, "an HTML page, not with text/event-stream"),
    ("stream as text", {"streamed-turn"}, "answers with text/plain, not with text/event-stream"),
    ("never done", {"streamed-turn"}, "announced and never done"),
    ("wrapped twice", {"event-stream"}, '"data: data:"'),
    ("bytes shown", {"event-stream"}, "as Python shows them"),
    ("no empty lines", {"event-stream"}, "not parted by empty lines"),
    ("done under another id", {"event-stream"}, 'done as "msg_'),
    ("no json", {"event-stream"}, 'no JSON object: "[DONE]"'),
    ("json lines", {"event-stream"}, "neither data nor a comment"),
    ("unknown event", {"event-stream"}, '"message_delta"'),
    ("invalid utf-8", {"event-stream"}, "not UTF-8"),
    ("error event", {"no-errors"}, 'turn 1 ends with the error "the model is gone"'),
    ("error at second", {"no-errors"}, 'turn 2 ends with the error "the model is gone"'),
    ("forgets", {"memory"}, "the assistant says"),
    ("fake ids", {"unique-ids", "reload", "separate-messages", "debug-threads"}, "2 items have the id __fake_id__"),
    ("merged", {"separate-messages"}, "2 answers came, 1 is stored"),
    ("user message twice", {"reload"}, "is there 2 times"),
    ("wrong order", {"reload"}, "in another order: assistant, user, assistant, user"),
]


@pytest.mark.parametrize(("fault", "failing", "words"), FAULTS, ids=[each[0] or "none" for each in FAULTS])
def test_a_fault_fails_its_check_and_leaves_nothing(fault: str, failing: set[str], words: str) -> None:
    with Server(fault) as server:
        code, document = verify(server, "--yes")

    found = failures(document)
    assert set(found) == failing
    assert code == (1 if failing else 0)
    assert not failing or words in next(iter(found.values()))
    assert [each["name"] for each in document["checks"]] == [
        name for name in result.TITLES if name not in result.PAGE_CHECKS
    ]
    assert server.threads == {}
    assert document["left_behind"] == []


@pytest.mark.parametrize(
    ("fault", "words"), [("no deletion", "threads.list still has the thread"), ("delete fails", "status 500")]
)
def test_threads_that_cannot_be_deleted_are_named(fault: str, words: str) -> None:
    with Server(fault) as server:
        code, document = verify(server, "--yes")

    assert code == 1
    assert words in failures(document)["deletion"]
    assert document["left_behind"] == list(server.threads) != []


@pytest.mark.parametrize(
    ("fault", "words"),
    [("hangs", "no answer within 0.4 s"), ("not http", "the answer is not HTTP")],
)
def test_a_server_that_does_not_speak_is_not_reached(fault: str, words: str) -> None:
    with Server(fault) as server:
        code, document = verify(server, "--yes")

    assert code == 2
    assert set(failures(document)) == {"reachable"}
    assert words in failures(document)["reachable"]


def test_a_port_on_which_nothing_listens_and_a_name_that_nothing_has() -> None:
    with Server() as server:
        url = server.url
    for address, words in ((url, "nothing answers at"), ("http://nowhere.invalid", "nowhere.invalid")):
        outcome = call("verify", address, "--yes")
        assert outcome.code == 2
        assert words in outcome.stdout


def test_a_refused_caller_is_told_how_to_sign_in_and_a_header_gets_through() -> None:
    with Server("401") as server:
        _, document = verify(server)
    refused = next(each for each in document["checks"] if each["status"] == "fail")
    assert "--header" in refused["help"]


def test_an_assistant_that_keeps_to_its_subject_forgets_nothing() -> None:
    with Server("one subject") as server:
        _, document = verify(server, "--yes")
    memory = next(each for each in document["checks"] if each["name"] == "memory")
    assert memory["status"] == "skip"
    assert "Ask me about the book." in memory["reason"]


def test_a_crash_says_nothing_of_who_may_ask() -> None:
    with Server("crash without cors") as server:
        _, document = verify(server)
    cors = next(each for each in document["checks"] if each["name"] == "cors")
    assert cors["status"] == "pass"


@pytest.mark.parametrize(("path", "found"), [("/api/v1/chatkit", "/api/v1/health"), ("/a/b/chatkit/", "/a/health")])
def test_health_is_looked_for_on_the_way_to_the_endpoint(path: str, found: str) -> None:
    with Server(f"health at {found}") as server:
        outcome = call("verify", server.url + path, "--format", "json")
    health = next(each for each in json.loads(outcome.stdout)["checks"] if each["name"] == "health")
    assert (health["status"], health["reason"]) == ("pass", f"at {found}")


@pytest.mark.parametrize(("fault", "rule"), [("forgets", "CK301"), ("fake ids", "CK302")])
def test_a_failure_names_the_rule_that_explains_it(fault: str, rule: str) -> None:
    with Server(fault) as server:
        _, document = verify(server, "--yes")
    found = [each["rule"] for each in document["checks"] if each["status"] == "fail"]
    assert {each["code"] for each in found} == {rule}
    assert all(each["url"].endswith(".md") for each in found)
