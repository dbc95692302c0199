"""Stores that make a thread where none is stored under the id that they are asked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.rehearsal.idents import ABSENT
from chatkit_doctor.backend.rehearsal.stage import passes
from chatkit_doctor.backend.stores.concrete import StoreMethod, stores_to_judge
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_THREAD, NOT_FOUND, THREAD, WHOLE_THREAD
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.rehearsal.passes import Way
from chatkit_doctor.python.rehearsal.values import Instant, Thing
from chatkit_doctor.records import dataclass

_NOW = regex(r"(?:^|_|\b)(?:utc)?now(?:_|\b)")

# How a time is written as a text.
_TEXTS = {"isoformat"}


@dataclass(frozen=True, slots=True)
class InventedThread:
    """A loading method and the call in it, or in what it calls, that makes a thread of the id and of this moment."""

    method: StoreMethod
    module: Module
    call: ast.Call


def invented_threads(app: App) -> Iterator[InventedThread]:
    """Yield the loading methods that give a new thread for an id that is not stored, and say of none that it is not."""
    for store in stores_to_judge(app):
        method = store.method(LOAD_THREAD)
        if method is None or method.only_raises:
            continue
        made = _made(app, passes(app, method.view, lambda stage: stage.load(LOAD_THREAD, ABSENT)) or ())
        if made is not None:
            yield InventedThread(method, *made)


def _made(app: App, ways: Sequence[Way]) -> tuple[Module, ast.Call] | None:
    if any(_is_refused(each) for each in ways):
        return None
    return next((made for each in ways if (made := _made_now(app, each.result)) is not None), None)


def _is_refused(way: Way) -> bool:
    if way.raised is None:
        return way.result is None
    value = way.raised.value
    return isinstance(value, Thing) and value.kind.rpartition(".")[2] == NOT_FOUND.rpartition(".")[2]


def _made_now(app: App, result: object) -> tuple[Module, ast.Call] | None:
    """Return where a thread is made that has the id and the present time; one of a row has the row's."""
    if not isinstance(result, Thing) or result.kind not in {THREAD, WHOLE_THREAD} or result.made_at is None:
        return None
    if result.attributes.get("id") != ABSENT or not isinstance(result.attributes.get("created_at"), Instant):
        return None
    given = next((each.value for each in result.made_at[1].keywords if each.arg == "created_at"), None)
    return result.made_at if given is not None and _is_now(app, result.made_at[0], given) else None


def _is_now(app: App, module: Module, given: ast.expr) -> bool:
    """Return whether a time is the present one, or a text of it, and never a row's."""
    while isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute) and given.func.attr in _TEXTS:
        given = given.func.value
    if isinstance(given, ast.Name) and _NOW.search(given.id):
        return True
    sources = (each.expr for each in app.flow.sources(module, given))
    return all(isinstance(each, ast.Call) and _NOW.search(ast.unparse(each.func)) for each in sources)
