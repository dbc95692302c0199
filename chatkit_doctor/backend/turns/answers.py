"""What the methods by which a server answers hand to it: the events they yield, or pass on from helpers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.runs.frames import CallFrame, called, turns
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, walk
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class Yielded:
    """A value that the server is handed as an event, and the function that yields it."""

    frame: CallFrame
    statement: ast.Yield
    value: ast.expr


def answers(app: App) -> Iterator[CallFrame]:
    """Yield the methods by which the project's servers answer, tests left out."""
    for frame in turns(app):
        if frame.parent is None and not app.is_test_file(frame.module.source.path):
            yield frame


def yielded(app: App, answer: CallFrame) -> Iterator[Yielded]:
    """Yield every value that an answer hands on, with those of the project's generators that it goes through."""
    waiting, seen = [answer], set[FunctionNode]()
    while waiting:
        frame = waiting.pop(0)
        if frame.function is None or frame.function in seen:
            continue
        seen.add(frame.function)
        for node in own_nodes(frame.function):
            if isinstance(node, ast.Yield) and node.value is not None:
                yield Yielded(frame, node, node.value)
            elif isinstance(node, ast.AsyncFor) and isinstance(node.iter, ast.Call) and passes_on(node):
                inner = called(app, frame, node.iter)
                waiting += [inner] if inner is not None else []


def passes_on(loop: ast.AsyncFor) -> bool:
    """Return whether a loop yields its variable as it came."""
    target = loop.target
    nodes = [node for statement in loop.body for node in walk(statement)]
    return isinstance(target, ast.Name) and any(
        isinstance(each, ast.Yield) and isinstance(each.value, ast.Name) and each.value.id == target.id
        for each in nodes
    )


def is_generator(function: FunctionNode) -> bool:
    """Return whether a function yields anything, in whatever way."""
    return any(isinstance(each, ast.Yield | ast.YieldFrom) for each in own_nodes(function))
