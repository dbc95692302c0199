"""Answers: a message is answered, as it comes, under ids of its own, in events that belong together."""

from __future__ import annotations

import asyncio
import json
import re
import threading

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.equality import shown
from chatkit_doctor.conformance.model.end import ModelAnswer, ModelScript, echo
from chatkit_doctor.conformance.model.heard import Heard, example
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError, SkippedError
from chatkit_doctor.conformance.stage import ServerStage, StagedTurn, WireEvent, message, text_of

_WAIT = 5.0
# How servers put it that catch what goes wrong and make an answer of it.
_IS_OF_AN_ERROR = re.compile(r"\berrors?\b|\bexception\b|went wrong|\bfailed\b|Traceback", re.IGNORECASE)


@shows("server", "answers")
async def answers(stage: ServerStage) -> None:
    """Send one message to a new thread: what the model says comes back."""
    turn = await stage.open("Hello, can you hear me?")
    if turn.error:
        raise BrokenError(f"the first message is not answered: {turn.error}", 'threads.create "Hello, …"', "respond")
    if not turn.heard:
        if not any(map(_is_for_the_page, turn.events)):
            raise BrokenError(
                "the first message is not answered: the model is not asked, and the page gets nothing",
                'threads.create "Hello, …"',
                "respond",
            )
        raise SkippedError(
            "respond asks no model that speaks Chat Completions or Responses, so that nothing can be said of it"
        )
    strange = next((each.get("type") for each in turn.events if each.get("type") not in samples.event_types()), None)
    if strange is not None:
        raise BrokenError(
            f"the page gets what is no event, of type {strange!r}", 'threads.create "Hello, …"', "respond"
        )
    if "This is answer" not in turn.said and not any(each.schema for each in turn.heard):
        case = 'threads.create "Hello, …"'
        if not any(map(_is_for_the_page, turn.events)):
            raise BrokenError(f"what the model says does not come back: {_events_of(turn)}", case, "respond")
        if _IS_OF_AN_ERROR.search(turn.said):
            raise BrokenError(f"for what the model says the page gets {shown(turn.said)}", case, "respond")
        raise SkippedError(f"the page gets another answer than the model's, {shown(turn.said)}")


@shows("server", "streams")
async def streams(stage: ServerStage) -> None:
    """Hold the model back after its first word: that word is on the page already."""
    await stage.talk("Hello")
    if not stage.hands_on:
        raise SkippedError("what the page gets is not what the model says")
    gate = threading.Event()

    def held(heard: Heard, number: int) -> ModelAnswer:
        answer = echo(heard, number)
        answer.gate = gate
        return answer

    stage.follow(held)
    turn = StagedTurn()
    seen = asyncio.Event()

    async def read() -> None:
        async for event in stage.events(*message("Do you stream?")):
            stage.note(event, turn)
            if event.get("type") == "thread.item.updated" or "This" in turn.said:
                seen.set()

    reading = asyncio.ensure_future(read())
    try:
        await asyncio.wait_for(seen.wait(), _WAIT)
    except TimeoutError:
        raise BrokenError(
            "nothing of an answer is on the page before the model has said all of it", "", "respond"
        ) from None
    finally:
        gate.set()
        await asyncio.wait([reading], timeout=_WAIT)


@shows("server", "own-ids")
async def own_ids(stage: ServerStage) -> None:
    """Have three turns: each message has an id of its own, on the page and in the store."""
    turns = await stage.talk("one", "two", "three")
    done = [item["id"] for turn in turns for item in turn.done("assistant_message")]
    case = "three turns"
    if any(each.tools for each in turns[-1].heard):
        # Two messages in one run: what comes before a tool is called, and what comes after it.
        stage.follow(_calling("Let me see."))
        turn = await stage.say("four", turns[0].thread_id)
        case = "three turns, and a fourth with text, tool, text"
        done += [item["id"] for item in turn.done("assistant_message")]
        stage.follow()
    twice = next((each for each in done if done.count(each) > 1), None)
    if twice is not None:
        raise BrokenError(f"{done.count(twice)} of {len(done)} answers have the same id, {twice!r}", case, "respond")
    stored = [each for each in await stage.items(turns[0].thread_id) if each.get("type") == "assistant_message"]
    if len(stored) < len(done):
        raise BrokenError(f"of {len(done)} answers the store holds {len(stored)}", case, "respond")


