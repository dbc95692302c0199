"""What saving something a second time does to a store: whether the newer takes the place of the older."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

from chatkit_doctor.backend.capabilities import has_attachment_store
from chatkit_doctor.backend.contract import contract_for, target_for
from chatkit_doctor.backend.rehearsal.idents import ROWS, THREAD_ID, model, row_of
from chatkit_doctor.backend.rehearsal.stage import Stage, passes
from chatkit_doctor.backend.runs.frames import CallFrame, reached
from chatkit_doctor.backend.stores.concrete import ConcreteStore, StoreMethod, stores_to_judge
from chatkit_doctor.contracts.sdk.lifetimes import saves_attachments_twice
from chatkit_doctor.contracts.sdk.sdk_names import (
    ADD_ITEM,
    ATTACHMENT,
    ITEM,
    LOAD_ITEMS,
    LOAD_THREADS,
    PAGE,
    SAVE_ATTACHMENT,
    SAVE_ITEM,
    SAVE_THREAD,
    THREAD,
)
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.rehearsal.values import Blank, BlankMethod, Instant, Lost, Thing
from chatkit_doctor.records import dataclass

_ROW = 1
_MARK = "title"
# Errors of databases about a row that is there: asyncpg's UniqueViolationError, SQLAlchemy's and sqlite3's
# IntegrityError, pymongo's DuplicateKeyError, Cosmos' CosmosResourceExistsError.
_REFUSES_A_SECOND = regex(r"Unique|Integrity|Duplicate|Exists|Conflict")
# What is new of something that is saved again.
_NEW_TITLE, _NEW_NOTE, _NEW_STATUS = "a title that is new", "a note that is new", "a status that is new"


class Saving(Enum):
    """What becomes of something that is saved again."""

    REPLACED = "replaced"
    DOUBLED = "doubled"
    LEFT = "left"
    INSERTED = "inserted"
    NOTHING = "nothing"
    STAMPED = "stamped"
    UNTITLED = "untitled"


@dataclass(frozen=True, slots=True)
class Saved:
    """A saving method that does not replace, and what it does."""

    store: ConcreteStore
    method: StoreMethod
    outcome: Saving


def careless_savings(app: App) -> Iterator[Saved]:
    """Yield the saving methods of the app's stores that do something else than replace, in every way through them."""
    seen = set()
    for store in stores_to_judge(app):
        for name in (SAVE_ITEM, SAVE_THREAD, *((SAVE_ATTACHMENT,) if _saves_attachments(app, store) else ())):
            method = store.method(name)
            if method is None or method.only_raises or method.function in seen:
                continue
            outcome = _outcome(app, store, method)
            if outcome is not None and outcome is not Saving.REPLACED:
                seen.add(method.function)
                yield Saved(store, method, outcome)


def _saves_attachments(app: App, store: ConcreteStore) -> bool:
    """Return whether attachments come to the app's servers, and are saved twice by the release that it uses."""
    # Each store asks.
    if app.derive(has_attachment_store) is not True:
        return False
    target = target_for(app, store.view.own.module.source.path)
    return saves_attachments_twice(target.version if target is not None else None)


def writes_to_database(app: App, store: ConcreteStore) -> bool:
    """Return whether a store's items go to a database."""
    found = passes(app, store.view, _writes_items) if store.method(ADD_ITEM) else None
    return any(each.result is True for each in found or ())


def _writes_items(stage: Stage) -> bool:
    stage.call(ADD_ITEM, thread_id=THREAD_ID, item=model(ITEM, _ROW))
    return any(each.kind in {"insert", "ignore", "upsert"} for each in stage.world.trace.stored)


def _outcome(app: App, store: ConcreteStore, method: StoreMethod) -> Saving | None:
    if not method.statements and method.name == SAVE_ATTACHMENT:
        return None
    if not method.statements:
        # Where nothing at all is kept, nothing is asked for.
        other = store.method(ADD_ITEM)
        return Saving.NOTHING if other is not None and other.statements and not other.only_raises else None
    found = passes(app, method.view, lambda stage: _saved_again(app, stage, method.name))
    if found is None:
        return None
    outcomes = {each.result for each in found if each.raised is None and each.result is not None}
    outcome = outcomes.pop() if len(outcomes) == 1 else None
    if outcome is Saving.INSERTED and _catches_what_is_there(app, method):
        return None
    return outcome  # type: ignore[return-value]


def _catches_what_is_there(app: App, method: StoreMethod) -> bool:
    """Return whether a method, or what it calls, goes on after the error with which a database refuses a second row."""
    return any(
        isinstance(each, ast.ExceptHandler)
        and each.type is not None
        and _REFUSES_A_SECOND.search(ast.unparse(each.type)) is not None
        and not isinstance(each.body[-1], ast.Raise)
        for frame in reached(app, CallFrame(method.module, method.function))
        if frame.function is not None
        for each in own_nodes(frame.function)
    )


def _saved_again(app: App, stage: Stage, name: str) -> Saving | None:
    if name == SAVE_THREAD:
        stage.call(SAVE_THREAD, thread=model(THREAD, _ROW))
        stage.begin()
        stage.call(SAVE_THREAD, thread=_whole(app, _changed(model(THREAD, _ROW))))
        written = _written(stage)
        if written is Saving.REPLACED and _drops_title(stage):
            return Saving.UNTITLED
        return written or _kept(stage, LOAD_THREADS)
    if name == SAVE_ATTACHMENT:
        stage.call(SAVE_ATTACHMENT, attachment=model(ATTACHMENT, _ROW))
        stage.begin()
        stage.call(SAVE_ATTACHMENT, attachment=_changed(model(ATTACHMENT, _ROW)))
        return _written(stage)
    thread = model(THREAD, 0)
    thread.attributes["id"] = THREAD_ID
    stage.call(SAVE_THREAD, thread=thread)
    stage.call(ADD_ITEM, thread_id=THREAD_ID, item=model(ITEM, _ROW))
    stage.begin()
    stage.call(SAVE_ITEM, thread_id=THREAD_ID, item=_changed(model(ITEM, _ROW)))
    return _written(stage) or _kept(stage, LOAD_ITEMS)


