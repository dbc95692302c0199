"""The fix of a saving method that adds a new row of an ORM: the session merges it into the one of the same key."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from chatkit_doctor.backend.rehearsal.inserts import is_of_the_first
from chatkit_doctor.backend.stores.concrete import StoreMethod
from chatkit_doctor.backend.stores.mapped_rows import AddedRow, added_row
from chatkit_doctor.backend.stores.saving import Saved, Saving
from chatkit_doctor.checks.store.method_body import is_of, parameters, written_here
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.module import FunctionNode

_INSERTING = (Saving.INSERTED, Saving.NOTHING)


def merging_fix(app: App, saved: Saved) -> Fix | None:
    """Return the fix; None where the row's key is not given, or something in the row would be made anew."""
    if saved.outcome not in _INSERTING:
        return None
    edits = written_here(saved, lambda method: _edits(app, method))
    return Fix("merge the row into the one of the same key", Applicability.UNSAFE, lambda: edits) if edits else None


def _edits(app: App, method: StoreMethod) -> Sequence[Edit]:
    found = added_row(app, method.module, method.function)
    if found is None or not _says_all(found, method.function):
        return []
    assert isinstance(found.call.func, ast.Attribute)
    session = found.module.location(found.call.func.value).text
    merged = f"{'await ' if found.is_awaited else ''}{session}.merge({found.module.location(found.call.args[0]).text})"
    is_used = found.name and any(
        isinstance(each, ast.Name) and each.id == found.name and each.lineno > (found.call.end_lineno or 0)
        for each in own_nodes(method.function)
    )
    return [Edit(found.module.location(found.call), f"{found.name} = {merged}" if is_used else merged)]


def _says_all(found: AddedRow, function: FunctionNode) -> bool:
    """Return whether a row has its key, and would bring nothing into the row that is there but what is saved."""
    given = {each.arg: each.value for each in found.made.keywords}
    if found.made.args or None in given or not found.mapped.key <= set(given):
        return False
    if found.mapped.is_filled and not found.mapped.columns <= set(given):
        return False
    what = parameters(function)[-2]
    return all(is_of(function, value, what) for name, value in given.items() if name and is_of_the_first(name))
