"""What is no fault of a server: that its guard asks, that a service of its own is not there, which files it takes."""

from __future__ import annotations

import pytest

from tests.conformance.test_servers import facts, outcomes
from tests.later import Later

worlds = Later("tests.conformance.worlds")

pytestmark = pytest.mark.usefixtures("model_settings")


def test_a_guard_is_told_what_lets_the_message_through() -> None:
    server = worlds.Guarded()

    found = outcomes(server)

    assert facts(found) == {}
    assert found["remembers"].status == found["threads-apart"].status == "pass"
    # The first answer to its question was the wrong one, and is not given again.
    assert server.refused == 1


def test_what_is_said_in_each_turn_is_not_doubled() -> None:
    found = outcomes(worlds.SaysTheSame(), "nothing-doubled")

    assert found["nothing-doubled"].status == "pass", found


def test_a_service_that_does_not_run_is_no_fault_of_the_server() -> None:
    found = outcomes(worlds.NeedsATool(), "answers", "remembers")

    assert {each.status for each in found.values()} == {"skip"}
    assert found["answers"].fact == (
        "it needs a service that is not there: UserError: Failed to connect to the server of the tools"
    )


@pytest.mark.parametrize(
    ("makes", "status", "fact"),
    [
        (["text/plain"], "pass", ""),
        (["image/png"], "pass", ""),
        ([], "skip", "the attachment store takes no text, no picture and no PDF: 400: it is refused"),
        (None, "fail", "KeyError: 'request'"),
    ],
)
def test_an_attachment_is_of_a_kind_that_is_taken(makes: list[str] | None, status: str, fact: str) -> None:
    found = outcomes(worlds.TakesFiles(makes), "attachments")

    assert (found["attachments"].status, found["attachments"].fact) == (status, fact)


def test_the_newest_message_is_the_newest_by_its_time_too() -> None:
    found = outcomes(worlds.ReadsTheNewest(), "long-thread")

    assert found["long-thread"].status == "pass", found


def test_what_the_server_makes_of_the_models_word_is_its_own() -> None:
    found = outcomes(worlds.Router())

    assert facts(found) == {}
    assert found["answers"].fact == ("the page gets another answer than the model's, 'I do not know what that means.'")
    assert found["streams"].status == "skip"
    assert found["remembers"].status == found["cut-off"].status == "pass"


def test_an_error_that_is_told_as_an_answer_is_one() -> None:
    found = outcomes(worlds.TellsItsErrors(), "answers")

    assert facts(found) == {"answers": "for what the model says the page gets \"Error processing request: 'choice'\""}


def test_tools_of_a_server_that_nobody_has_connected_to_are_no_fault() -> None:
    found = outcomes(worlds.without_its_own_server(), "answers", "remembers")

    assert {each.status for each in found.values()} == {"skip"}
    assert found["answers"].fact.startswith("it needs a service that is not there: UserError: Server not initialized")
