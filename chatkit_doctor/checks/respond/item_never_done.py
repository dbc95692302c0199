"""Find items that a server shows and never stores, for no Done event follows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.imports.handed_on import is_handed_on
from chatkit_doctor.backend.models.field_edits import removed
from chatkit_doctor.backend.models.values import call_fields
from chatkit_doctor.backend.turns.unfinished import Unfinished, unfinished_items
from chatkit_doctor.contracts.sdk.sdk_names import ADDED, DONE, TYPES
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.words import last_part


def item_never_done(app: App) -> Iterator[Finding]:
    """Find items that a server shows and never stores, for no Done event follows."""
    for found in unfinished_items(app):
        assert found.answer.function is not None
        name = last_part(DONE)
        yield Finding(
            "CK307",
            found.yielded.frame.module.location(found.call.func),
            f"{found.answer.function.name}() yields an item as added and never as done",
            label=f"no {name} follows",
            help=f"yield {name}(item=…) once the item is whole",
            seen_as=SeenAs("gone"),
            fix=None if found.has_updates else _fix(app, found),
        )


def _fix(app: App, found: Unfinished) -> Fix:
    """Return the fix that yields an item which is whole as done, which shows it as well."""

    def build() -> Iterator[Edit]:
        module, name = found.yielded.frame.module, last_part(DONE)
        added = found.call.func
        uses = [each for each in module.nodes(ast.Name) if isinstance(added, ast.Name) and each.id == added.id]
        left = {last_part(ADDED)} if uses == [added] and not is_handed_on(app, module, last_part(ADDED)) else set()
        brought = imported(app.names(module), {TYPES: [name]}, unused=left)
        yield Edit(module.location(found.call.func), brought.local[name])
        # A type that is written out is that of the other event; left out, each event has its own.
        fields = call_fields(found.call)
        if (kind := fields.by_name.get("type")) and (edit := removed(module, fields, kind)):
            yield edit
        yield from brought.edits

    return Fix("yield the item as done", Applicability.UNSAFE, lambda: tuple(build()))
