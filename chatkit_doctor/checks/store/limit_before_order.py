"""Find paging methods that cut rows off before they are in the order that was asked for, or never look at it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.paging import PagingPlace, pagings
from chatkit_doctor.backend.stores.verdicts import begins_with_newest, cuts_before_order, ignores_order
from chatkit_doctor.checks.store.limit_before_order_fix import limited_slices, order_fix
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ITEMS
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location

_CUT = "cuts rows off before it orders them"
_IGNORED = "gives one order whatever is asked for"


def limit_before_order(app: App) -> Iterator[Finding]:
    """Find paging methods that cut rows off before they are in the order that was asked for, or never look at it."""
    seen: set[ast.AST] = set()
    for paging in pagings(app):
        place = paging.place
        is_cut = cuts_before_order(paging)
        is_newest = begins_with_newest(paging)
        # Threads are asked for newest first; the newest items, turned round for asc, are what a page wants to show.
        if is_newest and (is_cut or paging.method.name != LOAD_ITEMS):
            continue
        if place.function in seen or not (is_cut or ignores_order(paging)):
            continue
        seen.add(place.function)
        yield Finding(
            "CK206",
            _cut(place) if is_cut else _order(place),
            f"{place.title} {_CUT if is_cut else _IGNORED}",
            label="the oldest rows, also for desc" if is_cut else "asc and desc begin with the same rows",
            help="first the order, then the rows behind after, then the limit",
            seen_as=None if is_newest else SeenAs("last" if paging.method.name == LOAD_ITEMS else "list"),
            fix=order_fix(paging),
        )


def _cut(place: PagingPlace) -> Location:
    cut = next(iter(limited_slices(place)), None)
    return place.module.location(cut) if cut is not None else place.module.name_location(place.function)


def _order(place: PagingPlace) -> Location:
    order = place.parameter("order")
    return place.module.parameter_location(order) if order else place.module.name_location(place.function)
