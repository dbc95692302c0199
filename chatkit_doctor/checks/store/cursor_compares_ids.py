"""Find pages that go by random ids: behind the cursor's while their rows are in another order, or in that order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.paging import PagingPlace, pagings
from chatkit_doctor.backend.stores.verdicts import loses_rows_by_ids, orders_by_ids
from chatkit_doctor.contracts.sdk.sdk_names import GENERATE_ITEM_ID, GENERATE_THREAD_ID, LOAD_ITEMS
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import walk
from chatkit_doctor.source import Location

_MAKERS = frozenset({GENERATE_ITEM_ID, GENERATE_THREAD_ID, "default_generate_id"})


def cursor_compares_ids(app: App) -> Iterator[Finding]:
    """Find pages that go by ids: behind the cursor's while their rows are in another order, or in that of the ids."""
    seen: set[ast.AST] = set()
    for paging in pagings(app):
        place = paging.place
        is_ordered_so = orders_by_ids(paging) and not app.derive(_makes_ids)
        if place.function in seen or not (is_ordered_so or loses_rows_by_ids(paging)):
            continue
        seen.add(place.function)
        rows = {"rows": "messages" if paging.method.name == LOAD_ITEMS else "threads"}
        yield Finding(
            "CK207",
            _comparison(place),
            f"{place.title} puts the rows in the order of their ids, which ChatKit makes at random"
            if is_ordered_so
            else f"{place.title} goes on where ids are beyond after, and its rows are in another order",
            label="ids say nothing about time" if is_ordered_so else "ids are random: this leaves rows out",
            help="order the rows by their time, and go on behind the place of the row whose id is after"
            if is_ordered_so
            else "find the row whose id is after, and go on behind its place or its time",
            seen_as=SeenAs("mixed" if is_ordered_so else "gaps", rows),
        )


def _makes_ids(app: App) -> bool:
    """Return whether the app puts something of its own in the place of what makes ids, which may grow with time."""
    return any(
        each.attr in _MAKERS and isinstance(each.ctx, ast.Store)
        for module in app.modules()
        for each in module.nodes(ast.Attribute)
    )


def _comparison(place: PagingPlace) -> Location:
    """Return where `after` is compared in the function, else where it is named."""
    for each in walk(place.function):
        if isinstance(each, ast.Compare) and isinstance(each.ops[0], ast.Lt | ast.Gt):
            sides = [each.left, *each.comparators]
            if any(isinstance(side, ast.Name) and side.id == "after" for side in sides):
                return place.module.location(each)
    parameter = place.parameter("after")
    return place.module.parameter_location(parameter) if parameter else place.module.name_location(place.function)
