"""Return the fix that yields an item as a Done event."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.turns.answers import Yielded
from chatkit_doctor.contracts.sdk.sdk_names import DONE, TYPES
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.words import last_part


def done_fix(app: App, each: Yielded) -> Fix:
    """Return the fix that yields an item as a Done event, by which the server shows and stores it."""

    def build() -> Iterator[Edit]:
        module, event = each.frame.module, last_part(DONE)
        brought = imported(app.names(module), {TYPES: [event]})
        at = module.location(each.value)
        yield Edit(module.source.location(at.start, at.start), f"{brought.local[event]}(item=")
        yield Edit(module.source.location(at.end, at.end), ")")
        yield from brought.edits

    return Fix("yield the item as done", Applicability.UNSAFE, lambda: tuple(build()))
