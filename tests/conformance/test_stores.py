"""A store that holds to everything passes everything; one that breaks a property fails it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from chatkit.types import ThreadMetadata

from chatkit_doctor.conformance.nobody import Nobody
from chatkit_doctor.conformance.properties import properties
from chatkit_doctor.conformance.registry import functions
from chatkit_doctor.conformance.results import Outcome
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.verify.result import PAGE_CHECKS, TITLES
from tests.conformance.broken_stores import BROKEN
from tests.later import Later

running = Later("chatkit_doctor.conformance.running")
subjects = Later("chatkit_doctor.conformance.subject")
stores = Later("tests.conformance.stores")

USERS = ({"user_id": "a"}, {"user_id": "b"})


def outcomes(make: Any, contexts: tuple[Any, ...] = USERS, scratch: Path | None = None) -> dict[str, Outcome]:
    """Return the verdicts on what `make` makes; with a folder of scratch it is known to make more than one."""

    async def another() -> Any:
        return make()

    run = running.PropertyRun(
        subjects.Subject("tests:make", make(), another if scratch else None), contexts, scratch=scratch
    )
    return {each.name: each for each in asyncio.run(run.all())}


def failed(found: dict[str, Outcome]) -> set[str]:
    return {name for name, each in found.items() if each.status == "fail"}


def test_a_good_store_passes_everything(tmp_path: Path) -> None:
    found = outcomes(stores.GoodStore, scratch=tmp_path)

    assert failed(found) == set()
    assert [name for name, each in found.items() if each.status == "skip"] == ["restart"]
    assert list(found) == list(functions("store"))


@pytest.mark.parametrize("store", BROKEN)
def test_what_is_broken_is_found_and_said_with_its_place(store: str, tmp_path: Path) -> None:
    found = outcomes(getattr(stores, store), scratch=tmp_path)

    wrong = {name: each.fact for name, each in found.items() if each.status == "fail"}
    assert set(wrong) == BROKEN[store], wrong
    assert all(each.path == stores.__file__ and each.line for each in found.values() if each.status == "fail")
    assert all(fact and "\n" not in fact and not fact.endswith(".") for fact in wrong.values())


def test_two_users_and_a_second_instance_are_asked_for_where_they_are_needed() -> None:
    found = outcomes(stores.GoodStore, (Nobody(),))

    skipped = {name: each.fact for name, each in found.items() if each.status == "skip"}
    assert set(skipped) == {"user-isolation", "restart"}
    assert "--context twice" in skipped["user-isolation"]
    assert "factory" in skipped["restart"]


@pytest.mark.parametrize("store", [stores.NeedsAUser, stores.AsksForAUser])
def test_a_store_that_asks_for_a_user_is_skipped_without_one(store: type) -> None:
    found = outcomes(store, (Nobody(),))

    # Ids are made without asking for one.
    assert {name for name, each in found.items() if each.status != "skip"} == {"ids"}
    assert "'user_id'" in found["item-pages"].fact


@pytest.mark.parametrize(
    "text",
    ["no such table: chat_threads", 'relation "app.threads" does not exist', "Table 'chat.threads' doesn't exist"],
)
def test_a_database_without_tables_is_no_fault_of_the_store(text: str) -> None:
    class Untabled(stores.GoodStore):  # type: ignore[misc, name-defined]
        async def save_thread(self, thread: ThreadMetadata, context: Any) -> None:
            raise RuntimeError(f"(OperationalError) {text}\n[SQL: SELECT 1]")

    found = outcomes(Untabled)

    assert failed(found) == set()
    assert found["thread-round-trip"].fact == f"the database has no tables, {text}: name a factory that makes them"


def test_a_store_without_attachments_is_told_so() -> None:
    assert outcomes(stores.NoAttachments)["attachment-round-trip"].status == "skip"


def test_what_takes_too_long_is_a_failure() -> None:
    class Slow(stores.GoodStore):  # type: ignore[misc, name-defined]
        async def load_thread(self, thread_id: str, context: Any) -> Any:
            await asyncio.sleep(60)

    found = asyncio.run(
        running.PropertyRun(subjects.Subject("tests:make", Slow(), None), USERS, seconds=0.05).of("thread-round-trip")
    )

    assert (found.status, found.fact) == ("fail", "it is not done after 0.05 seconds")


@pytest.mark.parametrize("subject", ["store", "server"])
def test_the_table_of_properties_names_what_there_is(subject: str) -> None:
    named = {name: each for (kind, name), each in properties().items() if kind == subject}

    assert set(functions(subject)) == set(named)
    assert {check for each in named.values() for check in each.verify} <= set(TITLES)
    codes = {code for each in named.values() for code in each.rules}
    assert all(code.startswith("CK") and code[2:].isdecimal() for code in codes)
    assert codes & set(pages())


def test_what_verify_shows_of_a_store_or_a_server_is_a_property_as_well() -> None:
    of_the_wire = {"reachable", "health", "cors", *PAGE_CHECKS}

    assert {check for each in properties().values() for check in each.verify} == set(TITLES) - of_the_wire
