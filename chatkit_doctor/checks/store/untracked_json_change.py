"""Find changes in place of JSON columns, which SQLAlchemy does not save."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.json_columns import UnseenChange, unseen_changes
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App


def untracked_json_change(app: App) -> Iterator[Finding]:
    """Find changes in place of JSON columns, which SQLAlchemy does not save."""
    for found in unseen_changes(app):
        held = f"{found.row}.{found.column}"
        named = held if found.name == held else f"{held}, by the name of {found.name},"
        yield Finding(
            "CK215",
            found.module.location(found.change),
            f"{named} is changed in place, and it is a JSON column of {found.class_}",
            label="SQLAlchemy does not notice this",
            help=f"assign a new value to {held}, or call flag_modified({found.row}, {found.column!r})",
            seen_as=SeenAs("lost", {"column": found.column}),
            fix=_fix(found),
        )


def _fix(found: UnseenChange) -> Fix | None:
    """Return the fix of an `append` that stands alone: a new list, with the value at its end."""
    module, call = found.module, found.change
    if not isinstance(call, ast.Call):
        return None
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    is_alone = isinstance(module.parents[call], ast.Expr)
    if method != "append" or not is_alone or len(call.args) != 1 or call.keywords or "#" in module.location(call).text:
        return None
    held = f"{found.row}.{found.column}"
    targets = held if found.name == held else f"{held} = {found.name}"
    edit = Edit(module.location(call), f"{targets} = [*{found.name}, {module.location(call.args[0]).text}]")
    return Fix("assign a new list", Applicability.SAFE, lambda: [edit])