def _changed(thing: Thing) -> Thing:
    thing.attributes[_MARK] = _NEW_TITLE
    if thing.kind == THREAD:
        thing.attributes["metadata"] = {"note": _NEW_NOTE}
    return thing


def _whole(app: App, thread: Thing) -> Thing:
    """Return a changed thread with every field that the project's release has, and no other attribute."""
    contract = contract_for(app, app.folder).model(THREAD)
    missing = [each for each in (contract.fields if contract else ()) if each not in thread.attributes]
    thread.attributes |= dict.fromkeys(missing) | {"status": Thing("status", {"type": _NEW_STATUS})}
    thread.is_open = contract is None
    return thread


def _drops_title(stage: Stage) -> bool:
    """Return whether a thread's metadata or status is written to a database, and its title surely is not."""
    writes = [(*each.given, each.text) for each in stage.world.trace.stored if each.kind]
    values = [*_parts([*writes, *(value for _, value in stage.machine.changed)])]
    handed = [*_parts(stage.machine.handed_over)]
    texts = [each for each in (*values, *handed) if isinstance(each, str)]
    of_context = {id(each) for each in _within(stage.context)}
    return (
        not any(_NEW_TITLE in each for each in texts)
        and any(mark in each for each in texts for mark in (_NEW_NOTE, _NEW_STATUS))
        # What is not known may be made of the title; what stands in the stored row already is not.
        and not any(isinstance(each, Blank) and each.row is None and id(each) not in of_context for each in values)
        and not _is_handed_over(stage)
    )


def _parts(value: object) -> Iterator[object]:
    """Yield the plain values that a value holds, and the blanks in which nothing known is packed."""
    if isinstance(value, dict):
        yield from _parts([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | set):
        for each in value:
            yield from _parts(each)
    elif isinstance(value, Thing):
        yield from _parts([each for each in value.attributes.values() if not isinstance(each, BlankMethod)])
    elif isinstance(value, Blank) and value.inside is not None:
        yield from _parts(value.inside)
    else:
        yield value


def _within(value: object) -> Iterator[object]:
    """Yield a blank and all that was asked of it."""
    yield value
    for each in value.parts.values() if isinstance(value, Blank) else ():
        yield from _within(each)


def _written(stage: Stage) -> Saving | None:
    """Return what was written to a database; None where nothing was."""
    stored = stage.world.trace.stored
    set_to = [value for row, value in stage.machine.changed if row_of(row) == _ROW]
    kinds = {each.kind for each in stored if each.kind and (_is_about_it(each.given) or each.kind == "insert")}
    if kinds & {"update", "upsert"}:
        return Saving.REPLACED
    if set_to or "stamp" in kinds:
        is_time = all(isinstance(each, Instant) for each in set_to) and not _is_handed_over(stage)
        # A write of which nobody can tell what it is about may be about the rest.
        is_all = not any(each.kind in {"update", "upsert"} for each in stored)
        return Saving.STAMPED if is_time and is_all else Saving.REPLACED
    if "ignore" in kinds:
        return Saving.LEFT
    new = [each for each in stored if each.kind == "insert" and _is_new(each.given)]
    if new:
        return Saving.INSERTED
    if stored or stage.machine.changed:
        raise Lost
    return None


def _is_handed_over(stage: Stage) -> bool:
    """Return whether code that cannot be followed may have changed the row."""
    return any(row_of(each) == _ROW for each in stage.machine.handed_over)


def _is_about_it(given: object) -> bool:
    """Return whether what was written holds the thing that was saved."""
    if isinstance(given, list | tuple):
        return any(map(_is_about_it, given))
    if isinstance(given, dict):
        return any(map(_is_about_it, (*given.keys(), *given.values())))
    if isinstance(given, Thing) and row_of(given) is None:
        return any(map(_is_about_it, given.attributes.values()))
    return row_of(given) == _ROW


def _is_new(given: tuple[object, ...]) -> bool:
    """Return whether what was inserted was made here: an object, or the values of a statement with the thing's id."""
    made = any(isinstance(each, Thing) for each in given)
    found = any(isinstance(each, Blank) and each.row is None and each.inside is None for each in given[:1])
    return (made or _is_about_it(given)) and not (found and not made)


def _kept(stage: Stage, loading: str) -> Saving | None:
    """Return what the store gives after the second saving."""
    if loading == LOAD_ITEMS:
        page = stage.call(loading, thread_id=THREAD_ID, after=None, limit=ROWS, order="asc")
    else:
        page = stage.call(loading, limit=ROWS, after=None, order="asc")
    data = page.attributes.get("data") if isinstance(page, Thing) and page.kind == PAGE else None
    if not isinstance(data, list):
        raise Lost
    same = [each for each in data if row_of(each) == _ROW]
    if not same:
        # Where it is not shown at all, to another user say, nothing can be seen of it.
        return None
    if not all(isinstance(each, Thing) for each in same):
        raise Lost
    marked = [each for each in same if isinstance(each, Thing) and each.attributes.get(_MARK) == _NEW_TITLE]
    if len(same) > 1:
        return Saving.DOUBLED
    if not marked and any(each.attributes.get("metadata") for each in same if isinstance(each, Thing)):
        return Saving.UNTITLED
    return Saving.REPLACED if marked else Saving.LEFT
