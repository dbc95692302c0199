"""Putting the rows of a paging method into the order that was asked for before any are cut off."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.stores.paging import Paging, PagingPlace
from chatkit_doctor.backend.stores.verdicts import cuts_before_order
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.python.insertion import behind_statement, first_line, indent_of, step_of
from chatkit_doctor.python.module import Module

_IN_PLACE = frozenset({"reverse", "sort"})


def order_fix(paging: Paging) -> Fix | None:
    """Return the fix of a method that keeps its rows in one name; None where what it does is not as plain."""
    place = paging.place
    order = place.parameter("order")
    rows = next((each.value.id for each in limited_slices(place) if isinstance(each.value, ast.Name)), None)
    if order is None or rows is None or any(reading.ascending[0].rows[:2] != (0, 1) for reading in paging.readings):
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
    for each in ast.walk(place.function):
        if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Slice) and each.slice.upper and limit:
            names = _names(each.slice.upper)
            made_of = (
                _names(node.value)
                for node in ast.walk(place.function)
                if isinstance(node, ast.Assign) and any(_binds(node, name) for name in names)
            )
            if limit.arg in names.union(*made_of):
                yield each


def _names(expr: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(expr) if isinstance(part, ast.Name)}


def _binds(statement: ast.stmt, name: str) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(each, ast.Name) and each.id == name for each in targets)


def _moved(place: PagingPlace, first: ast.stmt, rows: str, order: str) -> Sequence[Edit]:
    """Move the statement that orders the rows right behind the one that gets them."""
    module, body = place.module, place.function.body
    ordering = [each for each in body if _orders(each, rows, order)]
    if len(ordering) != 1 or body.index(ordering[0]) < body.index(first) or _changes_in_place(ordering[0]):
        return []
    taken = _whole_lines(module, ordering[0])
    if taken is None:
        return []
    return [behind_statement(module, first, taken.at.text.rstrip("\r\n")), taken]


def _orders(statement: ast.stmt, rows: str, order: str) -> bool:
    if not isinstance(statement, ast.If):
        return False
    names = {each.id for each in ast.walk(statement.test) if isinstance(each, ast.Name)}
    inside = [*statement.body, *statement.orelse]
    return order in names and all(_binds(each, rows) for each in inside)


def _changes_in_place(statement: ast.stmt) -> bool:
    """Return whether a statement reverses or sorts a list itself, which may be the store's own."""
    return any(isinstance(each, ast.Attribute) and each.attr in _IN_PLACE for each in ast.walk(statement))


def _whole_lines(module: Module, statement: ast.stmt) -> Edit | None:
    """Return the edit that takes a statement out with the comments and the empty line above it."""
    source = module.source
    start = source.line_start(first_line(module, statement))
    last = statement.end_lineno or statement.lineno
    end = source.line_start(last) + len(source.line(last))
    following = source.text[end:]
    if source.text[start:end].rstrip() != source.text[start:end].rstrip("\r\n") or not following:
        return None
    # The line break behind it goes too.
    end += 2 if following.startswith("\r\n") else 1
    return Edit(source.location(start, end), "")


def _added(place: PagingPlace, first: ast.stmt, rows: str, order: str) -> Sequence[Edit]:
    """Turn the rows round where the newest are asked for first."""
    module = place.module
    if any(isinstance(each, ast.Name) and each.id == order for each in _loaded(place)):
        return []
    indent, step = indent_of(module, first), step_of(module, first, place.function)
    code = f'{indent}if {order} == "desc":\n{indent}{step}{rows} = {rows}[::-1]'
    return [behind_statement(module, first, code)]


def _loaded(place: PagingPlace) -> Iterator[ast.AST]:
    yield from (part for each in place.function.body for part in ast.walk(each))
