"""The checks that write: two turns in a thread of their own, its reload and its deletion."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from typing import Any

from chatkit_doctor.verify.explained import ExplainedBy
from chatkit_doctor.verify.objections import is_page, objection
from chatkit_doctor.verify.result import WRITING_CHECKS, Verdict, failed, passed, skipped
from chatkit_doctor.verify.stored_checks import complete, debug_ids, separate
from chatkit_doctor.verify.turn_checks import in_pieces, no_errors, remembers, streamed, unique_ids, well_formed
from chatkit_doctor.verify.wire.chat import Chat, items_of
from chatkit_doctor.verify.wire.transport import Answer, NoAnswerError
from chatkit_doctor.verify.wire.turn import ThreadItem, Turn

TURNS = 2
_MOST_PAGES = 5
_SYLLABLES = ("bar", "del", "fin", "gor", "kal", "lum", "mor", "nev", "ral", "sol", "tav", "zem")

Named = tuple[str, Verdict]


async def converse(chat: Chat) -> AsyncIterator[Named]:
    """Yield the checks that write with their verdicts. What was made is left to `Chat.clean_up`."""
    word = "".join(secrets.choice(_SYLLABLES) for _ in range(4)).capitalize()
    first = await chat.create(f"My name is {word}. Please greet me by my name in one short sentence.")
    yield "streamed-turn", streamed(first)
    thread_id = first.thread_id
    if not thread_id:
        judged = _of_turns([first]) if first.events else []
        for name, verdict in judged:
            yield name, verdict
        for name in WRITING_CHECKS[1 + len(judged) :]:
            yield name, skipped("the first turn made no thread")
        return
    turns = [first]
    if first.is_complete:
        turns.append(await chat.say(thread_id, "What is my name? Answer with the name alone."))
    for name, verdict in _of_turns(turns):
        yield name, verdict
    yield "memory", remembers(turns, word) if len(turns) > 1 else skipped("the first turn was not answered")
    async for name, verdict in _of_thread(chat, thread_id, turns):
        yield name, verdict


def _of_turns(turns: list[Turn]) -> list[Named]:
    return [
        ("event-stream", well_formed(turns)),
        ("in-pieces", in_pieces(turns)),
        ("no-errors", no_errors(turns)),
    ]


async def _of_thread(chat: Chat, thread_id: str, turns: list[Turn]) -> AsyncIterator[Named]:
    stored = await _stored(chat, thread_id)
    items = stored if isinstance(stored, list) else []
    yield "unique-ids", unique_ids(turns, items)
    yield "reload", stored if isinstance(stored, Verdict) else complete(turns, items)
    yield "separate-messages", skipped("nothing could be loaded") if not items else separate(turns, items)
    yield "debug-threads", await _debug(chat, thread_id)
    yield "deletion", await _deleted(chat, thread_id)


async def _stored(chat: Chat, thread_id: str) -> list[ThreadItem] | Verdict:
    """Load a thread as a page does after a reload: the thread, then the pages of its items that are left."""
    try:
        answer = await chat.ask("threads.get_by_id", thread_id=thread_id)
        items: list[ThreadItem] = []
        for _ in range(_MOST_PAGES):
            if found := objection(answer):
                return failed(f"the thread {found.reason}", found.rule, found.help)
            page = items_of(answer)
            if page is None:
                return failed("the thread comes without a page of items", ExplainedBy.HAND_WRITTEN_PROTOCOL)
            items += page
            after = _next_page(answer)
            if after is None:
                break
            answer = await chat.ask("items.list", thread_id=thread_id, order="asc", after=after)
    except NoAnswerError as error:
        return failed(f"the thread cannot be loaded: {error}")
    return items


def _next_page(answer: Answer) -> Any:
    page = answer.json.get("items", answer.json)
    return page.get("after") if page.get("has_more") else None


async def _debug(chat: Chat, thread_id: str) -> Verdict:
    try:
        answer = await chat.http.get(chat.endpoint.at("/debug/threads"), chat.headers)
    except NoAnswerError as error:
        return skipped(str(error))
    if answer.status != 200 or is_page(answer) or answer.json is None:
        return skipped("there is no /debug/threads")
    return debug_ids(answer.json, thread_id)


async def _deleted(chat: Chat, thread_id: str) -> Verdict:
    try:
        answer = await chat.delete(thread_id)
        # What it says is nobody's business, as long as the thread goes.
        if answer.status >= 300 and (found := objection(answer)):
            return failed(f"threads.delete {found.reason}", found.rule, found.help)
        place = await chat.remains(thread_id)
    except NoAnswerError as error:
        return failed(str(error))
    if place:
        return failed(f"after threads.delete, {place}")
    chat.forget(thread_id)
    return passed()
