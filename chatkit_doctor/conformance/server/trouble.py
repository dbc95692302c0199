"""Trouble: after a failure of the model, a cut or a stop, the page is told, and the next message is answered."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

from chatkit_doctor.conformance.model.end import ModelAnswer, echo
from chatkit_doctor.conformance.model.heard import Heard
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError
from chatkit_doctor.conformance.stage import ServerStage, StagedTurn, message

_WAIT = 5.0


@shows("server", "model-error")
async def model_error(stage: ServerStage) -> None:
    """Let the model refuse a message, then answer the next one."""
    (first,) = await stage.talk("Hello")
    stage.follow(lambda _heard, _number: ModelAnswer(status=400))
    turn = await stage.say("This one is refused", first.thread_id)
    if turn.error and not turn.of("error"):
        raise BrokenError(f"where the model refuses, the stream breaks off: {turn.error}", "", "respond")
    await _goes_on(stage, first.thread_id, "the model refused a message")


@shows("server", "cut-off")
async def cut_off(stage: ServerStage) -> None:
    """Let the model's answer break off after its first word, then answer the next message."""
    (first,) = await stage.talk("Hello")

    def cut(heard: Heard, number: int) -> ModelAnswer:
        answer = echo(heard, number)
        answer.breaks = True
        return answer

    stage.follow(cut)
    turn = await stage.say("This one is cut off", first.thread_id)
    if turn.error and not turn.of("error"):
        raise BrokenError(
            f"where the model's answer breaks off, the stream does so as well: {turn.error}", "", "respond"
        )
    await _goes_on(stage, first.thread_id, "an answer broke off")


@shows("server", "stop")
async def stop(stage: ServerStage) -> None:
    """Stop an answer in its middle, as the page's button does, then send the next message."""
    (first,) = await stage.talk("Hello")
    gate = threading.Event()

    def held(heard: Heard, number: int) -> ModelAnswer:
        answer = echo(heard, number)
        answer.gate = gate
        return answer

    stage.follow(held)
    turn = StagedTurn(first.thread_id)
    begun = asyncio.Event()

    async def read() -> None:
        async for event in stage.events(*message("This one is stopped", first.thread_id)):
            stage.note(event, turn)
            if event.get("type") in {"thread.item.added", "thread.item.updated"}:
                begun.set()

    reading = asyncio.ensure_future(read())
    waiting = asyncio.ensure_future(begun.wait())
    await asyncio.wait([reading, waiting], timeout=_WAIT, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    reading.cancel()
    try:
        await asyncio.wait_for(asyncio.shield(reading), _WAIT)
    except asyncio.CancelledError:
        pass
    except TimeoutError:
        raise BrokenError("an answer that is stopped goes on", "", "respond") from None
    except Exception as error:
        raise BrokenError(
            f"where an answer is stopped, {type(error).__name__} is raised: {error}", "", "respond"
        ) from error
    finally:
        gate.set()
    await _goes_on(stage, first.thread_id, "an answer was stopped")


@shows("server", "retry")
async def retry(stage: ServerStage) -> None:
    """Answer the last message once more, in the place of the first answer."""
    turns = await stage.talk("Hello", "Say something else")
    thread_id = turns[0].thread_id
    question = turns[1].done("user_message")[0]
    again = await stage.stream("threads.retry_after_item", {"thread_id": thread_id, "item_id": question["id"]})
    if again.error:
        raise BrokenError(f"a retry is not answered: {again.error}", "threads.retry_after_item", "respond")
    kinds = [each.get("type") for each in await stage.items(thread_id)]
    if kinds.count("user_message") != len(turns) or kinds.count("assistant_message") > len(turns):
        raise BrokenError(
            f"after a retry the thread holds {kinds.count('user_message')} messages of the user and "
            f"{kinds.count('assistant_message')} answers, where two of each were said",
            "two turns, then threads.retry_after_item",
            "respond",
        )


async def _goes_on(stage: ServerStage, thread_id: str, after: str) -> None:
    stage.follow()
    turn = await stage.say("And now?", thread_id)
    if turn.error:
        raise BrokenError(f"after {after}, the next one is not answered: {turn.error}", "", "respond")
    with suppress(IndexError):
        if stage.hands_on and turn.heard and "answer" not in turn.said and not turn.heard[0].schema:
            raise BrokenError(f"after {after}, what the model says does not come back", "", "respond")
