"""Where a turn stores what the server has stored before it, or stores after it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum
from itertools import islice
from typing import TypeGuard

from chatkit_doctor.backend.history.ingredients import Ingredients
from chatkit_doctor.backend.history.new_message import NewMessage, message_name
from chatkit_doctor.backend.overrides import overrides
from chatkit_doctor.backend.runs.frames import CallFrame, own_calls, turns
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, DONE, SAVE_ITEM, STORE, USER_MESSAGE
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_names, own_nodes
from chatkit_doctor.python.module import FunctionNode, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.words import last_part

_WRITES = frozenset({"commit", "execute", "flush", "insert_one", "put_item", "upsert_item", "update_one", "write"})
_UPSERT_WORDS = ("on conflict", "replace", "on duplicate", "merge", "upsert")


class Repeated(Enum):
    """What is stored twice."""

    STORED_MESSAGE = "the item of the new message, stored again"
    COPIED_MESSAGE = "the new message, stored as an item of its own"
    STORED_ANSWER = "an item that Done stores as well"


@dataclass(frozen=True, slots=True)
class Repeat:
    """An item that is stored once more, as the call that does so names it.

    is_needed: whether the call alone writes it to a database: `save_item` does, and what the server calls does not.
    """

    kind: Repeated
    frame: CallFrame
    call: ast.Call
    item: ast.expr
    is_needed: bool = False


def repeats(app: App) -> Iterator[Repeat]:
    """Yield what the turns store once more."""
    if not any(ADD_ITEM in module.source.text or SAVE_ITEM in module.source.text for module in app.modules()):
        return
    message = NewMessage(app, Ingredients(app))
    keeps_both, saves_more = _keeps_both(app), _saves_more(app)
    for frame in turns(app):
        for call in own_calls(frame):
            item = _stored_item(call)
            if item is None:
                continue
            if keeps_both and _method(call) == ADD_ITEM and message.is_itself(frame, item):
                yield Repeat(Repeated.STORED_MESSAGE, frame, call, item)
            elif keeps_both and isinstance(item, ast.Name) and _is_done_too(app, frame, item.id):
                is_needed = saves_more and _method(call) == SAVE_ITEM
                yield Repeat(Repeated.STORED_ANSWER, frame, call, item, is_needed)
            elif message_name(frame) and _is_user_message(frame, item) and message.is_in(frame, item):
                yield Repeat(Repeated.COPIED_MESSAGE, frame, call, item)


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _stored_item(call: ast.Call) -> ast.expr | None:
    """Return what a call of a store's method stores."""
    if _method(call) not in {ADD_ITEM, SAVE_ITEM}:
        return None
    named = next((each.value for each in call.keywords if each.arg == "item"), None)
    return named or (call.args[1] if len(call.args) > 1 else None)


def _is_done_too(app: App, frame: CallFrame, name: str) -> bool:
    """Return whether a function yields a Done event of the item that a name stands for, bound once."""
    assert frame.function is not None
    return len(own_names(frame.function, name, ast.Store)) == 1 and name in _done_items(app, frame.function)


@remembered
def _done_items(_: App, function: FunctionNode) -> frozenset[str | None]:
    """Return the names of the items that a function yields Done events of."""
    events = (each.value for each in own_nodes(function) if isinstance(each, ast.Yield))
    return frozenset(_done_item(each) for each in events if isinstance(each, ast.Call))


def _done_item(call: ast.Call) -> str | None:
    """Return the name of the item that a Done event is made of."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = next((each.value for each in call.keywords if each.arg == "item"), None)
    return given.id if called == last_part(DONE) and isinstance(given, ast.Name) else None


def _is_user_message(frame: CallFrame, item: ast.expr) -> bool:
    """Return whether an item is built here as a message of the user's: by its class, or as a dict that says so."""
    assert frame.function is not None
    made = [item]
    if isinstance(item, ast.Name):
        # Two are enough to say that there is more than one.
        parents = map(frame.module.parents.get, own_names(frame.function, item.id, ast.Store))
        made = list(islice((each.value for each in parents if isinstance(each, ast.Assign)), 2))
    return len(made) == 1 and (_is_call_of(made[0], last_part(USER_MESSAGE)) or _says_user(made[0]))


def _is_call_of(expr: ast.expr, name: str) -> bool:
    func = expr.func if isinstance(expr, ast.Call) else None
    return (func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")) == name


def _says_user(expr: ast.expr) -> bool:
    pairs = zip(expr.keys, expr.values, strict=True) if isinstance(expr, ast.Dict) else ()
    return any(_is_constant(key, "role") and _is_constant(value, "user") for key, value in pairs)


def _is_constant(expr: ast.expr | None, value: str) -> bool:
    return isinstance(expr, ast.Constant) and expr.value == value


def _keeps_both(app: App) -> bool:
    """Return whether the project's store keeps an item twice, or refuses it, where it is added twice."""
    added = [each.function for each in overrides(app) if each.owner == STORE and each.function.name == ADD_ITEM]
    return bool(added) and all(map(_only_adds, added))


def _saves_more(app: App) -> bool:
    """Return whether the project's `save_item` writes to a database and its `add_thread_item` does not."""
    methods = [each.function for each in overrides(app) if each.owner == STORE]
    called = {
        name: {_method(call) for each in methods if each.name == name for call in walk(each) if _is_call(call)}
        for name in (ADD_ITEM, SAVE_ITEM)
    }
    return bool(called[SAVE_ITEM] & _WRITES) and not called[ADD_ITEM] & {*_WRITES, SAVE_ITEM}


def _is_call(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call)


def _only_adds(function: FunctionNode) -> bool:
    """Return whether a method puts an item behind the others without a look at those that are there."""
    nodes = list(own_nodes(function))
    texts = [each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    sql = " ".join(texts).lower()
    called = {_method(each) for each in nodes if isinstance(each, ast.Call)}
    looks = any(isinstance(each, ast.For | ast.AsyncFor | ast.comprehension) or _compares_id(each) for each in nodes)
    if "insert" in sql:
        return not any(word in sql for word in _UPSERT_WORDS)
    if called & {"merge", "get"}:
        return False
    return bool(called & {"append", "add"}) and not looks


def _compares_id(node: ast.AST) -> bool:
    """Return whether a comparison asks for the id of an item."""
    return isinstance(node, ast.Compare) and any(
        (isinstance(each, ast.Attribute) and each.attr == "id") or (isinstance(each, ast.Name) and each.id == "item_id")
        for each in walk(node)
    )
