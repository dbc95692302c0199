"""Actions: what a widget's button brings about is stored, under ids of its own."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from chatkit import types as kit
from chatkit import widgets
from chatkit.server import ChatKitServer

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError, SkippedError
from chatkit_doctor.conformance.stage import ServerStage, StagedTurn

_MADE_UP = "check"
_MOST = 5


@shows("server", "action")
async def action(stage: ServerStage) -> None:
    """Press a widget's button twice, of each type that the server tells apart."""
    if type(stage.server).action is ChatKitServer.action:
        raise SkippedError("action is the SDK's, which answers nothing")
    (first,) = await stage.talk("Hello")
    widget = await _widget(stage, first.thread_id)
    is_answered = False
    for kind in [*dict.fromkeys(_types(type(stage.server))), _MADE_UP][:_MOST]:
        turns = [await _press(stage, kind, first.thread_id, widget) for _ in range(2)]
        failed = next((turn.error for turn in turns if turn.error), "")
        if _is_of_the_sdk(failed):
            raise BrokenError(f"an action is not answered: {failed}", _case(kind), "action")
        # What a button carries besides its type is not known, so that one may be refused.
        if failed:
            continue
        is_answered = is_answered or any(turn.of("thread.item.done") or turn.of("thread.item.added") for turn in turns)
        _check(kind, turns)
        stored = {each["id"] for each in await stage.items(first.thread_id)}
        if lost := [id_ for turn in turns for id_ in _ids(turn, "thread.item.done") if id_ not in stored]:
            raise BrokenError(f"{lost[0]!r}, the answer to an action, is not stored", _case(kind), "action")
    if not is_answered:
        raise SkippedError("no action that could be made up is answered by an item")


def _is_of_the_sdk(error: str) -> bool:
    """Return whether an error is about a model of the SDK's, which no button has filled in."""
    found = re.match(r"ValidationError: \d+ validation errors? for (\w+)", error)
    return found is not None and any(hasattr(module, found[1]) for module in (kit, widgets))


def _check(kind: str, turns: list[StagedTurn]) -> None:
    """Raise BrokenError where an item of an answer is never done, or has the id of another one."""
    done = [id_ for turn in turns for id_ in _ids(turn, "thread.item.done")]
    gone = [event.get("item_id") for turn in turns for event in turn.of("thread.item.removed")]
    for turn in turns:
        if open_ := [id_ for id_ in _ids(turn, "thread.item.added") if id_ not in (*done, *gone)]:
            raise BrokenError(
                f"the answer to an action, {open_[0]!r}, is added and never done, so that it is not stored",
                _case(kind),
                "action",
            )
    if twice := [id_ for id_ in done if done.count(id_) > 1]:
        raise BrokenError(f"two answers to actions have the same id, {twice[0]!r}", _case(kind), "action")


def _ids(turn: StagedTurn, event: str) -> list[str]:
    return [each["item"]["id"] for each in turn.of(event)]


def _case(kind: str) -> str:
    return f'threads.custom_action with an action of type "{kind}", twice'


async def _press(stage: ServerStage, kind: str, thread_id: str, widget: str) -> StagedTurn:
    pressed = {"type": kind, "payload": {}}
    return await stage.stream("threads.custom_action", {"thread_id": thread_id, "item_id": widget, "action": pressed})


async def _widget(stage: ServerStage, thread_id: str) -> str:
    """Put a widget into a thread, as if the server had shown it, and return its id."""
    store = stage.server.store
    thread = await store.load_thread(thread_id, context=stage.context)
    made: Any = samples.full(
        kit.WidgetItem,
        id=store.generate_item_id("message", thread, stage.context),
        thread_id=thread_id,
        created_at=thread.created_at,
    )
    await store.add_thread_item(thread_id, made, context=stage.context)
    return str(made.id)


def _types(server: type) -> Iterator[str]:
    """Yield what `action` compares the type of an action with."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(server.action)))  # type: ignore[attr-defined]
    except (OSError, TypeError, SyntaxError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "type":
            yield from (each for other in node.comparators for each in _texts(other))
        elif isinstance(node, ast.Match) and isinstance(node.subject, ast.Attribute) and node.subject.attr == "type":
            yield from (each for case in node.cases for each in _texts(case.pattern))


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
