"""Find runs that are given the oldest items of a thread, so that what was said last never reaches the model."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.history.loads import begins_anywhere, constants, history_loads
from chatkit_doctor.checks.respond.oldest_history_first_fix import newest_items_fix
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App

_OLDEST_FIRST = "asc"


def oldest_history_first(app: App) -> Iterator[Finding]:
    """Find runs that are given the oldest items of a thread, so that what was said last never reaches the model."""
    for load in history_loads(app):
        limits = constants(app, load.frame, load.limit)
        order = load.order
        if order is None or constants(app, load.frame, order) != [_OLDEST_FIRST] or begins_anywhere(app, load):
            continue
        if not limits or len(set(limits)) > 1 or not isinstance(limits[0], int):
            continue
        limit = limits[0]
        yield Finding(
            "CK304",
            load.frame.module.location(order),
            f"of a thread with more than {limit} items, the model is given the oldest {limit} as its history",
            label="the oldest first",
            help='load them with order="desc", the newest first, and turn them round before the model gets them',
            seen_as=SeenAs("forgets", {"limit": str(limit)}),
            fix=newest_items_fix(app, load),
        )
