"""What the loading methods of a store hand to the server: for what is there, and for what is not."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import partial

from chatkit_doctor.backend.abstract import declares_abstract_methods
from chatkit_doctor.backend.rehearsal.idents import ABSENT, IDS, PAGE_SIZE, THREAD_ID, model
from chatkit_doctor.backend.rehearsal.stage import Stage, passes
from chatkit_doctor.backend.stores.concrete import ConcreteStore, StoreMethod, stores_to_judge
from chatkit_doctor.contracts.sdk.sdk_names import (
    LOAD_ATTACHMENT,
    LOAD_ITEM,
    LOAD_ITEMS,
    LOAD_THREAD,
    LOAD_THREADS,
    PAGE,
    SAVE_ATTACHMENT,
    SAVE_THREAD,
    THREAD,
    WHOLE_THREAD,
)
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import walk
from chatkit_doctor.python.rehearsal.values import Blank, Thing
from chatkit_doctor.records import dataclass

_PAGE_OF = "a Page of "
_ROWS = {LOAD_THREADS: " of ThreadMetadata", LOAD_ITEMS: " of ThreadItem"}
_ONE = {LOAD_THREAD: THREAD, LOAD_ITEM: "ThreadItem", LOAD_ATTACHMENT: "Attachment"}


@dataclass(frozen=True, slots=True)
class WrongReturn:
    """A method that gives something else than the server reads. given, read: what each is called.

    is_of_nothing: whether it does so where nothing is stored yet.
    """

    method: StoreMethod
    given: str
    read: str
    is_of_nothing: bool = False

    @property
    def article(self) -> str:
        """Return `a` or `an`, for what the server reads."""
        return "an" if self.read.startswith("A") else "a"


def wrong_returns(app: App) -> Iterator[WrongReturn]:
    """Yield the methods that give a list, a dict or a whole thread where the server reads something else."""
    for store in stores_to_judge(app):
        for name in (LOAD_THREADS, LOAD_ITEMS):
            method = _followed(store, name)
            given = _wrong(app, method, partial(_page, name=name)) if method else None
            if method is not None and given is not None:
                rows = _ROWS[name] if given.startswith(_PAGE_OF) else ""
                yield WrongReturn(method, given, f"Page{rows}")
            elif method is not None and not method.statements:
                if _is_left_to_others(app, method):
                    continue
                yield WrongReturn(method, "None", "Page")
            elif method is not None and name == LOAD_THREADS and (given := _of_nothing(app, method)) is not None:
                # That is how a new user begins; a thread that is loaded has items.
                yield WrongReturn(method, given, "Page", is_of_nothing=True)
        for name, read in _ONE.items():
            method = _followed(store, name)
            given = _one(app, method) if method else None
            if method is not None and given is not None:
                yield WrongReturn(method, given, read.rpartition(".")[2])


def _is_left_to_others(app: App, method: StoreMethod) -> bool:
    """Return whether a method that does nothing is another's to fill: of a subclass, or of what decorates the class."""
    view = method.view
    return (
        bool(app.hierarchy.subclasses(view))
        or any(each.node.decorator_list for each in view.classes)
        or declares_abstract_methods(app, view.own)
    )


def keeps_whole_threads(app: App) -> Iterator[tuple[StoreMethod, StoreMethod]]:
    """Yield the saving and the loading method of each store that gives back the whole Thread that it was given."""
    for store in stores_to_judge(app):
        saving, loading = _followed(store, SAVE_THREAD), _followed(store, LOAD_THREAD)
        if saving is None or loading is None:
            continue
        found = passes(app, store.view, _whole_thread)
        kinds = {
            each.result.kind if isinstance(each.result, Thing) else "" for each in found or () if each.raised is None
        }
        if kinds == {WHOLE_THREAD}:
            yield saving, loading


