"""What is left of an object where code assigns to its members or deletes them after it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.records import replace
from chatkit_doctor.web.evaluation.values import ArrayValue, Choice, ObjectValue, UnknownValue, Value

if TYPE_CHECKING:
    from chatkit_doctor.web.scopes import ScopedName, Steps


def changed(value: Value, binding: ScopedName) -> Value:
    """Return a value without what its members held first: one that is assigned to is unknown, a deleted one is gone.

    Whether the change comes before the value is used depends on what runs, so no member of them is known.
    """
    for path in binding.assigned:
        value = _changed_at(value, path, is_removal=False)
    for path in binding.removed:
        value = _changed_at(value, path, is_removal=True)
    return value


def _changed_at(value: Value, path: Steps, *, is_removal: bool) -> Value:
    if not path:
        return UnknownValue(value.document, value.node, "assigned to later")
    step, rest = path[0], path[1:]
    match value:
        case Choice():
            return replace(
                value, options=tuple(_changed_at(each, path, is_removal=is_removal) for each in value.options)
            )
        case ObjectValue() if (entry := value.entries.get(str(step))) is not None:
            others = {name: each for name, each in value.entries.items() if each is not entry}
            if is_removal and not rest:
                return replace(value, entries=others)
            inner = _changed_at(entry.value, rest, is_removal=is_removal)
            return replace(value, entries={**value.entries, entry.name: replace(entry, value=inner)})
        case ArrayValue(items=items) if isinstance(step, int) and step < len(items):
            inner = _changed_at(items[step], rest, is_removal=is_removal)
            return replace(value, items=(*items[:step], inner, *items[step + 1 :]))
    return value
