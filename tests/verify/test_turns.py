"""Turns and what is stored, judged without a server: what a table can say better, and what nobody would send."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.verify import stored_checks, turn_checks
from chatkit_doctor.verify.result import Verdict
from chatkit_doctor.verify.wire.address import Address
from chatkit_doctor.verify.wire.events import EventReader
from chatkit_doctor.verify.wire.transport import Answer
from chatkit_doctor.verify.wire.turn import StreamPiece, ThreadItem, Turn

HEAD = Answer(Address.parse("http://localhost/chatkit"), 200, {"content-type": "text/event-stream"}, b"")
ANSWER = {"type": "thread.item.done", "item": {"id": "a", "type": "assistant_message", "content": [{"text": "hi"}]}}


def turn(*events: dict[str, Any], pieces: list[StreamPiece] | None = None) -> Turn:
    return Turn("hello", head=HEAD, events=list(events), pieces=pieces or [])


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        ([StreamPiece(0.1, 2, is_whole=True), StreamPiece(1.5, 9, is_whole=True)], "pass"),
        ([StreamPiece(4.0, 2, is_whole=True), StreamPiece(4.2, 9, is_whole=True)], "pass"),
        ([StreamPiece(0.01, 1, is_whole=True)] * 3, "pass"),
        ([StreamPiece(0.01, 9, is_whole=True)], "skip"),
        ([StreamPiece(1.0, 9, is_whole=True)], "skip"),
        ([StreamPiece(0.01, 4, is_whole=False), StreamPiece(0.02, 5, is_whole=True)], "skip"),
        ([StreamPiece(3.0, 9, is_whole=True)], "fail"),
        ([StreamPiece(3.0, 1, is_whole=True)] * 9, "fail"),
    ],
)
def test_a_stream_that_is_held_back_came_late_and_at_once(pieces: list[StreamPiece], status: str) -> None:
    streams = [turn({"type": "notice"}, ANSWER, pieces=pieces)] * 2
    assert turn_checks.in_pieces(streams).status == status


def test_one_turn_that_came_in_time_clears_the_other() -> None:
    late = turn({"type": "notice"}, ANSWER, pieces=[StreamPiece(3.0, 9, is_whole=True)])
    quick = turn({"type": "notice"}, ANSWER, pieces=[StreamPiece(0.1, 9, is_whole=True)])
    assert turn_checks.in_pieces([late, quick]).status == "skip"


def test_text_for_an_item_that_was_never_announced() -> None:
    update = {"type": "assistant_message.content_part.text_delta", "delta": "hi"}
    verdict = turn_checks.well_formed(
        [turn({"type": "thread.item.updated", "item_id": "old", "update": update}, ANSWER)]
    )
    assert (verdict.status, verdict.rule) == ("fail", "CK303")


def test_an_answer_that_is_a_widget_is_an_answer() -> None:
    widget = {"type": "thread.item.done", "item": {"id": "w", "type": "widget"}}
    assert turn_checks.streamed(turn(widget)).status == "pass"
    assert turn_checks.remembers([turn(widget), turn(widget)], "Ada").status == "skip"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("Gorbardellum", "pass"),
        ("gorbardellum", "pass"),
        ("Your name is **GORBARDELLUM**.", "pass"),
        ("Sie heißen *Gorbardellum*, wenn ich mich nicht irre.", "pass"),
        ("Gor\u00adbar\u00addel\u00adlum", "pass"),
        ("Gorbardéllum", "pass"),
        ("Votre nom : Gorbardelum", "pass"),
        ("I do not know your name.", "fail"),
        ("You are Bardolph.", "fail"),
        ("آپ کا نام گوربارڈیلم ہے", "skip"),
    ],
)
def test_a_name_is_remembered_however_it_is_set(answer: str, status: str) -> None:
    first, second = answering("Hello, Gorbardellum!"), answering(answer)
    assert turn_checks.remembers([first, second], "Gorbardellum").status == status


def answering(text: str) -> Turn:
    item = {"id": "a", "type": "assistant_message", "content": [{"text": text}]}
    return turn({"type": "thread.item.done", "item": item})


def test_what_comes_beside_the_answer_does_not_disturb() -> None:
    widget = {"id": "w", "type": "widget", "widget": {"type": "Card", "children": []}}
    call = {"id": "c", "type": "client_tool_call", "status": "pending", "call_id": "1", "name": "f", "arguments": {}}
    workflow = {"id": "f", "type": "workflow", "workflow": {"type": "custom", "tasks": []}}
    message = {"id": "a", "type": "assistant_message", "content": []}
    whole = message | {"content": [{"type": "output_text", "text": "hi", "annotations": []}]}
    delta = {"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": "hi"}
    events: list[dict[str, Any]] = [
        {"type": "thread.created", "thread": {"id": "thr", "items": {"data": []}}},
        {"type": "stream_options", "stream_options": {"allow_cancel": True}},
        {"type": "thread.updated", "thread": {"id": "thr", "title": "A title", "items": {"data": []}}},
        {"type": "progress_update", "icon": None, "text": "thinking"},
        {"type": "thread.item.added", "item": workflow},
        {"type": "thread.item.updated", "item_id": "f", "update": {"type": "workflow.task.added", "task_index": 0}},
        {"type": "thread.item.done", "item": workflow},
        {"type": "thread.item.added", "item": widget},
        {"type": "thread.item.updated", "item_id": "w", "update": {"type": "widget.root.updated"}},
        {"type": "thread.item.done", "item": widget},
        {"type": "thread.item.done", "item": call},
        {"type": "client_effect", "name": "f", "data": {}},
        {"type": "notice", "level": "info", "message": "hi"},
        {"type": "thread.item.added", "item": message},
        {"type": "thread.item.updated", "item_id": "a", "update": delta},
        {"type": "thread.item.done", "item": whole},
    ]
    reader = EventReader()
    found = turn(*reader.feed("".join(f"event: x\ndata: {json.dumps(each)}\n\n" for each in events).encode()))
    assert reader.problems == []
    assert found.events == events
    assert turn_checks.streamed(found).status == "pass"
    assert turn_checks.well_formed([found]).status == "pass"
    assert turn_checks.no_errors([found]).status == "pass"
    assert turn_checks.unique_ids([found]).reason == "1 id"


def test_an_answer_counts_as_the_turn_leaves_it() -> None:
    def item(kind: str, item_id: str, text: str) -> dict[str, Any]:
        found = {"id": item_id, "type": "assistant_message", "content": [{"text": text}]}
        return {"type": f"thread.item.{kind}", "item": found}

    found = turn(
        item("done", "a", "first"),
        item("done", "a", "first"),
        item("done", "b", "draft"),
        item("replaced", "b", "checked"),
        item("done", "c", "taken back"),
        {"type": "thread.item.removed", "item_id": "c"},
        item("added", "d", ""),
        item("replaced", "d", "last"),
    )
    assert [each.text for each in found.answers] == ["first", "checked", "last"]
    assert turn_checks.well_formed([found]).status == "pass"
    assert turn_checks.unique_ids([found]).status == "pass"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "item", "item_id", "items", "data", "content", "text", "update", "thread"]),
            inner | st.sampled_from(["assistant_message", "user_message", "assistant_message.x"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(["thread.created", "thread.item.added", "thread.item.done", "thread.item.updated", "error"])
EVENTS = st.builds(lambda kind, item: {"type": kind, "item": item, "thread": item, "update": item}, KINDS, ANYTHING)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.lists(EVENTS, max_size=4), min_size=1, max_size=2), st.lists(ANYTHING, max_size=4), ANYTHING)
def test_nothing_that_a_server_sends_crashes_a_check(
    streams: list[list[dict[str, Any]]], items: list[Any], debug: Any
) -> None:
    turns = [turn(*events) for events in streams]
    stored = [ThreadItem.read(item) for item in items]
    verdicts = [
        turn_checks.streamed(turns[0]),
        turn_checks.well_formed(turns),
        turn_checks.in_pieces(turns),
        turn_checks.no_errors(turns),
        turn_checks.remembers([turns[0], turns[-1]], "Ada"),
        turn_checks.unique_ids(turns, stored),
        stored_checks.complete(turns, stored),
        stored_checks.separate(turns, stored),
        stored_checks.debug_ids(debug, "thr"),
    ]
    assert all(isinstance(verdict, Verdict) for verdict in verdicts)


@settings(deadline=None, derandomize=True)
@given(
    st.binary(max_size=60) | st.text(alphabet="data: {\"type}b'\n\\", max_size=60).map(str.encode), st.integers(1, 9)
)
def test_any_bytes_in_any_pieces_are_read_the_same(data: bytes, size: int) -> None:
    whole, parts = EventReader(), EventReader()
    at_once = [*whole.feed(data), *whole.end()]
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    assert [*(event for piece in pieces for event in parts.feed(piece)), *parts.end()] == at_once
    assert parts.problems == whole.problems
