"""Putting the rows of a paging method into the order that was asked for before any are cut off."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.stores.paging import Paging, PagingPlace
from chatkit_doctor.backend.stores.verdicts import cuts_before_order
from chatkit_doctor.checks.store.ordered_query_fix import query_edits
from chatkit_doctor.checks.store.ordered_statement_fix import statement_edits
from chatkit_doctor.checks.store.turned_rows import unturned, whole_lines
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.patterns import regex
from chatkit_doctor.python.insertion import behind_statement, indent_of, step_of
from chatkit_doctor.python.module import walk
from chatkit_doctor.python.removal import without_gap

_LIMIT = regex(r"\bLIMIT\s*+(?:[?:$%@{\d]|\Z)|\bFETCH\s+(?:FIRST|NEXT)\b", re.IGNORECASE)
_IN_PLACE = frozenset({"reverse", "sort"})


def order_fix(paging: Paging) -> Fix | None:
    """Return the fix of a method that asks for rows in one statement or query, or keeps them in one name; else None."""
    return _query_fix(paging) or _rows_fix(paging)


def _query_fix(paging: Paging) -> Fix | None:
    place = paging.place
    order = place.parameter("order")
    plain = unturned(place, order.arg) if order is not None else None
    if order is None or plain is None:
        return None
    edits = statement_edits(place, order.arg) or query_edits(place, order.arg)
    return Fix("ask for the order", Applicability.UNSAFE, lambda: [*edits, *plain]) if edits else None


def _rows_fix(paging: Paging) -> Fix | None:
    place = paging.place
    order = place.parameter("order")
    rows = next((each.value.id for each in limited_slices(place) if isinstance(each.value, ast.Name)), None)
    if order is None or rows is None or any(reading.ascending[0].rows[:2] != (0, 1) for reading in paging.readings):
        return None
    if _asks_for_some(place):
        return None
    first = next((each for each in place.function.body if _binds(each, rows)), None)
    if first is None:
        return None
    edits = (
        _moved(place, first, rows, order.arg) if cuts_before_order(paging) else _added(place, first, rows, order.arg)
    )
    return Fix("order the rows first", Applicability.UNSAFE, lambda: edits) if edits else None


def limited_slices(place: PagingPlace) -> Iterator[ast.Subscript]:
    """Yield the slices of a method whose end is made of its limit."""
    limit = place.parameter("limit")
    if limit is None:
        return
    assigned = [
        each for each in walk(place.function) if isinstance(each, ast.Assign) and limit.arg in _names(each.value)
    ]
    made_of_it = {
        limit.arg,
        *(target.id for each in assigned for target in each.targets if isinstance(target, ast.Name)),
    }
    for each in walk(place.function):
        end = each.slice.upper if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Slice) else None
        if isinstance(each, ast.Subscript) and end is not None and not made_of_it.isdisjoint(_names(end)):
            yield each


def _asks_for_some(place: PagingPlace) -> bool:
    """Return whether a query leaves rows out already, so that turning round what it gives does not help."""
    for each in walk(place.function):
        match each:
            case ast.Constant(value=str(text)) if _LIMIT.search(text):
                return True
            case ast.Call(func=ast.Attribute(attr="limit" | "fetchmany" | "range" | "to_list" | "islice")):
                return True
    return False


def _names(expr: ast.expr) -> set[str]:
    return {part.id for part in walk(expr) if isinstance(part, ast.Name)}


def _binds(statement: ast.stmt, name: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(each, ast.Name) and each.id == name for each in targets)


def _moved(place: PagingPlace, first: ast.stmt, rows: str, order: str) -> Sequence[Edit]:
    """Move the statement that orders the rows right behind the one that gets them."""
    module, body = place.module, place.function.body
    ordering = [each for each in body if _orders(each, rows, order)]
    if len(ordering) != 1 or body.index(ordering[0]) < body.index(first) or _changes_in_place(ordering[0]):
        return []
    taken = whole_lines(module, ordering[0])
    if taken is None:
        return []
    gone = without_gap(module.source, taken.at.start, taken.at.end)
    return [behind_statement(module, first, taken.at.text.rstrip("\r\n")), gone]


def _orders(statement: ast.stmt, rows: str, order: str) -> bool:
    if not isinstance(statement, ast.If):
        return False
    names = {each.id for each in walk(statement.test) if isinstance(each, ast.Name)}
    inside = [*statement.body, *statement.orelse]
    return order in names and all(_binds(each, rows) for each in inside)


def _changes_in_place(statement: ast.stmt) -> bool:
    """Return whether a statement reverses or sorts a list itself, which may be the store's own."""
    return any(isinstance(each, ast.Attribute) and each.attr in _IN_PLACE for each in walk(statement))


def _added(place: PagingPlace, first: ast.stmt, rows: str, order: str) -> Sequence[Edit]:
    """Turn the rows round where the newest are asked for first."""
    module = place.module
    if any(isinstance(each, ast.Name) and each.id == order for each in _loaded(place)):
        return []
    indent, step = indent_of(module, first), step_of(module, first, place.function)
    code = f'{indent}if {order} == "desc":\n{indent}{step}{rows} = {rows}[::-1]'
    return [behind_statement(module, first, code)]


def _loaded(place: PagingPlace) -> Iterator[ast.AST]:
    yield from (part for each in place.function.body for part in walk(each))
