"""The properties in a project's own tests, one test each: override `chatkit_store` or `chatkit_server`.

    @pytest.fixture
    def chatkit_store(tmp_path):
        return lambda: SqliteStore(tmp_path / "chat.db")

    def test_store(chatkit_store_property):
        chatkit_store_property.check()

Pytest loads this in every run of the environment, so that nothing is imported before a property is asked.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Sequence
from typing import Any

import pytest

_KINDS = {"chatkit_store_property": "store", "chatkit_server_property": "server"}


class AskedProperty:
    """One property of what `chatkit_store` or `chatkit_server` gives."""

    def __init__(self, kind: str, name: str, given: Any, contexts: Sequence[Any]) -> None:
        self._kind = kind
        self._name = name
        self._given = given
        self._contexts = contexts

    def check(self) -> None:
        """Pass, or fail or skip the test, with the words of the verdict."""
        __tracebackhide__ = True
        outcome = asyncio.run(self._outcome())
        if outcome.status == "skip":
            pytest.skip(outcome.fact)
        if outcome.status == "fail":
            place = f"\nat {outcome.path}:{outcome.line}" if outcome.path else ""
            case = f"\nshown by: {outcome.case}" if outcome.case else ""
            pytest.fail(f"{outcome.fact}{case}{place}", pytrace=False)

    async def _outcome(self) -> Any:
        from chatkit_doctor.conformance.nobody import Nobody
        from chatkit_doctor.conformance.running import PropertyRun
        from chatkit_doctor.conformance.subject import Subject, is_subject

        given = self._given

        async def make() -> Any:
            made = given()
            return await made if inspect.isawaitable(made) else made

        is_made = is_subject(given)
        subject = Subject(f"chatkit_{self._kind}", given if is_made else await make(), None if is_made else make)
        if subject.kind != self._kind:
            raise pytest.UsageError(f"chatkit_{self._kind} gives a {type(subject.instance).__name__}")
        return await PropertyRun(subject, tuple(self._contexts) or (Nobody(),)).of(self._name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test for each property."""
    for fixture, kind in _KINDS.items():
        if fixture in metafunc.fixturenames:
            from chatkit_doctor.conformance.properties import properties

            names = [name for of, name in properties() if of == kind]
            metafunc.parametrize(f"_{fixture}_name", names)


@pytest.fixture
def chatkit_store() -> Any:
    """Give the store: an instance, or a function that makes one (and another one on the same data)."""
    raise pytest.UsageError("define a fixture chatkit_store that returns a Store, or a function that makes one")


@pytest.fixture
def chatkit_server() -> Any:
    """Give the server: an instance, or a function that makes one. Its model is not asked: answers are scripted."""
    raise pytest.UsageError(
        "define a fixture chatkit_server that returns a ChatKitServer, or a function that makes one"
    )


@pytest.fixture
def chatkit_contexts() -> Sequence[Any]:
    """Give the contexts of two users, which a request would have."""
    return ()


@pytest.fixture
def _chatkit_store_property_name() -> str:
    raise AssertionError("it is a parameter of each test")


@pytest.fixture
def _chatkit_server_property_name() -> str:
    raise AssertionError("it is a parameter of each test")


@pytest.fixture
def chatkit_store_property(
    chatkit_store: Any, chatkit_contexts: Sequence[Any], _chatkit_store_property_name: str
) -> AskedProperty:
    """Give one property of `chatkit_store`; a test that takes it is run once for each."""
    return AskedProperty("store", _chatkit_store_property_name, chatkit_store, chatkit_contexts)


@pytest.fixture
def chatkit_server_property(
    chatkit_server: Any,
    chatkit_contexts: Sequence[Any],
    _chatkit_server_property_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> AskedProperty:
    """Give one property of `chatkit_server`; a test that takes it is run once for each."""
    from chatkit_doctor.conformance.model.redirect import settings

    for name, value in settings().items():
        monkeypatch.setenv(name, value)
    return AskedProperty("server", _chatkit_server_property_name, chatkit_server, chatkit_contexts)
