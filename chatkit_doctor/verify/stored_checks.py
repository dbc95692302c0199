"""Checks on what the server has kept: what a reload of the page would show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chatkit_doctor.reports.counts import count
from chatkit_doctor.verify.explained import ExplainedBy
from chatkit_doctor.verify.result import Verdict, failed, passed, skipped
from chatkit_doctor.verify.turn_checks import ids_problem
from chatkit_doctor.verify.wire.events import quoted
from chatkit_doctor.verify.wire.turn import ASSISTANT_MESSAGE, USER_MESSAGE, ThreadItem, Turn

# No turn has more; each is looked for among all that is stored.
_MOST_ANSWERS = 100


def complete(turns: Sequence[Turn], stored: Sequence[ThreadItem]) -> Verdict:
    """Judge that every message is kept, in the order in which it was said."""
    places = []
    for role, text in _said(turns):
        if not any(item.type == role and text.strip() in item.text for item in stored):
            return _lost(role, text, turns)
        found = [place for place, item in enumerate(stored) if item.type == role and item.text.strip() == text.strip()]
        if role == USER_MESSAGE and len(found) > 1:
            return failed(f"the message {quoted(text, 60)} is there {len(found)} times", ExplainedBy.DUPLICATED_MESSAGE)
        # A text inside a longer one was merged with others: that is another check's question.
        if found:
            places.append(found)
    if not _in_order(places):
        roles = ", ".join(
            item.type.partition("_")[0] for item in stored if item.type in {USER_MESSAGE, ASSISTANT_MESSAGE}
        )
        return failed(f"the messages are in another order: {roles}", ExplainedBy.LIMIT_BEFORE_ORDER)
    return passed(count(sum(1 for _ in _said(turns)), "message"))


def _lost(role: str, text: str, turns: Sequence[Turn]) -> Verdict:
    ids = [item.id for turn in turns for item in turn.done]
    who = "the message" if role == USER_MESSAGE else "the answer"
    return failed(
        f"{who} {quoted(text, 60)} is not there",
        ExplainedBy.REUSED_PROVIDER_IDS if ids_problem(ids) else ExplainedBy.SAVE_IS_NOT_UPSERT,
    )


def _said(turns: Sequence[Turn]) -> Iterator[tuple[str, str]]:
    """Yield role and text of all that was said, in order; of a turn without end what came first."""
    for turn in turns:
        yield USER_MESSAGE, turn.said
        yield from ((ASSISTANT_MESSAGE, item.text) for item in turn.answers[:_MOST_ANSWERS])


def _in_order(places: Sequence[Sequence[int]]) -> bool:
    """Return whether one place of each can be chosen so that they never go back."""
    last = 0
    for found in places:
        later = [place for place in found if place >= last]
        if not later:
            return False
        last = min(later)
    return True


def separate(turns: Sequence[Turn], stored: Sequence[ThreadItem]) -> Verdict:
    """Judge that each answer is a message of its own, with its own text and no other's."""
    wanted = [item.text.strip() for turn in turns for item in turn.answers]
    found = [item.text.strip() for item in stored if item.type == ASSISTANT_MESSAGE]
    if len(wanted) < 2:
        return skipped("fewer than two answers came")
    rule = ExplainedBy.REUSED_PROVIDER_IDS if ids_problem([item.id for turn in turns for item in turn.done]) else None
    if len(found) != len(wanted):
        return failed(f"{len(wanted)} answers came, {len(found)} {'is' if len(found) == 1 else 'are'} stored", rule)
    known = set(wanted)
    for text in found:
        if text not in known:
            return failed(f"a stored answer is none of those that came: {quoted(text)}", rule)
    return passed(count(len(found), "answer"))


def debug_ids(found: Any, thread_id: str) -> Verdict:
    """Judge the ids that /debug/threads shows: those of the new thread, of all threads where it is not among them."""
    threads = dict(_threads(found))
    if not any(threads.values()):
        return skipped("it shows no items in a form that is known")
    judged = {thread_id: threads[thread_id]} if thread_id in threads else threads
    for ids in judged.values():
        if problem := ids_problem(ids):
            return problem
    return passed(count(sum(map(len, judged.values())), "id"))


def _threads(found: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield id and ids of the items of what looks like threads: objects that have a list of items, at any depth."""
    pending = [("", found)]
    while pending:
        key, value = pending.pop()
        if isinstance(value, list):
            pending += [(f"{key}[{index}]", each) for index, each in enumerate(value)]
        elif isinstance(value, dict):
            items = value.get("items")
            items = items.get("data") if isinstance(items, dict) else items
            if isinstance(items, list):
                yield str(value.get("id") or key), [item.id for item in map(ThreadItem.read, items) if item.id]
            else:
                pending += list(value.items())
