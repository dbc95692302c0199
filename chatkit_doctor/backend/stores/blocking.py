"""Where the methods of stores and servers ask a database through Django's ORM, as it cannot be where a loop runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

from chatkit_doctor.backend.overrides import overrides
from chatkit_doctor.backend.rehearsal.rows import is_row, is_rows
from chatkit_doctor.backend.runs.frames import CallFrame, called, own_calls
from chatkit_doctor.contracts.orm import allowing_word, asking_methods, row_methods
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass

# Functions that go through what they are given.
_GO_THROUGH = frozenset(
    {"list", "tuple", "set", "sorted", "len", "sum", "bool", "dict", "next", "any", "all", "min", "max"}
)
_HARMLESS = frozenset({"staticmethod", "classmethod"})


class AskingWay(Enum):
    """How the database is asked."""

    METHOD = "by a method"
    LOOP = "by a loop"
    COMPREHENSION = "by a comprehension"
    FUNCTION = "by a function that goes through rows"
    INDEX = "by an index"
    TEST = "by a test whether there are any"


@dataclass(frozen=True, slots=True)
class BlockingCall:
    """A place where the database is asked. node: what asks; rows: what is asked for."""

    module: Module
    function: FunctionNode
    manner: AskingWay
    node: ast.expr | ast.stmt | ast.comprehension
    rows: ast.expr


def blocking_calls(app: App) -> Iterator[BlockingCall]:
    """Yield the places in async methods that the SDK calls, and in what these call, that Django refuses; each once."""
    seen: set[FunctionNode] = set()
    found: list[BlockingCall] = []
    for method in overrides(app):
        if isinstance(method.function, ast.AsyncFunctionDef) and not app.is_test_file(method.module.source.path):
            for frame in _run_by(app, CallFrame(method.module, method.function), seen):
                found += [*_asks(app, frame), *_tests(app, frame)]
    if found and not _is_allowed(app):
        yield from found


def _run_by(app: App, frame: CallFrame, seen: set[FunctionNode]) -> Iterator[CallFrame]:
    """Yield the functions that run in the loop: not those that are handed to a thread, which are not called here."""
    waiting = [frame]
    while waiting:
        current = waiting.pop()
        if current.function is None or current.function in seen:
            continue
        seen.add(current.function)
        yield current
        for call in own_calls(current):
            inner = called(app, current, call)
            if inner is not None and inner.function is not None and _is_plain(inner.function):
                waiting.append(inner)


def _is_plain(function: FunctionNode) -> bool:
    """Return whether a call runs a function itself: any decorator may hand it to a thread."""
    names = [each.id if isinstance(each, ast.Name) else "" for each in function.decorator_list]
    return all(each in _HARMLESS for each in names)


def _asks(app: App, frame: CallFrame) -> Iterator[BlockingCall]:
    module, function = frame.module, frame.function
    assert function is not None
    for node in own_nodes(function):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)):
                is_asked = (name in asking_methods() and is_rows(app, module, owner)) or (
                    name in row_methods() and is_row(app, module, owner)
                )
                if is_asked:
                    yield BlockingCall(module, function, AskingWay.METHOD, node, owner)
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _GO_THROUGH:
                if is_rows(app, module, first):
                    yield BlockingCall(module, function, AskingWay.FUNCTION, node, first)
            case ast.For(iter=source) if is_rows(app, module, source):
                yield BlockingCall(module, function, AskingWay.LOOP, node, source)
            case ast.comprehension(iter=source, is_async=0) if is_rows(app, module, source):
                yield BlockingCall(module, function, AskingWay.COMPREHENSION, node, source)
            case ast.Subscript(value=owner, slice=index, ctx=ast.Load()) if not isinstance(index, ast.Slice):
                if is_rows(app, module, owner):
                    yield BlockingCall(module, function, AskingWay.INDEX, node, owner)


def _tests(app: App, frame: CallFrame) -> Iterator[BlockingCall]:
    """Yield where a function asks whether there are rows, or whether something is in them."""
    module, function = frame.module, frame.function
    assert function is not None
    # What was gone through is kept, and asked for no more.
    fetched = {ast.unparse(each.iter) for each in own_nodes(function) if isinstance(each, ast.AsyncFor)}
    for node in own_nodes(function):
        is_membership = isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn)
        if isinstance(node, ast.Compare) and is_membership and is_rows(app, module, node.comparators[0]):
            yield BlockingCall(module, function, AskingWay.LOOP, node, node.comparators[0])
        for tested in _tested(node):
            if ast.unparse(tested) not in fetched and is_rows(app, module, tested):
                yield BlockingCall(module, function, AskingWay.TEST, tested, tested)


def _tested(node: ast.AST) -> list[ast.expr]:
    """Return the names, attributes and calls of which a node asks whether they are true."""
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) | ast.Assert(test=test):
            found = [test]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            found = [operand]
        case ast.BoolOp(values=[*values, _]):
            found = values
        case _:
            return []
    return [each for each in found if isinstance(each, ast.Name | ast.Attribute | ast.Call | ast.Subscript)]


def _is_allowed(app: App) -> bool:
    """Return whether the project lets the ORM be called so."""
    return any(path.suffix == ".py" and app.mentions(path, (allowing_word(),)) for path in app.files)
