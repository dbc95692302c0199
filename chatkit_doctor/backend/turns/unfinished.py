"""Items that an answer begins and never ends, so that nothing stores them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.runs.frames import CallFrame, called, reached
from chatkit_doctor.backend.turns.answers import Yielded, answers, passes_on, yielded
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, ADDED, DONE, REPLACED, SAVE_ITEM, STREAM
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part

# What stores an item, or is the name that somebody writes who does.
_STORES = frozenset({last_part(DONE), last_part(REPLACED), ADD_ITEM, SAVE_ITEM})
_DONE_TYPES = frozenset({"thread.item.done", "thread.item.replaced"})


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An Added event in an answer that has no way to store an item. has_updates: whether it changes items as well."""

    answer: CallFrame
    yielded: Yielded
    call: ast.Call
    has_updates: bool


def unfinished_items(app: App) -> Iterator[Unfinished]:
    """Yield the Added events of answers by which nothing is stored."""
    for answer in answers(app):
        added = [(each, call) for each in yielded(app, answer) if (call := _added(app, each)) is not None]
        frames = reached(app, answer) if added else ()
        if not added or any(_may_store(app, frame) for frame in frames):
            continue
        has_updates = any(_mentions(frame, "Updated") for frame in frames)
        yield from (Unfinished(answer, each, call, has_updates) for each, call in added)


def _added(app: App, each: Yielded) -> ast.Call | None:
    """Return the call that makes an Added event, where that is what is yielded."""
    made = list(islice(app.flow.sources(each.frame.module, each.value), 2))
    call = made[0].expr if len(made) == 1 else None
    if not isinstance(call, ast.Call) or sdk_name(app, made[0].module, call.func) != ADDED:
        return None
    return call


def _may_store(app: App, frame: CallFrame) -> bool:
    """Return whether a function stores an item, or passes on events that may."""
    assert frame.function is not None
    for node in walk(frame.function):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in _STORES:
                return True
            case ast.Constant(value=str(text)) if text in _DONE_TYPES:
                return True
            case ast.AsyncFor(iter=source) if passes_on(node) and not _is_known(app, frame, source):
                return True
    return False


def _is_known(app: App, frame: CallFrame, source: ast.expr) -> bool:
    """Return whether what a loop passes on is known: of the project's own generators, or of the SDK's stream."""
    if not isinstance(source, ast.Call):
        return False
    return called(app, frame, source) is not None or sdk_name(app, frame.module, source.func) == STREAM


def _mentions(frame: CallFrame, word: str) -> bool:
    assert frame.function is not None
    return any(isinstance(each, ast.Name) and word in each.id for each in walk(frame.function))