def _whole_thread(stage: Stage) -> object:
    thread = model(WHOLE_THREAD, 1)
    # What it is, is known: a Thread, with items.
    thread.is_open = False
    thread.attributes["items"] = Blank()
    stage.call(SAVE_THREAD, thread=thread)
    return stage.load(LOAD_THREAD, IDS[1])


def nothing_found(app: App) -> Iterator[StoreMethod]:
    """Yield the methods that can give None for what is not there."""
    for store in stores_to_judge(app):
        for name in _ONE:
            method = _followed(store, name)
            if method is None or (name == LOAD_ATTACHMENT and not _keeps_attachments(store)):
                continue
            found = passes(app, method.view, partial(_loaded, name=name, ident=ABSENT))
            if any(each.raised is None and each.result is None for each in found or ()):
                yield method


def _followed(store: ConcreteStore, name: str) -> StoreMethod | None:
    method = store.method(name)
    return None if method is None or method.only_raises else method


def _keeps_attachments(store: ConcreteStore) -> bool:
    """Return whether a store does anything with attachments, so that one may be asked for."""
    saving = store.method(SAVE_ATTACHMENT)
    return saving is not None and bool(saving.statements) and not saving.only_raises


def _page(stage: Stage, name: str) -> object:
    if name == LOAD_ITEMS:
        return stage.call(name, thread_id=THREAD_ID, after=None, limit=PAGE_SIZE, order="asc")
    return stage.call(name, limit=PAGE_SIZE, after=None, order="asc")


def _loaded(stage: Stage, name: str, ident: str) -> object:
    return stage.load(name, ident)


def _one(app: App, method: StoreMethod) -> str | None:
    """Return what a method gives for a thing that is there, or for one that is not, where that is wrong."""
    return _wrong(app, method, partial(_loaded, name=method.name, ident=IDS[1])) or _wrong(
        app, method, partial(_loaded, name=method.name, ident=ABSENT)
    )


def _wrong(app: App, method: StoreMethod, play: Callable[[Stage], object]) -> str | None:
    """Return what a method gives, where each way through it that gives anything gives the same wrong kind."""
    found = passes(app, method.view, play)
    given = [each.result for each in found or () if each.raised is None and each.result is not None]
    kinds = {_kind(each, method.name) for each in given}
    return kinds.pop() if len(kinds) == 1 else None


def _of_nothing(app: App, method: StoreMethod) -> str | None:
    """Return what a method gives for a page where nothing is stored yet, if no way through it gives a page."""
    if any(isinstance(each, ast.Name) and each.id == "super" for each in walk(method.function)):
        return None

    def play(stage: Stage) -> object:
        stage.world.trace.is_empty = True
        return _page(stage, method.name)

    found = passes(app, method.view, play)
    kinds = {
        "None" if each.result is None else _kind(each.result, method.name)
        for each in found or ()
        if each.raised is None
    }
    return kinds.pop() if len(kinds) == 1 else None


def _kind(value: object, name: str) -> str | None:
    """Return what a value is called where it is of a wrong kind, None where it may be right."""
    for kind, called in ((dict, "a dict"), (list, "a list"), (tuple, "a tuple"), (str, "a text")):
        if isinstance(value, kind):
            return called
    if isinstance(value, Blank) and value.is_dict:
        return "a dict"
    if isinstance(value, Thing) and value.kind == WHOLE_THREAD and name == LOAD_THREAD:
        return "a Thread"
    if isinstance(value, Thing) and value.kind == PAGE:
        data = value.attributes.get("data")
        return _kind_of_page(data, name) if isinstance(data, list) and data else None
    return None


def _kind_of_page(data: list[object], name: str) -> str | None:
    if name == LOAD_THREADS and all(isinstance(each, Thing) and each.kind == WHOLE_THREAD for each in data):
        return f"{_PAGE_OF}Thread"
    if all(isinstance(each, dict) or (isinstance(each, Blank) and each.is_dict) for each in data):
        return f"{_PAGE_OF}dict"
    return None
