"""What the rules about parts of the chat share: a switch that is surely on, and the edit that turns it off."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.frontend.options.literals import surely
from chatkit_doctor.frontend.options.readers import for_change
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import BooleanValue, Entry, ObjectValue


def switched_on(options: ObjectValue, path: Sequence[str]) -> Entry | None:
    """Return the entry at a path of options that is surely true; None where it is not, or may not be."""
    current: ObjectValue = options
    for name in path[:-1]:
        entry = surely(current, name)
        if entry is None or not isinstance(entry.value, ObjectValue):
            return None
        current = entry.value
    entry = surely(current, path[-1])
    is_on = entry is not None and isinstance(entry.value, BooleanValue) and entry.value.truth
    return entry if is_on else None


def switch_off(app: App, entry: Entry, name: str) -> Fix | None:
    """Return the fix that turns a part of the chat off; None where others read the switch."""
    fix = Fix(f"switch {name} off", Applicability.UNSAFE, lambda: [Edit(entry.value_location, "false")])
    written = entry.value_location.text == "true"
    return for_change(app, entry.document, entry.value_node, fix) if written else None
