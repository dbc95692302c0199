"""Many streamed turns at once on a server that is killed in their middle, and what is left of them afterwards."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from tests.reference.harness import message, texts

if TYPE_CHECKING:
    from tests.reference.harness import Backend

USERS = 20
_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of the turns.

    acknowledged: messages that a browser was told are done before the server was killed.
    cut: turns that were under way then; each was repeated in a thread of its own after the restart.
    lost: acknowledged messages that were not there after the restart.
    merged: acknowledged messages whose text was another's.
    stored, ids: messages at the end, and how many ids they have.
    seconds: from the first request to the kill, and of the repeated turns.
    """

    turns: int
    acknowledged: int
    cut: int
    lost: int
    merged: int
    unanswered: int
    stored: int
    ids: int
    seconds: tuple[float, float]


@dataclass(slots=True)
class _Seen:
    """What the browsers were told.

    done: the text of each message that is done, by its id.
    answered: the numbers of the turns that were answered.
    enough: set when that many are.
    """

    until: int
    done: dict[str, str] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)
    enough: asyncio.Event = field(default_factory=asyncio.Event)


def run_load(backend: Backend, turns: int) -> Figures:
    """Run the turns, kill the server when a fifth of them is answered, start it again and repeat what was cut."""
    return asyncio.run(_run(backend, turns))


async def _run(backend: Backend, turns: int) -> Figures:
    seen = _Seen(until=turns // 5)
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=backend.url, timeout=_SECONDS, trust_env=False, limits=limits) as http:
        users = [await _sign_in(http, f"user-{number}") for number in range(USERS)]
        started = time.monotonic()
        under_way = [asyncio.create_task(_turn(http, users, turn, seen)) for turn in range(turns)]
        await seen.enough.wait()
        backend.kill()
        killed = time.monotonic()
        await asyncio.gather(*under_way)

        acknowledged = dict(seen.done)
        await asyncio.to_thread(backend.start)
        kept = await _stored(http)

        cut = [turn for turn in range(turns) if turn not in seen.answered]
        again = time.monotonic()
        await asyncio.gather(*(_turn(http, users, turn, seen) for turn in cut))
        finished = time.monotonic()
        stored = await _stored(http)
    found = dict(kept)
    return Figures(
        turns=turns,
        acknowledged=len(acknowledged),
        cut=len(cut),
        lost=sum(item_id not in found for item_id in acknowledged),
        merged=sum(found.get(item_id, text) != text for item_id, text in acknowledged.items()),
        unanswered=turns - len(seen.answered),
        stored=len(stored),
        ids=len({item_id for item_id, _ in stored}),
        seconds=(killed - started, finished - again),
    )


async def _sign_in(http: httpx.AsyncClient, name: str) -> dict[str, str]:
    """Return the headers that say who asks; they hold after a restart as well."""
    answer = (await http.post("/sign-in", json={"name": name})).raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def _turn(http: httpx.AsyncClient, users: list[dict[str, str]], number: int, seen: _Seen) -> None:
    """Start a thread with a message and note what is done, until the answer is there or the server is gone."""
    # Answers of different lengths, so that they do not all end at once.
    text = f"number {number}" + " and so on" * (number % 25)
    body = {"type": "threads.create", "params": {"input": message(text)}}
    headers = users[number % USERS]
    try:
        async with http.stream("POST", "/chatkit", json=body, headers=headers) as response:
            async for line in response.aiter_lines():
                if line.startswith('data: {"type":"thread.item.done"'):
                    _note(line, number, text, seen)
    except httpx.TransportError:
        return


def _note(line: str, number: int, asked: str, seen: _Seen) -> None:
    item = json.loads(line.removeprefix("data: "))["item"]
    (said,) = texts([item])
    seen.done[item["id"]] = said
    if item["type"] == "assistant_message" and said == f"You said: {asked}":
        seen.answered.add(number)
    if len(seen.answered) >= seen.until:
        seen.enough.set()


async def _stored(http: httpx.AsyncClient) -> list[tuple[str, str]]:
    """Return id and text of every message, of all users."""
    threads: list[dict[str, Any]] = (await http.get("/debug/threads")).raise_for_status().json()["threads"]
    items = [item for thread in threads for item in thread["items"]]
    return [(item["id"], said) for item, said in zip(items, texts(items), strict=True)]
