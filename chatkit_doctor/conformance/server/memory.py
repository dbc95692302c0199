"""Memory: what was said in a thread reaches the model, once, in order, the newest last, and stays in its thread."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.model.heard import Heard
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError, SkippedError
from chatkit_doctor.conformance.stage import ServerStage, message

_SAID = ("My name is Zofia Quill.", "My dog is called Brontide.", "What do you know of me?")
_LONG = 200
_CASE = " / ".join(f'"{each}"' for each in _SAID)


@shows("server", "remembers")
async def remembers(stage: ServerStage) -> None:
    """Have three turns: in the third the model gets each earlier message once, in order, the newest last."""
    turns = await stage.talk(*_SAID)
    if not turns[-1].heard:
        raise SkippedError("respond asks no model that speaks Chat Completions or Responses")
    answers = [turn.said.splitlines()[0] if turn.said else "" for turn in turns[:2]]
    best = max(turns[-1].heard, key=lambda heard: sum(bool(heard.places(text)) for text in _SAID))
    for number, text in enumerate(_SAID[:2], 1):
        if not best.places(text):
            raise BrokenError(f"in turn 3 the model does not get what the user said in turn {number}", _CASE, "respond")
        # What echoes the message is not the message itself.
        if answers[number - 1] and not best.places(answers[number - 1].partition(" to: ")[0]):
            raise BrokenError(
                f"in turn 3 the model does not get what it answered itself in turn {number}", _CASE, "respond"
            )
    _each_once(best, answers)


def _each_once(heard: Heard, answers: list[str]) -> None:
    places = []
    for number, text in enumerate(_SAID, 1):
        # The stand-in's answers repeat what they answer.
        echoed = sum(text in answer for answer in answers)
        by_users = [place for place in heard.places(text) if heard.said[place][0] != "assistant"]
        if len(by_users) > 1:
            raise BrokenError(
                f"in turn 3 the model gets what the user said in turn {number} {len(by_users)} times", _CASE, "respond"
            )
        if not by_users and number == len(_SAID) and not echoed:
            raise BrokenError("in turn 3 the model does not get what the user says in it", _CASE, "respond")
        places += by_users[:1]
    if places != sorted(places):
        raise BrokenError(
            "in turn 3 the model gets the messages in another order than they were said", _CASE, "respond"
        )
    last = max(
        (place for place, (role, text) in enumerate(heard.said) if role in {"user", "assistant"} and text), default=0
    )
    if places and places[-1] < last and heard.said[last][0] == "assistant":
        raise BrokenError("in turn 3 an answer comes after the newest message", _CASE, "respond")


@shows("server", "long-thread")
async def long_thread(stage: ServerStage) -> None:
    """Continue a thread of 200 messages: the newest reach the model, and the message itself is the last."""
    (first,) = await stage.talk("The very first message.")
    if not first.heard:
        raise SkippedError("respond asks no model that speaks Chat Completions or Responses")
    store, thread_id = stage.server.store, first.thread_id
    thread = await store.load_thread(thread_id, context=stage.context)
    for number in range(_LONG):
        make = samples.assistant_message if number % 2 else samples.user_message
        id_ = store.generate_item_id("message", thread, stage.context)
        item = make(id_, thread_id, f"Old message number {number}.", number)
        # Before all that the SDK stamps, so that the newest message is the newest by its time as well.
        item.created_at = thread.created_at - timedelta(seconds=_LONG - number)
        await store.add_thread_item(thread_id, item, context=stage.context)
    turn = await stage.say("And this is the newest message.", thread_id)
    if turn.error:
        raise BrokenError(f"a message in a thread of {_LONG} is not answered: {turn.error}", "", "respond")
    case = f"a thread of {_LONG} messages, and one more"
    best = max(turn.heard, key=lambda heard: len(heard.places("message")), default=None)
    if best is None or not any(heard.places("And this is the newest message.") for heard in turn.heard):
        raise BrokenError("the newest message does not reach the model", case, "respond")
    if best.places("Old message number 0.") and not best.places(f"Old message number {_LONG - 1}."):
        raise BrokenError("the model gets the oldest messages of the thread and not the newest", case, "respond")


@shows("server", "threads-apart")
async def threads_apart(stage: ServerStage) -> None:
    """Talk in two threads at once, of two users where two are given: nothing of one reaches the other."""
    await stage.talk("Hello")
    contexts = stage.contexts if len(stage.contexts) > 1 else (stage.context, stage.context)
    texts = ("The code of the left is Amaranth.", "The code of the right is Quixotry.")

    async def both(words: tuple[str, str], threads: tuple[str | None, str | None]) -> list[str]:
        turns = await asyncio.gather(
            *(
                stage.stream(*message(text, thread), context)
                for text, thread, context in zip(words, threads, contexts, strict=True)
            )
        )
        if failed := next((turn.error for turn in turns if turn.error), ""):
            raise BrokenError(f"two messages at once are not both answered: {failed}", "", "respond")
        for turn, own, other in ((turns[0], *texts), (turns[1], *texts[::-1])):
            if _word(other) in turn.said:
                raise BrokenError(
                    "an answer in one thread is about the other", f"{own!r} and {other!r} at once", "respond"
                )
        return [turn.thread_id for turn in turns]

    left, right = await both(texts, (None, None))
    mark = len(stage.model.heard)
    await both(("And the left?", "And the right?"), (left, right))
    for heard in stage.model.heard[mark:]:
        words = [_word(text) for text in texts]
        if all(heard.places(word) for word in words):
            raise BrokenError("what was said in one thread reaches the model in another", " / ".join(texts), "respond")


def _word(text: str) -> str:
    return text.removesuffix(".").rpartition(" ")[2]
