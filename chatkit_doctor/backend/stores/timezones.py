"""Times with a zone among those without one, in stores that compare them.

The SDK stamps threads and messages with `datetime.now()`, which has no zone; Python compares no time with a zone to one
without.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.capabilities import used_stores
from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.memory_stores import is_in_memory
from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.runs.arguments import argument
from chatkit_doctor.backend.runs.frames import CallFrame, own_calls, reached
from chatkit_doctor.backend.stores.concrete import stores
from chatkit_doctor.contracts.sdk.sdk_names import (
    ADD_ITEM,
    ITEM,
    LOAD_ITEMS,
    LOAD_THREADS,
    MADE_AT,
    SAVE_ITEM,
    SAVE_THREAD,
    THREAD,
    WHOLE_THREAD,
)
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr, own_nodes
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module, is_none, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part

_BY_NAME = 99
_NOW = "datetime.datetime.now"
_SORTS = frozenset({"sort", "sorted", "min", "max"})
_KEY = "key"
# By what a store may bring all times to one kind.
_EVENS_OUT = ("tzinfo", "astimezone", "utcoffset")
# The methods that are given what each of these loads.
_SAVES = {LOAD_ITEMS: (ADD_ITEM, SAVE_ITEM), LOAD_THREADS: (SAVE_THREAD,)}


@dataclass(frozen=True, slots=True)
class ZonedTime:
    """A thread or item that is stamped with a time with a zone. value: that time. model: the class, without its module.

    store, order: the store that compares it to others, and where.
    """

    module: Module
    value: ast.expr
    model: str
    store: ClassView
    order: PlacedExpr


def zoned_times(app: App) -> Iterator[ZonedTime]:
    """Yield the times with a zone that threads and items are stamped with, where a store in memory compares them."""
    orders = {
        loads: found for loads in (LOAD_ITEMS, LOAD_THREADS) if (found := order_in_memory(app, loads)) is not None
    }
    if not orders:
        return
    for module in app.modules():
        if MADE_AT not in module.source.text or app.is_test_file(module.source.path):
            continue
        for call in module.nodes(ast.Call):
            value = argument(call, _BY_NAME, MADE_AT)
            model = _stamped(app, module, call) if value is not None else None
            loads = LOAD_THREADS if model in {THREAD, WHOLE_THREAD} else LOAD_ITEMS
            if value is None or model is None or loads not in orders:
                continue
            if _is_of_another_store(app, module, call, orders[loads][0]):
                continue
            if all(_is_zoned(app, each) for each in app.flow.sources(module, value)):
                yield ZonedTime(module, value, last_part(model), *orders[loads])


def _is_of_another_store(app: App, module: Module, call: ast.Call, store: ClassView) -> bool:
    """Return whether a call stands in a store that has no part in the one that compares."""
    around = module.enclosing_class(call)
    others = {each.view.own.node for each in stores(app)}.difference(each.node for each in store.classes)
    return around is not None and around in others


def _stamped(app: App, module: Module, call: ast.Call) -> str | None:
    """Return the class of a thread or item that a call makes."""
    if any(each.arg is None for each in call.keywords):
        return None
    name = sdk_name(app, module, call.func)
    union = contract_for(app, module.source.path).union(ITEM)
    known = {THREAD, WHOLE_THREAD, *(union.members if union is not None else ())}
    return name if name in known else None


def order_in_memory(app: App, loads: str) -> tuple[ClassView, PlacedExpr] | None:
    """Return the store in memory whose method puts what it loads in order by its time, and where it does."""
    for view in used_stores(app):
        method = view.method(loads)
        if method is None or not is_in_memory(view) or evens_out(app, view, loads):
            continue
        for frame in reached(app, CallFrame(method[0].module, method[1])):
            for call in own_calls(frame):
                if _orders(call) or _has_it_ordered(app, frame.module, call):
                    return view, PlacedExpr(frame.module, call)
    return None


def evens_out(app: App, view: ClassView, loads: str, words: tuple[str, ...] = _EVENS_OUT) -> bool:
    """Return whether the methods that load and save one kind of thing, or what they call, bring times to one kind."""
    for name in (loads, *_SAVES[loads]):
        method = view.method(name)
        frames = reached(app, CallFrame(method[0].module, method[1])) if method is not None else ()
        for frame in frames:
            texts = _named(app, frame.module, frame.function) if frame.function is not None else ()
            if any(word in text for text in texts for word in words):
                return True
    return False


def _named(app: App, module: Module, function: FunctionNode) -> Iterator[str]:
    """Yield the text of a function, and of those that it names, as `map(_aware, items)` does without a call."""
    yield module.location(function).text
    names = {each.attr for each in walk(function) if isinstance(each, ast.Attribute)}
    yield from (module.location(each).text for each in module.functions() if each.name in names)
    for name in walk(function):
        found = app.symbols.definition(module, name) if isinstance(name, ast.Name) else None
        if found is not None and found.module is not None and found.binding is not None:
            meant = found.function_node or found.class_node or found.binding.value
            if meant is not None:
                yield found.module.location(meant).text


def _orders(call: ast.Call) -> bool:
    """Return whether a call sorts by the time itself: not by a text or a number made of it."""
    return _name_of(call) in _SORTS and _is_by_time(argument(call, _BY_NAME, _KEY))


def _has_it_ordered(app: App, module: Module, call: ast.Call) -> bool:
    """Return whether a call gives a function of the project the time to sort by, as `_page(rows, sort_key=…)` does."""
    keys = {each.arg for each in call.keywords if _is_by_time(each.value)}
    found = app.flow.function(module, call) if keys else None
    return found is not None and any(
        isinstance(each, ast.Call)
        and _name_of(each) in _SORTS
        and isinstance(key := argument(each, _BY_NAME, _KEY), ast.Name)
        and key.id in keys
        for each in own_nodes(found[1])
    )


def _name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_by_time(key: ast.expr | None) -> bool:
    """Return whether a key of a sort is the time itself, or what it is where there is one."""
    if isinstance(key, ast.Call):
        return any(isinstance(each, ast.Constant) and each.value == MADE_AT for each in key.args[:1])
    body = key.body if isinstance(key, ast.Lambda) else None
    first = body.elts[0] if isinstance(body, ast.Tuple) and body.elts else body
    if isinstance(first, ast.BoolOp):
        # `thread.created_at or datetime.min`
        first = first.values[0]
    match first:
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=name), *_]):
            return name == MADE_AT
        case ast.Attribute(attr=name):
            return name == MADE_AT
    return False


def _is_zoned(app: App, value: PlacedExpr) -> bool:
    match value.expr:
        case ast.Call(func=ast.Attribute(attr="astimezone")):
            return True
        case ast.Call(func=func) if app.names(value.module).qualified(func) == _NOW:
            zone = argument(value.expr, 0, "tz")
            return zone is not None and not is_none(zone)
    return False
