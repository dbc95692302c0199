"""What the paging methods of a store give for five rows, two a page, page after page, in both orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.backend.rehearsal.idents import IDS, PAGE_SIZE, ROWS, THREAD_ID, row_named_in, row_of
from chatkit_doctor.backend.rehearsal.stage import Stage, passes
from chatkit_doctor.backend.stores.concrete import StoreMethod, stores_to_judge
from chatkit_doctor.contracts.mistakes import meant_field
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ITEMS, LOAD_THREADS, PAGE
from chatkit_doctor.project.app import App
from chatkit_doctor.python.rehearsal.values import Blank, Lost, Thing
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    import ast

    from chatkit_doctor.python.module import FunctionNode, Module

_MOST_PAGES = 5


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page that a store gave.

    rows: the numbers of its rows, oldest 0. after: whether it has a cursor. made_at: the call that makes it.
    kinds: the classes of its rows as far as they are built field by field; "" for one that is read whole.
    is_renamed: whether its rows have other ids than in the database, of which nobody can tell how they are read back.
    """

    rows: tuple[int, ...]
    has_more: bool
    after: bool
    made_at: tuple[Module, ast.Call]
    kinds: frozenset[str]
    is_renamed: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The pages of one way through a method, in both orders; the page after one without a cursor is asked for too.

    is_whole: whether all pages could be followed; otherwise they are the first ones. is_own: whether its rows are what
    the store's own methods were given, with ChatKit's ids, and not those of a database.
    """

    ascending: tuple[SeenPage, ...]
    descending: tuple[SeenPage, ...]
    is_whole: bool
    has_compared_ids: bool
    is_own: bool

    @property
    def both(self) -> tuple[tuple[SeenPage, ...], tuple[SeenPage, ...]]:
        """Return the pages of each order."""
        return self.ascending, self.descending


@dataclass(frozen=True, slots=True)
class PagingPlace:
    """A function that pages. title: what people call it."""

    module: Module
    function: FunctionNode
    title: str

    def parameter(self, name: str) -> ast.arg | None:
        """Return the parameter of a name that the SDK gives it."""
        arguments = self.function.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        return next((each for each in every if each.arg == name), None)


@dataclass(frozen=True, slots=True)
class Paging:
    """A paging method of a store, and all ways through it that give rows."""

    method: StoreMethod
    readings: tuple[Reading, ...]

    def takes(self, *names: str) -> bool:
        """Return whether the method has the SDK's parameters of these names, or takes them by position."""
        arguments = self.method.function.args
        taken = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        is_short = len(taken) < (6 if self.method.name == LOAD_ITEMS else 5)
        return not is_short or arguments.kwarg is not None or set(names) <= set(taken)

    @property
    def place(self) -> PagingPlace:
        """Return the function that makes the page: the method itself, or a helper that pages for it."""
        module, call = self.readings[0].ascending[0].made_at
        function = module.enclosing_function(call)
        names = {each.arg for each in function.args.args + function.args.kwonlyargs} if function else set()
        if function is None or function is self.method.function or not {"limit", "order"} <= names:
            return PagingPlace(self.method.module, self.method.function, self.method.title)
        return PagingPlace(module, function, function.name)


def pagings(app: App) -> tuple[Paging, ...]:
    """Return the paging methods of the app's stores that could be followed."""
    return app.derive(_pagings)


def _pagings(app: App) -> tuple[Paging, ...]:
    return tuple(_each(app))


def _each(app: App) -> Iterator[Paging]:
    seen = set()
    for store in stores_to_judge(app):
        for name in (LOAD_ITEMS, LOAD_THREADS):
            method = store.method(name)
            if method is None or method.only_raises:
                continue
            readings = _readings(app, method)
            if readings and (method.function, readings) not in seen:
                seen.add((method.function, readings))
                yield Paging(method, readings)


def _readings(app: App, method: StoreMethod) -> tuple[Reading, ...]:
    for is_filled in (False, True):
        found = passes(app, method.view, lambda stage: _read(stage, method.name, is_filled))  # noqa: B023 - at once
        if found is None:
            return ()
        readings = [each.result for each in found if each.raised is None]
        known = tuple(
            each for each in readings if isinstance(each, Reading) and any(page.rows for page in each.ascending)
        )
        if known:
            return known
    return ()


def _read(stage: Stage, name: str, is_filled: bool) -> Reading:
    if is_filled:
        stage.with_items() if name == LOAD_ITEMS else stage.with_threads()
    ascending, is_known = _walk(stage, name, "asc")
    descending, is_known_too = _walk(stage, name, "desc")
    has_compared_ids = stage.world.trace.has_compared_ids
    return Reading(ascending, descending, is_known and is_known_too, has_compared_ids, is_filled)


def _walk(stage: Stage, name: str, order: str) -> tuple[tuple[SeenPage, ...], bool]:
    """Return the pages of one order, and whether all of them could be followed."""
    pages: list[SeenPage] = []
    after: object = None
    for _ in range(_MOST_PAGES):
        try:
            if name == LOAD_ITEMS:
                result = stage.call(name, thread_id=THREAD_ID, after=after, limit=PAGE_SIZE, order=order)
            else:
                result = stage.call(name, limit=PAGE_SIZE, after=after, order=order)
            page = _seen(result)
        except Lost:
            if not pages:
                raise
            # What the first page says holds, whatever the next ones would.
            return tuple(pages), False
        pages.append(page)
        if not page.has_more or not page.rows:
            break
        if page.is_renamed:
            return tuple(pages), False
        assert isinstance(result, Thing)
        row = row_of(_field(result, "after", None))
        if page.after and row is None:
            return tuple(pages), False
        after = IDS[row if row is not None and page.after else page.rows[-1]]
    return tuple(pages), True


def _field(page: Thing, name: str, default: object) -> object:
    """Return a field of a page, also where it was given by a name that stands for it."""
    if name in page.attributes:
        return page.attributes[name]
    meant = (each for each in page.attributes if (known := meant_field(PAGE, each)) and known.field == name)
    return next((page.attributes[each] for each in meant), default)


def _seen(result: object) -> SeenPage:
    """Return what a page says. Raises Lost where it is none, or where nobody can tell what it says."""
    if not isinstance(result, Thing) or result.kind != PAGE or result.made_at is None:
        raise Lost
    data, has_more, after = _field(result, "data", []), _field(result, "has_more", False), _field(result, "after", None)
    if not isinstance(data, list) or not isinstance(has_more, bool):
        raise Lost
    rows = [row_of(each) for each in data]
    renamed = [_renamed(each) if row is None else None for each, row in zip(data, rows, strict=True)]
    rows = [row if row is not None else other for row, other in zip(rows, renamed, strict=True)]
    if any(row is None or row >= ROWS for row in rows) or (isinstance(after, Blank) and after.row is None):
        raise Lost
    kinds = frozenset(each.kind if isinstance(each, Thing) and each.made_at else "" for each in data)
    known = tuple(row for row in rows if row is not None)
    is_renamed = any(each is not None for each in renamed)
    return SeenPage(known, has_more, bool(after), result.made_at, kinds, is_renamed)


def _renamed(row: object) -> int | None:
    """Return which row an object is of whose id was made of the row's; None where that is not known."""
    return row_named_in(row.attributes.get("id")) if isinstance(row, Thing) and row.made_at is not None else None