@shows("server", "nothing-doubled")
async def nothing_doubled(stage: ServerStage) -> None:
    """Have two turns: every message is in the store once."""
    turns = await stage.talk("the first message", "the second message")
    texts = [text_of(each) for each in await stage.items(turns[0].thread_id)]
    said = ["the first message", "the second message", *(turn.said for turn in turns)]
    for text in said:
        count = [each.strip() for each in texts if each.strip()].count(text.strip())
        # A server may say the same in both turns.
        if count > said.count(text):
            raise BrokenError(f"{text!r} is in the thread {count} times", "two turns, then items.list", "respond")
        if text and not count and "\n" not in text:
            raise BrokenError(f"{text!r} is not in the thread afterwards", "two turns, then items.list", "respond")


@shows("server", "event-order")
async def event_order(stage: ServerStage) -> None:
    """Have a turn in which the model thinks first: items are added before they change, and done at the end."""
    await stage.talk("Hello")

    def thinking(heard: Heard, number: int) -> ModelAnswer:
        answer = echo(heard, number)
        answer.reasoning = "Let me think."
        return answer

    stage.follow(thinking)
    (turn,) = await stage.talk("What do you think?")
    added: set[str] = set()
    ended: set[str] = set()
    for event in turn.events:
        kind, id_ = event.get("type"), str((event.get("item") or event).get("id") or event.get("item_id"))
        if kind == "thread.item.added":
            if id_ in ended:
                raise BrokenError(f"item {id_!r} is added after it was done", "", "respond")
            added.add(id_)
        elif kind == "thread.item.updated" and id_ not in added - ended:
            raise BrokenError(
                f"an update is for item {id_!r}, which was not added before, so it reaches nothing", "", "respond"
            )
        elif kind in {"thread.item.done", "thread.item.removed", "thread.item.replaced"}:
            ended.add(id_)
    if open_ := added - ended:
        raise BrokenError(f"item {min(open_)!r} is added and never done, so that it is not stored", "", "respond")


@shows("server", "tool-turn")
async def tool_turn(stage: ServerStage) -> None:
    """Let the model call the first function that it is offered, then answer."""
    (turn,) = await stage.talk("Hello")
    if not any(each.tools for each in turn.heard):
        raise SkippedError("the model is offered no function")

    stage.follow(_calling())
    (turn,) = await stage.talk("Use your tool")
    waiting = [each for each in turn.done("client_tool_call") if each.get("status") == "pending"]
    if waiting:
        turn = await stage.stream(
            "threads.add_client_tool_output", {"thread_id": turn.thread_id, "result": {"ok": True}}
        )
        if turn.error:
            raise BrokenError(f"after a client tool's result there is no answer: {turn.error}", "", "respond")
    if turn.heard and not turn.said and not turn.done("widget"):
        raise BrokenError("after a tool was called nothing is answered", "text, tool, text", "respond")


def _calling(text: str = "") -> ModelScript:
    """Return the script of a model that calls the first function it is offered, behind a text, and then answers."""

    def calling(heard: Heard, number: int) -> ModelAnswer:
        if heard.tools and not heard.results:
            name, schema = next(iter(heard.tools.items()))
            return ModelAnswer(text, calls=((name, json.dumps(example(schema))),))
        return echo(heard, number)

    return calling


def _is_for_the_page(event: WireEvent) -> bool:
    """Return whether a user sees an event, but for their own message."""
    if event.get("type") in {"error", "notice", "progress_update", "client_effect"}:
        return True
    return "item" in event and event["item"].get("type") != "user_message"


def _events_of(turn: StagedTurn) -> str:
    kinds = [str(each.get("type")) for each in turn.events]
    return "the page gets " + (", ".join(dict.fromkeys(kinds)) or "no event")
