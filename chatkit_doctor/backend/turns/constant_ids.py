"""Items that an answer stores under an id which is written in the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.turns.stored_items import StoredItem, stored_items
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class ConstantId:
    """An item with a literal id. id: as it is given. text: what it is."""

    item: StoredItem
    id: ast.expr
    text: str


def constant_ids(app: App) -> Iterator[ConstantId]:
    """Yield the items of answers that are stored under the same id each time."""
    for item in stored_items(app):
        given = item.given("id")
        values = [each.expr for each in app.flow.sources(item.made.module, given)] if given is not None else []
        if len(values) == 1 and isinstance(values[0], ast.Constant) and isinstance(values[0].value, str):
            assert given is not None
            yield ConstantId(item, given, values[0].value)
