"""Whether a store keeps the very objects that it is given, or hands out those that it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import partial

from chatkit_doctor.backend.rehearsal.idents import IDS, THREAD_ID, model
from chatkit_doctor.backend.rehearsal.stage import Stage, passes
from chatkit_doctor.backend.stores.concrete import ConcreteStore, StoreMethod, stores_to_judge
from chatkit_doctor.contracts.sdk.sdk_names import (
    ADD_ITEM,
    ITEM,
    LOAD_ITEM,
    LOAD_THREAD,
    SAVE_THREAD,
    THREAD,
)
from chatkit_doctor.project.app import App
from chatkit_doctor.python.rehearsal.values import Lost, Thing
from chatkit_doctor.records import dataclass

_ROW = 1
_MARK = "title"


class Alias(Enum):
    """Where the object inside a store and the one outside are the same."""

    NONE = "none"
    KEPT = "kept"
    HANDED_OUT = "handed out"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class SharedPart:
    """What a store shares with its callers: its threads or its items, by their class, and the methods that do so."""

    what: str
    alias: Alias
    saving: StoreMethod
    loading: StoreMethod


@dataclass(frozen=True, slots=True)
class AliasedStore:
    """A store that shares its threads, its items, or both."""

    store: ConcreteStore
    parts: tuple[SharedPart, ...]


def aliased_stores(app: App) -> Iterator[AliasedStore]:
    """Yield the stores that share what they keep, in every way through their methods."""
    for store in stores_to_judge(app):
        parts = tuple(part for what in (THREAD, ITEM) if (part := _shared(app, store, what)) is not None)
        if parts:
            yield AliasedStore(store, parts)


def _shared(app: App, store: ConcreteStore, what: str) -> SharedPart | None:
    saving = store.method(SAVE_THREAD if what == THREAD else ADD_ITEM)
    loading = store.method(LOAD_THREAD if what == THREAD else LOAD_ITEM)
    if saving is None or loading is None:
        return None
    found = passes(app, store.view, partial(_alias, what=what))
    aliases = {each.result for each in found or () if each.raised is None}
    alias = aliases.pop() if len(aliases) == 1 else None
    if not isinstance(alias, Alias) or alias is Alias.NONE:
        return None
    return SharedPart(what, alias, saving, loading)


def _alias(stage: Stage, what: str) -> Alias:
    given = model(what, _ROW)
    if what == THREAD:
        stage.call(SAVE_THREAD, thread=given)
    else:
        thread = model(THREAD, 0)
        thread.attributes["id"] = THREAD_ID
        stage.call(SAVE_THREAD, thread=thread)
        stage.call(ADD_ITEM, thread_id=THREAD_ID, item=given)
    given.attributes[_MARK] = "changed by the caller"
    loaded = _loaded(stage, what)
    is_kept = loaded.attributes.get(_MARK) == "changed by the caller"
    loaded.attributes[_MARK] = "changed by the reader"
    is_handed_out = _loaded(stage, what).attributes.get(_MARK) == "changed by the reader"
    if is_kept:
        return Alias.BOTH if is_handed_out else Alias.KEPT
    return Alias.HANDED_OUT if is_handed_out else Alias.NONE


def _loaded(stage: Stage, what: str) -> Thing:
    found = stage.load(LOAD_THREAD if what == THREAD else LOAD_ITEM, IDS[_ROW])
    if not isinstance(found, Thing) or stage.world.trace.stored:
        raise Lost
    return found
