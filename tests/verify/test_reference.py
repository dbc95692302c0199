"""The known-good app passes every check, with its scripted model and with LiteLLM over HTTP."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import pytest

from chatkit_doctor.verify.result import PAGE_CHECKS, TITLES
from tests.commands import Outcome, call
from tests.reference.harness import model_of, running
from tests.standin.provider import Failure, Provider

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference.harness import Backend


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as listening:
        yield listening


@pytest.fixture(scope="module", params=["scripted", "litellm"])
def reference(
    request: pytest.FixtureRequest, provider: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backend]:
    model = model_of(provider) if request.param == "litellm" else {}
    folder: Path = tmp_path_factory.mktemp("backend")
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(running(folder / "uvicorn.log", DATABASE=str(folder / "chat.db"), **model))


def verified(reference: Backend, *options: str) -> Outcome:
    """Call the command as a user who has signed in."""
    with reference.user() as user:
        header = f"Authorization: {user.http.headers['Authorization']}"
    return call("verify", reference.url, "--yes", "--header", header, *options)


def test_passes_every_check_and_keeps_nothing(reference: Backend) -> None:
    outcome = verified(reference, "--format", "json")
    document = json.loads(outcome.stdout)

    assert {check["name"]: check["reason"] for check in document["checks"] if check["status"] != "pass"} == {}
    assert [check["name"] for check in document["checks"]] == [name for name in TITLES if name not in PAGE_CHECKS]
    assert outcome.code == 0
    with reference.user() as user:
        assert user.http.get("/debug/threads").json() == {"threads": []}


@pytest.mark.parametrize("reference", ["litellm"], indirect=True)
def test_an_answer_that_fails_is_shown_in_the_words_of_the_user(
    provider: Provider, reference: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider, "script", lambda _: Failure(401, "no"))
    outcome = verified(reference)
    assert outcome.code == 1
    assert "turn 1 ends with the error \"The assistant's key was refused" in " ".join(outcome.stdout.split())


@pytest.mark.parametrize("reference", ["scripted"], indirect=True)
def test_whoever_has_not_signed_in_is_told_how(reference: Backend) -> None:
    outcome = call("verify", reference.url, "--yes")

    assert outcome.code == 1
    assert 'such as --header "Authorization: Bearer …"' in " ".join(outcome.stdout.split())
