"""A page's side of ChatKit's protocol: requests, streamed turns, and the threads that have to go again."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from chatkit_doctor.records import dataclass, field
from chatkit_doctor.verify.wire.address import Address
from chatkit_doctor.verify.wire.events import EVENT_STREAM, EventReader
from chatkit_doctor.verify.wire.transport import (
    STREAM_TIMEOUTS,
    Answer,
    Headers,
    Http,
    Incoming,
    NoAnswerError,
    seconds_since,
)
from chatkit_doctor.verify.wire.turn import StreamPiece, ThreadItem, Turn

_NO_STREAMS = frozenset({"application/json", "text/html"})
_START_OF_BODY = 10_000
_THREADS_TO_SEARCH = 5
_THREADS_TO_LIST = 20


@dataclass(slots=True)
class Chat:
    """A user of an endpoint. headers: what goes with every request. threads: ids of those that were made and are left.

    lost: what was said in a new thread whose id never came back.
    """

    http: Http
    endpoint: Address
    headers: Headers = ()
    threads: list[str] = field(default_factory=list)
    lost: str = ""

    async def ask(self, kind: str, **params: Any) -> Answer:
        """Send a request that is answered by JSON. Raises NoAnswerError."""
        return await self.http.post(self.endpoint, {"type": kind, "params": params}, self.headers)

    async def create(self, text: str) -> Turn:
        """Start a thread with a message."""
        self.lost = text
        turn = await self._turn(text, "threads.create", {"input": _message(text)})
        if turn.head is not None and 300 <= turn.head.status < 500:
            self.lost = ""
        return turn

    async def say(self, thread_id: str, text: str) -> Turn:
        """Send another message to a thread."""
        return await self._turn(text, "threads.add_user_message", {"thread_id": thread_id, "input": _message(text)})

    async def delete(self, thread_id: str) -> Answer:
        """Ask for a thread to be deleted. Raises NoAnswerError."""
        return await self.ask("threads.delete", thread_id=thread_id)

    def forget(self, thread_id: str) -> None:
        """Note that a thread is gone."""
        self.threads.remove(thread_id)

    async def remains(self, thread_id: str) -> str:
        """Return where a deleted thread is still found, "" for nowhere. Raises NoAnswerError."""
        listed = (await self.ask("threads.list", limit=_THREADS_TO_LIST, order="desc")).json
        if thread_id in _ids_of(listed):
            return "threads.list still has the thread"
        items = items_of(await self.ask("threads.get_by_id", thread_id=thread_id))
        if items:
            return "threads.get_by_id still gives the thread"
        if items is not None:
            # A store that makes up what it does not have may keep it: the question has made an empty thread.
            await self.delete(thread_id)
        return ""

    async def clean_up(self) -> list[str]:
        """Delete the threads that are left of those made here; return the ids of those that stay."""
        if self.lost:
            self.threads += await self._found_by_message(self.lost)
        staying = []
        for thread_id in self.threads:
            try:
                await self.delete(thread_id)
                is_left = bool(await self.remains(thread_id))
            except NoAnswerError:
                is_left = True
            if is_left:
                staying.append(thread_id)
        return staying

    async def _found_by_message(self, text: str) -> list[str]:
        """Return the newest threads that hold a message which nobody else can have written."""
        try:
            ids = _ids_of((await self.ask("threads.list", limit=_THREADS_TO_SEARCH, order="desc")).json)
            return [each for each in ids[:_THREADS_TO_SEARCH] if await self._has(each, text)]
        except NoAnswerError:
            return []

    async def _has(self, thread_id: str, text: str) -> bool:
        items = items_of(await self.ask("threads.get_by_id", thread_id=thread_id))
        return any(text in item.text for item in items or ())

    async def _turn(self, said: str, kind: str, params: dict[str, Any]) -> Turn:
        turn = Turn(said)
        start = time.monotonic()
        limit = STREAM_TIMEOUTS * self.http.timeout
        request = self.http.opened(
            "POST", self.endpoint, [("Accept", EVENT_STREAM), *self.headers], {"type": kind, "params": params}
        )
        try:
            async with asyncio.timeout(limit), request as incoming:
                turn.head = incoming.head
                # A stream under a wrong name is read as one, so that the rest of it can be judged.
                if turn.head.status == 200 and turn.head.media_type not in _NO_STREAMS:
                    await self._read(turn, incoming, start)
                else:
                    turn.body = await _start_of(incoming)
        except NoAnswerError as error:
            turn.broken = str(error)
        except TimeoutError:
            turn.broken = f"the stream has no end: it was cut off after {limit:g} s"
        return turn

    async def _read(self, turn: Turn, incoming: Incoming, start: float) -> None:
        reader = EventReader()
        has_end = False
        try:
            async for data in incoming.pieces():
                before = len(turn.events)
                turn.events += reader.feed(data)
                turn.pieces.append(
                    StreamPiece(seconds_since(start), len(turn.events) - before, reader.is_between_events)
                )
            has_end = not incoming.is_cut
        finally:
            # Also where it was cut off: the rest may hold the thread's id, though its form is nobody's fault then.
            formal = len(reader.problems)
            turn.events += reader.end()
            turn.problems = reader.problems if has_end else reader.problems[:formal]
            if turn.thread_id:
                self.threads.append(turn.thread_id)
                self.lost = ""
        if incoming.is_cut:
            turn.broken = "the stream is longer than 5 MB"


def items_of(answer: Answer) -> list[ThreadItem] | None:
    """Return the items of a thread or of a page, or None where the answer is neither."""
    found = answer.json if answer.status == 200 else None
    page = found.get("items", found) if isinstance(found, dict) else None
    data = page.get("data") if isinstance(page, dict) else None
    return [ThreadItem.read(each) for each in data] if isinstance(data, list) else None


def _ids_of(page: Any) -> list[str]:
    """Return the ids of a page of threads, whatever a server sends for one."""
    threads = page.get("data") if isinstance(page, dict) else None
    ids = (each.get("id") for each in threads if isinstance(each, dict)) if isinstance(threads, list) else ()
    return [each for each in ids if isinstance(each, str)]


def _message(text: str) -> dict[str, Any]:
    return {"content": [{"type": "input_text", "text": text}], "attachments": [], "inference_options": {}}


async def _start_of(incoming: Incoming) -> bytes:
    data = b""
    async for piece in incoming.pieces():
        data += piece
        if len(data) >= _START_OF_BODY:
            break
    return data[:_START_OF_BODY]
